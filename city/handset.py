"""What a phone in the field says: its deeds, how they are read, and what stands against them.

A phone in a dead spot keeps what was done and says it later: each deed brings its own key, by
which it is known again, and its own time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from city.case_fields import Unusable, instant, is_number, position, text
from city.cases import Case, Evidence
from city.evidence import OTHER, Media
from city.filing import Filing
from city.order_table import RULES, OrderMove, OrderState
from city.orders import Order
from city.refusal import Conflict, Forbidden, Malformed, say
from city.roles import Seat
from geo.points import Point, distance_m

say({
    "another_account": ("这是另一账号在手机上办理的内容", "Another account did this on the phone"),
    "too_long_ago": ("办理时间超过 {hours} 小时，不能补报", "Done more than {hours} hours ago"),
    "not_there": ("距案发点 {metres} m，{most} m 内才能打卡",
                  "{metres} m from the place: arrival counts within {most} m"),
    "no_fix": ("定位不可用，请拍照到场", "No position that counts: arrive by a photo"),
    "no_arrival_photo": ("人工打卡需先拍一张现场照片", "Arriving by hand needs a photo first"),
    "no_report_yet": ("这张照片所属的上报还没有送达", "The report of this photo has not arrived"),
})  # fmt: skip

CHECK_IN_M = 50.0  # so near the case an arrival counts, and so good a fix must be
LATE_H = 24
AHEAD_MS = 120_000  # a phone's clock that is a little fast is forgiven
ARRIVAL, AFTER = "arrival", "after_photo"  # slots
DOCUMENTS = frozenset({"decision"})  # slots that no camera fills
MORE_SLOTS = {ARRIVAL: ("到场照片", "On arrival"), OTHER: ("其他照片", "Another photo")}
KEY_MOST, TEXT_MOST = 64, 500


class Deed(StrEnum):
    """What is done on a phone."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    DEPART = "depart"
    ARRIVE = "arrive"
    FINISH = "finish"
    FEEDBACK = "feedback"  # once more, after the case came back
    HELP = "help"
    REPORT = "report"
    PHOTO = "photo"


