"""What a stored payload says beyond its columns; it is in the words of our own contract."""

from collections.abc import Mapping
from typing import Any

import msgspec

Json = dict[str, Any]

UNKNOWN, ONLINE, OFFLINE = 0, 1, 2
PRESENCE = {"online": ONLINE, "offline": OFFLINE}

_decoder = msgspec.json.Decoder()


def facts(payload: bytes) -> Json:
    """The payload as an object; empty when it is none."""
    try:
        found = _decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def values(said: Mapping[str, Any]) -> Json:
    """The measured values."""
    found = said.get("values")
    return found if isinstance(found, dict) else {}


def presence(payload: bytes) -> int:
    """What a state payload says: `online` and `offline`, bare or as JSON."""
    word = payload.strip().strip(b'"').decode(errors="replace")
    if word.startswith("{"):
        word = str(facts(payload).get("state", ""))
    return PRESENCE.get(word, UNKNOWN)


def period_s(said: Mapping[str, Any]) -> float | None:
    """The period that a registration agrees on."""
    period = said.get("period_s")
    if isinstance(period, bool) or not isinstance(period, int | float) or period <= 0:
        return None
    return float(period)
