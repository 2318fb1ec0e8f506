"""The board of units lives: columns by status, as the map shows them too."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dash import Input, Output

from callbacks.asking import sight_asked
from callbacks.case_desk import naming_asked
from callbacks.desk import Desk
from callbacks.dispatch_desk import commander
from callbacks.wiring import wiring
from city.units import Unit
from layouts import dispatch_ids, ids
from layouts.case_naming import Naming
from layouts.panels.dispatch_board import Board, UnitCard, shown

MINUTE_S = 60


@wiring.on(
    Output(dispatch_ids.BOARD, "data"),
    Input(ids.pulse("fleet"), "data"),
    Input(ids.pulse("units"), "data"),
    Input(dispatch_ids.BOARD_VIEW, "data"),
    Input(ids.SCOPE, "data"),
)
def refresh_board(
    desk: Desk, _fleet: int | None, _units: int | None, chosen: Sequence[str] | None, area: str
) -> Any:
    """All units of the scope, each in its column."""
    commander(desk)
    naming = naming_asked(desk)
    found = [one for one in units_seen(desk) if not area or one.area.startswith(area)]
    return shown(board_of(desk, found, frozenset(chosen or ()), naming), naming.words)


def units_seen(desk: Desk) -> list[Unit]:
    """The units that the seat may see, as they stand now."""
    return desk.store.units.all(desk.now_ms(), sight_asked(desk))


def board_of(desk: Desk, units: Sequence[Unit], chosen: frozenset[str], naming: Naming) -> Board:
    """Units in plain values; departments in the order of the profile."""
    titles = titles_of(desk, units, naming)
    count = Counter(one.department for one in units)
    places = [one for one in desk.profile.departments if count[one.code]]
    departments = [(one.code, naming.words.pick(one.zh, one.en), count[one.code])
                   for one in places]  # fmt: skip
    return Board(
        units=[card_of(desk, one, titles, naming) for one in units],
        departments=departments,
        chosen=chosen,
        newest_ms=max((one.fix_ms for one in units), default=0) or None,
    )


def titles_of(desk: Desk, units: Sequence[Unit], naming: Naming) -> Mapping[str, str]:
    """What the cases of units at work are called."""
    wanted = sorted({one.work.open[0].case_id for one in units if one.work.open})
    return {case.id: naming.title(case) for case in desk.store.cases.some(wanted)}


def card_of(desk: Desk, unit: Unit, titles: Mapping[str, str], naming: Naming) -> UnitCard:
    """One unit."""
    warn_min, alert_min = desk.profile.dispatch.patience.get(unit.status, (0.0, 0.0))
    return UnitCard(
        id=unit.id,
        name=unit.name(naming.words.lang),
        what=doing(desk, unit, titles, naming),
        status=str(unit.status),
        since_ms=unit.status_since_ms or None,
        warn_s=warn_min * MINUTE_S or None,
        alert_s=alert_min * MINUTE_S or None,
        pos=(unit.point.lon, unit.point.lat) if unit.point else None,
        department=unit.department,
        can_send=True,
        title=f"{unit.name(naming.words.lang)} · {naming.department(unit.department)}",
    )


def doing(desk: Desk, unit: Unit, titles: Mapping[str, str], naming: Naming) -> str:
    """The case it works on, else its own word, else what it is."""
    if unit.work.open:
        return titles.get(unit.work.open[0].case_id, unit.work.open[0].case_id)
    kind = desk.kind(unit.kind)
    return unit.own_status or naming.words.pick(kind.zh, kind.en)
