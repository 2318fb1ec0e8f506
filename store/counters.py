"""The counters of a feed as fields of a hash: `feed|what`, both ways."""

from collections.abc import Iterator, Mapping

from city.health import DELAY_EDGES_MS, Tally

ACCEPTED, DUPLICATE, LATE, UNCERTAIN = "accepted", "duplicate", "late", "uncertain"
REJECTED, DELAY, HEARD = "rejected", "delay", "heard_ms"
COUNTED = (ACCEPTED, DUPLICATE, LATE, UNCERTAIN)
DEAD = "dead"  # of all feeds: moves whenever a letter is buried
OPEN = "inf"
EDGES = (*map(str, DELAY_EDGES_MS), OPEN)
BUCKETS = {edge: bucket for bucket, edge in enumerate(EDGES)}


def additions(tallies: Mapping[str, Tally]) -> Iterator[tuple[str, int]]:
    """What to add to which field; nothing for what did not happen."""
    for feed, tally in tallies.items():
        for what in COUNTED:
            count = getattr(tally, what)
            if count:
                yield f"{feed}|{what}", int(count)
        for reason, count in tally.rejected.items():
            yield f"{feed}|{REJECTED}|{reason}", int(count)
        for bucket, count in tally.delays.items():
            if count:
                yield f"{feed}|{DELAY}|{EDGES[bucket]}", int(count)


def heard(tallies: Mapping[str, Tally]) -> list[str | int]:
    """Field, value, field, value …: when each feed was last heard."""
    return [
        part
        for feed, tally in tallies.items()
        if tally.heard_ms
        for part in (f"{feed}|{HEARD}", int(tally.heard_ms))
    ]
