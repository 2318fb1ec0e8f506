"""The page of the manual about feeds, written from the catalogue itself."""

from collections.abc import Iterable

from city.kinds import Kind, Quantity
from feeds.catalog import all_feeds
from feeds.feed import Feed
from feeds.standards.refusals import MEANINGS

HEAD = """# Feeds

What the city listens to. Every feed is one file in `feeds/sources`; this page is generated from
them. A message is either understood or kept as a dead letter with one of the reasons below.
"""
CATALOGUE_HEAD = """
| feed | 中文 | | topic filter | period | from | contract |
|---|---|---|---|---|---|---|"""
QUANTITIES_HEAD = """
| quantity | unit | 中文 | | possible | limits Ⅳ Ⅲ Ⅱ Ⅰ |
|---|---|---|---|---|---|"""
REASONS_HEAD = """
## Why a message is refused

| reason | means |
|---|---|"""
LIMITS_NOTE = """
Limits are proposals of this project, never official values, unless marked ✓; the profile of a city
replaces them.
"""


def catalogue_markdown() -> str:
    """The whole page."""
    feeds = all_feeds()
    parts = [HEAD, CATALOGUE_HEAD, *map(_row, feeds), LIMITS_NOTE]
    for feed in feeds:
        parts += [*_chapter(feed)]
    parts += [REASONS_HEAD, *(f"| `{reason}` | {text} |" for reason, text in MEANINGS.items())]
    return "\n".join([*parts, ""])


def _row(feed: Feed) -> str:
    return (
        f"| `{feed.name}` | {feed.zh} | {feed.en} | `{feed.topic_filter}` |"
        f" {feed.period_s:g} s | {feed.department} | {feed.standard} |"
    )


def _chapter(feed: Feed) -> Iterable[str]:
    yield f"\n## {feed.name} · {feed.zh} · {feed.en}\n"
    yield feed.about
    if feed.kind and feed.kind.quantities:
        yield from _quantities(feed.kind)


def _quantities(kind: Kind) -> Iterable[str]:
    yield QUANTITIES_HEAD
    for one in kind.quantities:
        yield (
            f"| `{one.name}` | {one.unit} | {one.zh} | {one.en} |"
            f" {one.low:g} … {one.high:g} | {_limits(one)} |"
        )


def _limits(quantity: Quantity) -> str:
    if quantity.limits is None:
        return ""
    mark = " ✓" if quantity.verified else ""
    return " ".join(f"{limit:g}" for limit in quantity.limits) + mark
