"""Cases and their entries as bytes; what goes without saying is not written."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any

import msgspec

from city.cases import Case, Entry
from city.refusal import NotFound

WHAT = ("案件", "case")

encode = msgspec.json.Encoder().encode
entry_of = msgspec.json.Decoder(Entry).decode
case_of = msgspec.json.Decoder(Case).decode
UNSAID: Mapping[str, Any] = {
    one.name: msgspec.to_builtins(one.default_factory() if callable(one.default_factory)
                                  else one.default)
    for one in fields(Case)
    if one.default is not MISSING or one.default_factory is not MISSING
}  # fmt: skip


def known(packed: bytes | None, case_id: str) -> Case:
    """The case, or NotFound."""
    if packed is None:
        raise NotFound("not_found", name=case_id, what=WHAT)
    return case_of(packed)


def packed(case: Case) -> bytes:
    """A case as it is kept: without what goes without saying."""
    plain: Mapping[str, Any] = msgspec.to_builtins(case)
    said = {name: value for name, value in plain.items()
            if name not in UNSAID or value != UNSAID[name]}  # fmt: skip
    return encode(said)


def entries_of(lines: Iterable[bytes]) -> list[Entry]:
    """The lines of a log."""
    return [entry_of(line) for line in lines]
