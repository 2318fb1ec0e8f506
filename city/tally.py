"""A sum over days that is the same each week but for some days: holidays, make-up workdays.

Both questions, how much until a day and on which day so much is reached, take the logarithm of the
number of exceptional days, however far away the day is.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Tally:
    """A sum over days: the same each week, but for some days that have another amount."""

    week: tuple[int, ...]  # amount of each weekday
    others: Mapping[int, int]  # day number → amount
    _until: tuple[int, ...] = field(init=False)  # sum of a week before its nth day
    _days: tuple[int, ...] = field(init=False)
    _surplus: tuple[int, ...] = field(init=False)  # of other days before the nth of them

    def __post_init__(self) -> None:
        days = tuple(sorted(self.others))
        extra = (self.others[day] - self.week[day % 7] for day in days)
        object.__setattr__(self, "_until", tuple(accumulate(self.week, initial=0)))
        object.__setattr__(self, "_days", days)
        object.__setattr__(self, "_surplus", tuple(accumulate(extra, initial=0)))

    def before(self, day: int) -> int:
        """The sum of all days from the epoch up to this one, itself left out."""
        weeks, weekday = divmod(day, 7)
        regular = weeks * self._until[7] + self._until[weekday]
        return regular + self._surplus[bisect_left(self._days, day)]

    def day_reaching(self, amount: Fraction | int, first: int) -> int:
        """The earliest day, `first` or later, at whose end the sum is at least `amount`."""
        ahead = 8
        while self.before(first + ahead) < amount:
            ahead *= 2
        days = range(first, first + ahead)
        return days[bisect_left(days, amount, key=lambda day: self.before(day + 1))]
