"""JSON that means one thing only: I-JSON (RFC 7493), finite numbers, not too deep."""

import json
import re
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any, Never

import msgspec

from feeds.standards.refusals import BadMessage, Reason

DEEPEST = 32
LARGEST = 64 * 1024
MOST_INT = 2**63
SHOWN = 40  # letters of a sender's text that a sentence repeats
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_OPENING, _CLOSING = b"{[", b"}]"
_NOT_PLAIN = object()


class _Doubtful(Exception):
    """Not certainly good; the careful way has to tell."""


def read_object(payload: bytes) -> dict[str, Any]:
    """The JSON object that a payload is, or BadMessage."""
    document = read(payload)
    if not isinstance(document, dict):
        raise BadMessage(Reason.BAD_SHAPE, "The payload is not a JSON object `{…}`.")
    return document


def read(payload: bytes) -> Any:
    """The JSON value that a payload is, or BadMessage."""
    text = _text(payload)
    plain = _read_plain(payload)
    if plain is not _NOT_PLAIN:
        return plain
    if depth(payload) > DEEPEST:
        raise BadMessage(Reason.TOO_DEEP, f"Objects and lists are nested more than {DEEPEST} deep.")
    return _whole(_careful(text))


def _careful(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise BadMessage(
            Reason.NOT_JSON, f"The payload is not JSON: {error.msg} at character {error.pos}."
        ) from None


def _whole(found: Any) -> Any:
    """RFC 7493 §2.1: no text holds half of a surrogate pair, which `\\u` can write."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise BadMessage(
            Reason.NOT_UTF8, "A text holds half of a surrogate pair, which is no letter."
        ) from None
    return found


def _read_plain(payload: bytes) -> Any:
    try:
        return _plain(payload, DEEPEST)
    except _Doubtful:
        return _NOT_PLAIN


def is_plain_list(text: bytes) -> bool:
    """Whether a text is a list of good values for certain."""
    try:
        return isinstance(_plain(text, DEEPEST + 1), list)
    except _Doubtful:
        return False


def _plain(text: bytes, levels: int) -> Any:
    """The quick way for what is certainly good: every quote is that of a key or a text we got."""
    if b"\\" in text:
        raise _Doubtful
    try:
        found = msgspec.json.decode(text)
        quotes = 2 * _texts(found, levels)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _Doubtful from None
    if quotes != text.count(b'"'):
        raise _Doubtful
    return found


def _texts(value: Any, levels: int) -> int:
    """How many keys and texts a value has, or _Doubtful."""
    kind = type(value)
    if kind is str:
        return 1
    if kind is int and not -MOST_INT <= value <= MOST_INT:
        raise _Doubtful
    if kind is dict:
        return len(value) + _texts_within(value.values(), levels)
    return _texts_within(value, levels) if kind is list else 0


def _texts_within(values: Iterable[Any], levels: int) -> int:
    if not levels:
        raise _Doubtful
    count = 0
    for value in values:
        count += _texts(value, levels - 1)
    return count


def depth(payload: bytes) -> int:
    """How deep objects and lists are nested; brackets inside strings do not count."""
    if payload.count(b"{") + payload.count(b"[") <= DEEPEST:
        return 0  # too few of them to matter
    level = deepest = 0
    for byte in _STRINGS.sub(b"", payload):
        if byte in _OPENING:
            level += 1
            deepest = max(deepest, level)
        elif byte in _CLOSING:
            level -= 1
    return deepest


def shown(value: object) -> str:
    """A sender's value, short enough for a sentence."""
    text = repr(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _text(payload: bytes) -> str:
    if len(payload) > LARGEST:
        raise BadMessage(
            Reason.TOO_LARGE, f"The payload has {len(payload)} bytes; at most {LARGEST} are taken."
        )
    try:
        return payload.decode()
    except UnicodeDecodeError as error:
        raise BadMessage(
            Reason.NOT_UTF8, f"Byte {error.start} of the payload is not UTF-8."
        ) from None


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadMessage(
            Reason.DUPLICATE_KEY, f"The field {shown(twice)} stands twice in one object."
        )
    return found


def _float(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        _refuse_number(text)
    return number


def _int(text: str) -> int:
    if len(text) > len(str(2**63)) and not isfinite(float(text)):
        _refuse_number(text)
    return int(text)


def _refuse_number(text: str) -> Never:
    raise BadMessage(
        Reason.NOT_FINITE, f"{shown(text)[1:-1]} is not a finite number; send null for no value."
    )


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_float,
    parse_int=_int,
    parse_constant=_refuse_number,
)
