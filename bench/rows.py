"""What a benchmark says: one row of `bench/results.md`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A figure beside its goal; `holds` is None where there is no goal."""

    what: str
    goal: str
    figure: str
    holds: bool | None = None
    note: str = ""

    def __str__(self) -> str:
        word = {True: "reached", False: "**short**", None: ""}[self.holds]
        return f"| {self.what} | {self.goal} | {self.figure} | {word} | {self.note} |"
