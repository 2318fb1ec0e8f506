"""Public warnings: drafts, their approvals, and what was issued; every step is on record."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from city import cap
from city.case_bounds import CityFacts
from city.case_scope import sees
from city.case_table import Move
from city.cases import Case, Order
from city.mode import Mode
from city.refusal import Conflict, Forbidden, Malformed, NotFound
from city.roles import Actor, Right
from city.warning_text import changed, suggested
from city.warnings import (
    REASON,
    WHAT,
    Message,
    Stand,
    Warned,
    approved,
    drafted,
    has_both,
    issued,
    must_be_followable,
    reference,
    refused,
    signature,
    withdrawn,
)
from store import keys
from store.books import Page
from store.case_packing import known
from store.cases import CaseStore
from store.client import Client
from store.ledger import Ledger, encode
from store.mode import standing_in
from store.reach import reaching

WARNING, LAST = "warning", "last"
SERIALS = range(10)
Change = Callable[[Page, Warned], Warned]

warned_of = msgspec.json.Decoder(Warned).decode


class WarningStore:
    """The room of warnings, numbered W1, W2, …"""

    def __init__(
        self, client: Client, ledger: Ledger, cases: CaseStore, city: Callable[[], CityFacts]
    ) -> None:
        self._redis = client
        self._ledger = ledger
        self._cases = cases
        self._city = city

    def get(self, warning_id: str) -> Warned:
        """A warning as it stands; NotFound where there is none."""
        with reaching():
            packed = self._redis.hget(keys.WARNINGS, warning_id)
        return found(packed, warning_id)

    def newest(self, most: int = 100) -> list[Warned]:
        """The last ones, newest first."""
        with reaching():
            last = int(self._redis.hget(keys.WARNINGS, LAST) or 0)
            names = [f"W{one}" for one in range(last, max(0, last - most), -1)]
            packed = self._redis.hmget(keys.WARNINGS, names) if names else []
        return [warned_of(one) for one in packed if one]

    def xml(self, warned: Warned) -> str:
        """It as CAP 1.2; a draft says that it is one."""
        city = self._city()
        return cap.xml(warned, city.warnings, city.calendar.zone)

    def draft(self, case_id: str, given: Mapping[str, Any], actor: Actor) -> Warned:
        """A draft from a case, with what was filled in."""

        def act(page: Page) -> Warned:
            case, city = self._seen(page, case_id, actor), self._city()
            known_type = city.filing.type_of(case.kind, case.type)
            content = suggested(case, known_type, city.warnings, actor.at_ms)
            warned = Warned(self._next(page), case_id, Message.ALERT, changed(content, given),
                            signature(actor), sender=city.warnings.sender,
                            sender_name=city.warnings.sender_name)  # fmt: skip
            return keep(page, warned)

        return self._write(act, actor, "draft", Right.DRAFT_WARNINGS, case=case_id)

    def follow(
        self, warning_id: str, message: Message, given: Mapping[str, Any], actor: Actor
    ) -> Warned:
        """A draft that updates or cancels one that was issued; a cancel says why (`reason`)."""
        fields = dict(given)
        reason = str(fields.pop("reason", "") or "").strip()

        def act(page: Page) -> Warned:
            before = self._known(page, warning_id, actor)
            must_be_followable(before, actor)
            if message is Message.CANCEL and not reason:
                raise Malformed("missing", what=REASON)
            new = replace(
                before, id=self._next(page), message=message, drafted=signature(actor),
                content=changed(before.content, fields), stand=Stand.DRAFT, ended=None,
                approvals=(), reason=reason, follows=before.id, identifier="", sent_ms=0,
                text_sent="", references=(*before.references, reference(before)),
            )  # fmt: skip
            keep(page, replace(before, pending=new.id))
            return keep(page, new)

        return self._write(act, actor, message, Right.DRAFT_WARNINGS, follows=warning_id)

    def change(self, warning_id: str, given: Mapping[str, Any], actor: Actor) -> Warned:
        """Another text of a draft; whoever approved has to look again."""

        def turn(_page: Page, warned: Warned) -> Warned:
            actor.seat.require(Right.DRAFT_WARNINGS)
            return drafted(warned, changed(warned.content, given))

        return self._turn(warning_id, "change", turn, actor)

    def approve(self, warning_id: str, actor: Actor) -> Warned:
        """One more person agrees; with the second it is issued at once."""

        def turn(page: Page, warned: Warned) -> Warned:
            after = approved(warned, actor)
            return self._issue(page, after, actor) if has_both(after) else after

        return self._turn(warning_id, "approve", turn, actor)

    def refuse(self, warning_id: str, reason: str, actor: Actor) -> Warned:
        """One who could approve does not."""

        def turn(page: Page, warned: Warned) -> Warned:
            return self._given_up(page, refused(warned, reason, actor))

        return self._turn(warning_id, "refuse", turn, actor, reason)

    def withdraw(self, warning_id: str, actor: Actor) -> Warned:
        """Whoever drafted it takes it back."""

        def turn(page: Page, warned: Warned) -> Warned:
            return self._given_up(page, withdrawn(warned, actor))

        return self._turn(warning_id, "withdraw", turn, actor)

    def sees(self, warned: Warned, actor: Actor) -> bool:
        """Whether a seat may look at it: as at its case."""
        return any(sees(actor.seat, case) for case in self._cases.some([warned.case_id]))

    def _issue(self, page: Page, warned: Warned, actor: Actor) -> Warned:
        city = self._city()
        zone, at_ms = city.calendar.zone, actor.at_ms
        if standing_in(page).mode is Mode.EXERCISE:
            content = replace(warned.content, status="Exercise")
            warned = replace(warned, content=content)
        number = self._identifier(page, warned.sender, at_ms)
        page.put(keys.WARNINGS, number, warned.id.encode())
        if warned.follows:
            before = found(page.get(keys.WARNINGS, warned.follows), warned.follows)
            keep(page, replace(before, pending="", replaced_by=warned.id))
        facts = {"warning": warned.id, "message": str(warned.message)}
        self._cases.note_in(page, warned.case_id, Order(Move.ISSUE_WARNING, facts), actor)
        page.detail |= {"identifier": number, "status": warned.content.status}
        return issued(warned, number, cap.written(at_ms, zone), at_ms)

    def _identifier(self, page: Page, sender: str, at_ms: int) -> str:
        """The first of the ten numbers of this second that nobody has."""
        zone = self._city().calendar.zone
        names = (cap.identifier(sender, at_ms, serial, zone) for serial in SERIALS)
        free = next((one for one in names if not page.get(keys.WARNINGS, one)), None)
        if free is None:
            raise Conflict("warning_too_many")
        return free

    def _given_up(self, page: Page, warned: Warned) -> Warned:
        """What it would have followed can be followed by another."""
        if warned.follows:
            before = found(page.get(keys.WARNINGS, warned.follows), warned.follows)
            keep(page, replace(before, pending=""))
        return warned

    def _turn(
        self, warning_id: str, deed: str, turn: Change, actor: Actor, reason: str = ""
    ) -> Warned:
        def act(page: Page) -> Warned:
            return keep(page, turn(page, self._known(page, warning_id, actor)))

        draft = actor.draft(f"{WARNING}.{deed}", f"{WARNING}/{warning_id}", reason=reason)
        return self._ledger.write(act, draft)

    def _write(
        self, act: Callable[[Page], Warned], actor: Actor, deed: str, right: Right, **detail: str
    ) -> Warned:
        actor.seat.require(right)
        return self._ledger.write(act, actor.draft(f"{WARNING}.{deed}", WARNING, **detail))

    def _known(self, page: Page, warning_id: str, actor: Actor) -> Warned:
        warned = found(page.get(keys.WARNINGS, warning_id), warning_id)
        self._seen(page, warned.case_id, actor)
        return warned

    def _seen(self, page: Page, case_id: str, actor: Actor) -> Case:
        case = known(page.get(keys.CASES, case_id), case_id)
        if not sees(actor.seat, case):
            raise Forbidden("other_scope")
        return case

    def _next(self, page: Page) -> str:
        number = int(page.get(keys.WARNINGS, LAST) or 0) + 1
        page.put(keys.WARNINGS, LAST, b"%d" % number)
        return f"W{number}"


def found(packed: bytes | None, warning_id: str) -> Warned:
    """The warning, or NotFound."""
    if packed is None or not packed.startswith(b"{"):
        raise NotFound("not_found", name=warning_id, what=WHAT)
    return warned_of(packed)


def keep(page: Page, warned: Warned) -> Warned:
    """Into the books."""
    page.put(keys.WARNINGS, warned.id, encode(warned))
    page.subject = f"{WARNING}/{warned.id}"
    page.detail |= {"case": warned.case_id, "stand": str(warned.stand)}
    page.changed(WARNING, warned.id)
    return warned
