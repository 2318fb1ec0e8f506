"""Whether a customer's Redis keeps what it has acknowledged; asked once, at the start."""

from collections.abc import Iterator, Mapping
from typing import Any

import redis

from store.client import Client
from store.reach import reaching

ASKED = "append*", "maxmemory*"
HIDDEN = "does not tell how it keeps its data; an acknowledged message is as safe as it makes it"
OFF = "keeps no append-only file: what was acknowledged can be lost; set appendonly yes"
EACH_SECOND = (
    "writes to disk with appendfsync {}: the last seconds of what was acknowledged can be lost "
    "with the machine; set appendfsync always"
)
EVICTS = "drops keys when its memory is full (maxmemory-policy {}); set noeviction"


def doubts(client: Client) -> list[str]:
    """What is to be said of the server, each the end of a sentence that begins with its name."""
    try:
        with reaching():
            policy = _policy(client)
    except redis.ResponseError:  # also: the account may not ask
        return [HIDDEN]
    return list(_doubts(policy))


def _doubts(policy: Mapping[str, str]) -> Iterator[str]:
    if policy.get("appendonly") != "yes":
        yield OFF
    elif policy.get("appendfsync") != "always":
        yield EACH_SECOND.format(policy.get("appendfsync"))
    eviction = policy.get("maxmemory-policy", "noeviction")
    if policy.get("maxmemory", "0") != "0" and eviction != "noeviction":
        yield EVICTS.format(eviction)


def _policy(client: Client) -> dict[str, str]:
    """The settings asked for; of a cluster those of one node, which the others share."""
    found: dict[str, str] = {}
    for pattern in ASKED:
        said = client.config_get(pattern)
        first = next(iter(said.values()), "")
        found |= {
            _text(k): _text(v) for k, v in (first if isinstance(first, dict) else said).items()
        }
    return found


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
