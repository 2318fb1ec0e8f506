"""The part of the city whose things a seat may look at; equal sights share what is drawn."""

from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from city.roles import SYSTEM, Right, Seat

NOWHERE = 0  # the area of a thing that lies in none


class Sight(NamedTuple):
    """Areas as in `Seat.areas`; a department where only its own things are seen."""

    areas: tuple[str, ...] = ()
    department: str | None = None
    is_blind: bool = False
    beside: frozenset[str] = frozenset()  # departments that are seen as well: of its groups

    def sees(self, thing: str, area: int) -> bool:
        """Whether a thing, `dept/kind/object`, is seen while it is there."""
        department = thing.split("/", 1)[0]
        mine = self.department in (None, department) or department in self.beside
        return mine and not self.is_blind and self.covers(area)

    def covers(self, area: int) -> bool:
        """Whether a place is seen; what lies nowhere is everybody's."""
        if not self.areas or area == NOWHERE:
            return True
        return any(str(area).startswith(one) for one in self.areas)

    def seen(self, areas: np.ndarray, departments: np.ndarray) -> npt.NDArray[np.bool_]:
        """The same for columns; departments as `department_code` has them."""
        if self.is_blind:
            return np.zeros(len(areas), bool)
        found = self.within(areas)
        if self.department is not None:
            codes = [department_code(one) for one in (self.department, *self.beside)]
            found &= np.isin(departments, codes)
        return found

    def within(self, areas: np.ndarray) -> npt.NDArray[np.bool_]:
        """Which places are seen."""
        if not self.areas:
            return np.ones(len(areas), bool)
        return np.isin(areas, [area for area in np.unique(areas).tolist() if self.covers(area)])


EVERYTHING = Sight()
NOTHING = Sight(is_blind=True)


def sight_of(seat: Seat) -> Sight:
    """What a seat may look at; the city itself sees all."""
    if seat == SYSTEM:
        return EVERYTHING
    if not seat.may(Right.VIEW_MAP):
        return NOTHING
    if not seat.own_department_only:
        return Sight(seat.areas)
    lent = (loan.departments for loan in seat.loans if Right.VIEW_MAP in loan.rights)
    return Sight(seat.areas, seat.department, beside=frozenset().union(*lent))


def department_code(department: str) -> int:
    """A number for columns."""
    return crc32(department.encode())


def sees_message(seat: Seat, topic: str, department: str) -> bool:
    """Whether a seat may read a rejected message: by its topic `cb/v1/{adcode}/{dept}/…`, else by
    the department of its feed; where it cannot be told where it is from, only who sees all may."""
    levels = topic.split("/")
    is_ours = levels[:2] == ["cb", "v1"] and len(levels) > 4
    area, department = (levels[2], levels[3]) if is_ours else ("", department)
    if seat.own_department_only and department != seat.department:
        return False
    return not seat.areas or (bool(area) and seat.covers(area))
