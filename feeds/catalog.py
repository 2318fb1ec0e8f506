"""All feeds, found: every file in `feeds/sources` that ends in `FEED = …` is one."""

from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import feeds.sources
from feeds.feed import Feed


@cache
def all_feeds() -> tuple[Feed, ...]:
    """Every feed, by name."""
    found = [_feed(module.name) for module in iter_modules(feeds.sources.__path__)]
    return tuple(sorted(found, key=lambda feed: feed.name))


def _feed(name: str) -> Feed:
    module = import_module(f"{feeds.sources.__name__}.{name}")
    feed: Feed = module.FEED
    return replace(feed, about=(module.__doc__ or "").strip())