ON_ORDERS: Mapping[Deed, OrderMove] = {
    Deed.ACCEPT: OrderMove.ACCEPT,
    Deed.REFUSE: OrderMove.REFUSE,
    Deed.DEPART: OrderMove.DEPART,
    Deed.ARRIVE: OrderMove.ARRIVE,
    Deed.FINISH: OrderMove.FINISH,
}
# How far along an order is: what it has passed already needs no saying by a phone that was away.
ALONG: Mapping[OrderState, int] = {
    OrderState.ACCEPTED: 1,
    OrderState.EN_ROUTE: 2,
    OrderState.ON_SCENE: 3,
    OrderState.DONE: 4,
}
RESULTS: Mapping[str, tuple[str, str]] = {
    "solved": ("已处置完毕", "Solved"),
    "guarded": ("已临时控制", "Under control"),
    "goes_on": ("需继续处置", "Work goes on"),
    "not_ours": ("非我单位职责", "Not our job"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One deed as it was said. `at_ms` is the phone's time, never later than ours."""

    key: str
    deed: Deed
    at_ms: int
    account: str = ""  # whose phone it was; empty: whoever sends it
    order_id: str = ""
    text: str = ""
    result: str = ""
    measured: str = ""
    pos: tuple[float, float] | None = None
    accuracy_m: float = 0.0
    is_manual: bool = False
    slot: str = ""
    of: str = ""  # the key of the report that a photo belongs to
    report: Mapping[str, Any] = field(default_factory=dict)


def read(body: Mapping[str, Any], received_ms: int) -> Said:
    """A deed out of JSON; raises Malformed."""
    try:
        deed = Deed(str(body.get("action")))
    except ValueError:
        why = ("没有这种操作", "no such action")
        raise Malformed("malformed", what=("操作", "action"), why=why) from None
    key = words(body, "key", KEY_MOST)
    if not key:
        raise Malformed("missing", what=("键", "key"))
    return Said(
        key=key, deed=deed, at_ms=time_of(body, received_ms),
        account=words(body, "account", KEY_MOST), order_id=words(body, "order", KEY_MOST),
        text=words(body, "reason", TEXT_MOST) or words(body, "text", TEXT_MOST),
        result=result_of(body), measured=measured_of(body), pos=place_of(body),
        accuracy_m=metres_of(body), is_manual=body.get("is_manual") is True,
        slot=words(body, "slot", KEY_MOST), of=words(body, "of", KEY_MOST),
        report=reported(body) if deed is Deed.REPORT else {},
    )  # fmt: skip


def words(body: Mapping[str, Any], name: str, most: int) -> str:
    """A text, empty where there is none."""
    try:
        return text(most)(body.get(name) or "")
    except Unusable as trouble:
        raise Malformed("malformed", what=name, why=trouble.why) from None


def time_of(body: Mapping[str, Any], received_ms: int) -> int:
    """When it was done; a phone that was away too long is told so."""
    try:
        at_ms = instant(body["at"]) if body.get("at") else received_ms
    except Unusable as trouble:
        raise Malformed("malformed", what="at", why=trouble.why) from None
    if at_ms < received_ms - LATE_H * 3_600_000:
        raise Conflict("too_long_ago", hours=LATE_H)
    if at_ms > received_ms + AHEAD_MS:
        why = ("时刻在将来", "it lies ahead")
        raise Malformed("malformed", what="at", why=why)
    return min(at_ms, received_ms)


def place_of(body: Mapping[str, Any]) -> tuple[float, float] | None:
    """Where the phone was, if it says so."""
    if body.get("pos") is None:
        return None
    try:
        return position(body["pos"])
    except Unusable as trouble:
        raise Malformed("malformed", what=("位置", "position"), why=trouble.why) from None


def metres_of(body: Mapping[str, Any]) -> float:
    """How sure it was of it."""
    said: Any = body.get("accuracy_m")
    return float(said) if is_number(said) and said >= 0 else 0.0


def result_of(body: Mapping[str, Any]) -> str:
    """What came of the work."""
    said = body.get("result") or ""
    if said and said not in RESULTS:
        why = (f"应为 {'、'.join(RESULTS)} 之一", f"one of {', '.join(RESULTS)}")
        raise Malformed("malformed", what=("结果", "result"), why=why)
    return str(said)


def measured_of(body: Mapping[str, Any]) -> str:
    """What was measured there, as it is written down."""
    said = body.get("measured")
    return f"{said:g}" if is_number(said) else ""


def reported(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a report; the case's own rules read them."""
    told = {name: body.get(name) or "" for name in ("title", "description")}
    told |= {"type": body.get("type"), "kind": body.get("kind") or "event"}
    return told | ({"pos": body["pos"]} if body.get("pos") is not None else {})


def must_be_own(said: Said, seat: Seat) -> None:
    """Raises Forbidden where somebody else did it on this phone."""
    if said.account and said.account != seat.account:
        raise Forbidden("another_account")


def is_moot(said: Said, order: Order) -> bool:
    """Whether the order has come so far already: its vehicle told it, or the desk."""
    wanted = ALONG.get(RULES[ON_ORDERS[said.deed]].target, 0)
    return 0 < wanted <= ALONG.get(order.state, 0)


def must_be_there(said: Said, order: Order, shown: tuple[Evidence, ...]) -> None:
    """Raises Conflict where an arrival is not shown: by a good fix nearby, else by a photo."""
    if order.pos is None:
        return
    if said.is_manual:
        since_ms = order.sent_ms
        if not any(one.slot == ARRIVAL and one.at_ms >= since_ms for one in shown):
            raise Conflict("no_arrival_photo")
        return
    if said.pos is None or said.accuracy_m > CHECK_IN_M:
        raise Conflict("no_fix")
    metres = distance_m(Point(*said.pos), Point(*order.pos))
    if metres > CHECK_IN_M:
        raise Conflict("not_there", metres=round(metres), most=round(CHECK_IN_M))


def must_show(case: Case, filing: Filing) -> None:
    """Raises Conflict where a photo is missing without which work does not count as done."""
    shown = {one.slot for one in case.evidence}
    lacking = next((slot for slot, is_needed in slots_of(case, filing)
                    if is_needed and slot not in shown), "")  # fmt: skip
    if lacking:
        raise Conflict("no_evidence", slot=filing.evidence.get(lacking, (lacking, lacking)))


def slots_of(case: Case, filing: Filing) -> list[tuple[str, bool]]:
    """The photos of a case in the order they are taken, and which must be there."""
    row = filing.condition(case.condition)
    usual = row.evidence if row else ("before_photo", AFTER)
    names = dict.fromkeys((*usual, *case.slots, AFTER))
    order = sorted(names, key=lambda slot: slot == AFTER)
    return [(slot, slot == AFTER or slot in case.slots) for slot in order if slot not in DOCUMENTS]


def pictures(case: Case, slot: str) -> list[Evidence]:
    """The photos in a slot."""
    return [one for one in case.evidence if one.slot == slot and Media(one.media_type).is_picture]


def in_words(said: Said) -> str:
    """What goes into the log of an order or a case, in the city's own language."""
    if said.deed is Deed.HELP:
        return f"请求增援：{said.text}"
    if said.deed is Deed.ARRIVE:
        return "人工打卡，附照片" if said.is_manual else ""
    parts = [RESULTS[said.result][0] if said.result else "", said.text,
             f"现场读数 {said.measured}" if said.measured else ""]  # fmt: skip
    return "；".join(part for part in parts if part)
