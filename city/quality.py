"""How far a reading can be trusted, as flags that add up."""

from enum import IntFlag


class Quality(IntFlag):
    """Remarks on one reading. None set: good and on time."""

    GOOD = 0
    CLOCK_AHEAD = 1
    OUT_OF_RANGE = 2
    OUT_OF_BOUNDS = 4
    SAID_UNCERTAIN = 8
    SAID_BAD = 16
    LATE = 32
    NO_SEQUENCE = 64


# LATE and NO_SEQUENCE are remarks, not doubts.
UNCERTAIN = (
    Quality.CLOCK_AHEAD
    | Quality.OUT_OF_RANGE
    | Quality.OUT_OF_BOUNDS
    | Quality.SAID_UNCERTAIN
    | Quality.SAID_BAD
)

# No rule judges what is impossible, called bad by its sender, or older than a day.
NOT_JUDGED = Quality.OUT_OF_RANGE | Quality.SAID_BAD | Quality.LATE

REASONS = {
    Quality.CLOCK_AHEAD: "clock_ahead",
    Quality.OUT_OF_RANGE: "out_of_range",
    Quality.OUT_OF_BOUNDS: "out_of_bounds",
    Quality.SAID_UNCERTAIN: "said_uncertain",
    Quality.SAID_BAD: "said_bad",
}


def reasons(quality: int) -> tuple[str, ...]:
    """Why a reading is uncertain; empty when it is not."""
    return tuple(word for flag, word in REASONS.items() if quality & flag)
