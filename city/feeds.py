"""What the catalogue says of a feed, in plain values, for every view that speaks of suppliers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeedCard:
    """A feed by name; `kind` names the layer it fills, empty where it fills none of its own."""

    name: str
    zh: str
    en: str
    department: str
    period_s: float
    topic_filter: str = ""
    standard: str = ""
    kind: str = ""
