"""Pulses: versions of what panels show, told no oftener than eyes can follow."""

from collections.abc import Mapping

from city.mode import EMERGENCY_PACE_S, Mode

# Seconds between two pulses of a subject (ux-spec: the layers every 5 s, lists coalesced).
PACE_S = {
    "things": 2.0, "feeds": 5.0, "dead": 2.0, "cases": 0.5, "alarms": 0.25, "events": 0.5,
    "audit": 2.0, "handover": 0.5, "mode": 0.25, "groups": 0.5, "closures": 0.5,
    "units": 1.0, "fleet": 2.0, "orders": 0.25,
    "plans": 0.5,
}  # fmt: skip


class Pulses:
    """Versions are instants in ms, so they grow over restarts of the server too."""

    def __init__(self, now_ms: int) -> None:
        self.pace_s: Mapping[str, float] = PACE_S
        self.versions = dict.fromkeys(PACE_S, now_ms)
        self._due: set[str] = set()

    def keep_pace(self, mode: Mode) -> None:
        """Some subjects are told oftener while it is not normal."""
        self.pace_s = PACE_S if mode is Mode.NORMAL else {**PACE_S, **EMERGENCY_PACE_S}

    def touch(self, *subjects: str) -> None:
        """These changed."""
        self._due.update(subjects)

    def take(self, now_ms: int) -> Mapping[str, int]:
        """The subjects that changed and whose time has come, with their new versions."""
        moved = {
            subject: now_ms
            for subject in self._due
            if now_ms - self.versions[subject] >= self.pace_s[subject] * 1000
        }
        self.versions.update(moved)
        self._due -= moved.keys()
        return moved
