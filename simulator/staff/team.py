"""The staff as a team: it looks at the open cases now and then, and everybody does what is his."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from city.case_table import Move
from city.filing import Filing
from city.roles import Role
from simulator.staff import sending
from simulator.staff.habits import HANDS_OFF_S, Intention, intentions
from simulator.staff.office import Office
from simulator.staff.photo import photo
from simulator.staff.watchkeeping import handling

log = logging.getLogger("staff")

Post = tuple[Role, str]  # and the department, where the post belongs to one
Json = Mapping[str, Any]
CHINA = timezone(timedelta(hours=8))
PAGE = 200
MOST_PAGES = 20
OK, DONE, UNREACHED = 200, (200, 201), (429, 503)
REMARKS = {Move.COMMENT, Move.ATTACH, Move.WARN, Move.OVERDUE, Move.ORDER, Move.START_PLAN}
OPEN = "/api/v1/cases?view=open"
WAITING = "/api/v1/alarms?state=active"
CLOSED = "/api/v1/cases?state=closed&sort=updated"
ORDERS = "/api/v1/orders?case="
SEND = "send"
UNIT_SLASHES = 2  # dept/kind/object


@dataclass
class Team:
    """Everybody at his post; `pace` 2: twice as fast."""

    offices: Mapping[Post, Office]
    filing: Filing
    names: frozenset[str]  # accounts of the staff: what others do, visitors did
    pace: float = 1.0
    done: Counter[str] = field(default_factory=Counter)
    known: dict[str, Json] = field(default_factory=dict)  # whole cases, as last read
    refused: set[tuple[str, int, Move, str]] = field(default_factory=set)
    orders: Mapping[str, sending.Orders] = field(default_factory=dict)  # by case
    shown: set[str] = field(default_factory=set)  # orders whose crews have taken their photo

    def turn(self, at: datetime) -> None:
        """Does all that is due."""
        self._see_to_alarms(at)
        looking = self.offices[Role.DISPATCHER, ""]
        listed = [*pages(looking, OPEN, MOST_PAGES), *pages(looking, CLOSED, 1)]
        self.known = {case["id"]: case for one in listed if (case := self._whole(looking, one))}
        self.orders = sending.by_case([*pages(looking, ORDERS, 1)])
        for case in self.known.values():
            orders = self.orders.get(str(case["id"]), ())
            self._follow(case, orders, at)
            left = sending.leaves(case, orders, at)
            for one in intentions(case, self.filing, self.pace):
                if one.move not in left and self._is_due(case, one, at):
                    self._do(case, one, at)

    def _follow(self, case: Json, orders: sending.Orders, at: datetime) -> None:
        """Photos of crews that are there; another unit where the last one did not take it."""
        for one in orders:
            is_ours = one["by"] in self.names and one["order_id"] not in self.shown
            if is_ours and sending.shows(case, one, at, self.pace):
                self.shown.add(str(one["order_id"]))
                self._show(self.offices[Role.UNIT, str(case["lead"])], case, at)
        due_s = sending.next_due_s(case, orders, self.pace)
        if due_s is not None and due_s <= at.timestamp() and orders[-1]["by"] in self.names:
            self._send(case, {"key": f"staff-{case['id']}-{len(orders)}"})

    def _send(self, case: Json, more: Mapping[str, Any]) -> bool:
        """The best unit for a case; whether one was sent."""
        office, path = self.offices[Role.DISPATCHER, ""], f"/api/v1/cases/{case['id']}"
        status, found = office.read(f"{path}/candidates")
        lead = str(more.get("lead") or case["lead"] or "")
        unit = sending.chosen(found["items"], lead) if status == OK else ""
        if not unit:
            return False
        status, _ = office.say(f"{path}/orders", {"unit": unit, "note": sending.NOTE, **more})
        self.done[SEND] += status in DONE
        return status in DONE

    def _see_to_alarms(self, at: datetime) -> None:
        office = self.offices[Role.ACCEPTOR, ""]
        for alarm in pages(office, WAITING, MOST_PAGES):
            one = handling(alarm, self.pace)
            if not alarm["acknowledged"] and one.due_s <= at.timestamp():
                status, _ = office.say(one.path, one.body)
                self.done["alarm"] += status in DONE

    def _whole(self, looking: Office, listed: Json) -> Json | None:
        """A case with all that is known of it, read again where it has moved on."""
        known = self.known.get(listed["id"])
        if known and known["version"] == listed["version"]:
            return known
        status, case = looking.read(f"/api/v1/cases/{listed['id']}")
        return with_seconds(case) if status == 200 else None

    def _is_due(self, case: Json, one: Intention, at: datetime) -> bool:
        if (case["id"], case["version"], one.move, one.department) in self.refused:
            return False
        hands_off = last_hand(case) not in self.names
        waits_s = max(one.due_s, case["updated_s"] + HANDS_OFF_S) if hands_off else one.due_s
        return waits_s <= at.timestamp() and (one.role, one.department) in self.offices

    def _do(self, case: Json, one: Intention, at: datetime) -> None:
        office = self.offices[one.role, one.department]
        version = int(case["version"])
        if one.move == Move.DISPATCH and sending.sends(case):
            key = {"key": f"staff-{case['id']}-0", "version": version}
            if self._send(case, {**one.fields, **key}):
                return
        if one.with_photo:
            version += self._show(office, case, at)
        body = {"move": one.move, "version": version, **one.fields}
        status, answer = office.say(f"/api/v1/cases/{case['id']}/moves", body)
        if status in DONE:
            self.done[one.move] += 1
        elif status not in UNREACHED:
            self.refused.add((str(case["id"]), int(case["version"]), one.move, one.department))
            why = answer.get("detail", "") if answer else ""
            log.debug("refused case=%s move=%s: %s %s", case["id"], one.move, status, why)

    def _show(self, office: Office, case: Json, at: datetime) -> int:
        """Takes the photo of what was done; by how many versions the case moved on."""
        place = (case["pos"][0], case["pos"][1]) if case["pos"] else None
        taken = photo(str(case["id"]), "after_photo", place, at.astimezone(CHINA))
        path = f"/api/v1/cases/{case['id']}/evidence"
        status, _ = office.send_photo(path, taken, {"slot": "after_photo"})
        return int(status in DONE)


def pages(office: Office, path: str, most: int) -> Iterator[Json]:
    """All cases of a list, page by page."""
    cursor: str | None = None
    for _ in range(most):
        more = f"&cursor={cursor}" if cursor else ""
        status, answer = office.read(f"{path}&limit={PAGE}{more}")
        if status != 200:
            return
        yield from answer["items"]
        cursor = answer["next"]
        if cursor is None:
            return


def with_seconds(case: Json) -> Json:
    """The instants of a case as seconds since 1970 too."""
    told = {f"{name}_s": datetime.fromisoformat(case[f"{name}_at"]).timestamp()
            for name in ("opened", "updated")}  # fmt: skip
    return {**case, **told}


def last_hand(case: Json) -> str:
    """Who made the last move; what the city or a crew does by itself is nobody's."""
    moves = [entry for entry in case["log"] if entry["move"] not in REMARKS]
    hands = [str(one["by"]) for one in moves if one["by"].count("/") != UNIT_SLASHES]
    return hands[-1]
