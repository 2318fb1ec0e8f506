"""What a list of cases is asked for over HTTP, and where its next page begins."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, HTTPException, Query

from api.instants import ms_of
from api.seating import needs
from city.case_table import CaseState
from city.case_views import ALL, VIEWS, CaseQuery, SortKey
from city.roles import Actor, Right
from store.case_rows import number_of
from store.case_table import CasePage

MOST = 500
T = TypeVar("T")
Words = Annotated[list[str] | None, Query()]


@dataclass
class Filters:
    """Several values, or one with commas, mean any of them."""

    state: Words = None
    severity: Annotated[list[str] | None, Query(description="1 (red) … 4 (blue)")] = None
    area: Annotated[list[str] | None, Query(description="adcode, or its beginning")] = None
    department: Annotated[list[str] | None, Query(description="lead or co-unit")] = None
    source: Words = None
    type: Annotated[list[str] | None, Query(description="four digits, or a class of two")] = None
    from_: Annotated[str | None, Query(alias="from", description="opened at or after")] = None
    to: Annotated[str | None, Query(description="opened at or before")] = None
    q: Annotated[str, Query(max_length=200, description="words in number, title, text")] = ""
    overdue: bool | None = None


@dataclass
class Paging:
    """Which view, in which order, from where on."""

    view: Annotated[str, Query(description=", ".join(VIEWS))] = ALL
    sort: SortKey = SortKey.NEWEST
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100
    cursor: Annotated[str | None, Query(description="`next` of the page before")] = None


def asked_for(
    actor: Annotated[Actor, Depends(needs(Right.VIEW_CASES))],
    filters: Annotated[Filters, Depends()],
    paging: Annotated[Paging, Depends()],
) -> CaseQuery:
    """The query; 422 names the parameter that cannot be read."""
    before, offset = start_of(paging)
    return CaseQuery(
        seat=actor.seat,
        at_ms=actor.at_ms,
        view=checked("view", one_of(VIEWS), paging.view),
        states=frozenset(each("state", CaseState, filters.state)),
        severities=frozenset(each("severity", level, filters.severity)),
        areas=tuple(split(filters.area)),
        departments=frozenset(split(filters.department)),
        sources=frozenset(split(filters.source)),
        types=tuple(split(filters.type)),
        text=filters.q,
        overdue=filters.overdue,
        opened_from_ms=instant("from", filters.from_),
        opened_until_ms=instant("to", filters.to),
        sort=paging.sort,
        before=before,
        offset=offset,
        limit=paging.limit,
    )


def start_of(paging: Paging) -> tuple[str, int]:
    """Behind which case, or how many rows on, a page begins."""
    cursor = paging.cursor or ""
    if not cursor:
        return "", 0
    if paging.sort is SortKey.NEWEST:
        if not number_of(cursor):
            raise HTTPException(422, "cursor: it is no `next` of this list")
        return cursor, 0
    return "", checked("cursor", offset, cursor)


def cursor_after(query: CaseQuery, page: CasePage) -> str | None:
    """Where the next page begins; None after the last."""
    if len(page.rows) < query.limit or page.total <= query.offset + query.limit:
        return None
    if query.sort is SortKey.NEWEST:
        return page.rows[-1].id
    return str(query.offset + query.limit)


def split(words: Iterable[str] | None) -> list[str]:
    """Each of several words, also of those that stand together with commas."""
    return [one for word in words or () for one in word.split(",") if one]


def each(name: str, parse: Callable[[str], T], words: Iterable[str] | None) -> list[T]:
    """Each word's value."""
    return [checked(name, parse, word) for word in split(words)]


def checked(name: str, parse: Callable[[str], T], text: str) -> T:
    """A parameter's value, or 422."""
    try:
        return parse(text)
    except ValueError as trouble:
        raise HTTPException(422, f"{name}: {trouble}") from None


def instant(name: str, text: str | None) -> int | None:
    """Milliseconds of an instant, where one is given."""
    return checked(name, ms_of, text) if text else None


def level(text: str) -> int:
    """A severity."""
    if text not in ("1", "2", "3", "4"):
        raise ValueError("1, 2, 3 or 4")
    return int(text)


def offset(text: str) -> int:
    """How many rows on."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError("it is no `next` of this list")
    return int(text)


def one_of(words: Iterable[str]) -> Callable[[str], str]:
    """One of some words."""
    known = tuple(words)

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"one of {', '.join(known)}")
        return text

    return read
