"""Notices: what departments were told of cases; each is told once, and seen by whoever says so."""

from collections.abc import Sequence

import msgspec

from city.notices import WHAT, Notice, Seen
from city.refusal import Forbidden, NotFound
from city.roles import Actor
from store import keys
from store.books import Page
from store.client import Client
from store.ledger import Ledger, encode
from store.reach import reaching

notice_of = msgspec.json.Decoder(Notice).decode
seen_of = msgspec.json.Decoder(Seen).decode
MOST = 500


class NoticeStore:
    """The room of notices, by department."""

    def __init__(self, client: Client, ledger: Ledger) -> None:
        self._redis = client
        self._ledger = ledger

    def of(self, department: str, most: int = MOST) -> Sequence[tuple[Notice, Seen | None]]:
        """The newest of a department first, each with who has seen it."""
        with reaching():
            lines = self._redis.lrange(keys.notices(department), -most, -1)
            found = [notice_of(line) for line in reversed(lines)]
            names = [one.id for one in found]
            seen = self._redis.hmget(keys.NOTICES_SEEN, names) if names else []
        return [(one, seen_of(by) if by else None) for one, by in zip(found, seen, strict=True)]

    def see(self, department: str, notice_id: str, actor: Actor) -> Notice:
        """Somebody of the department has read it; the first who did stays on record."""
        if actor.seat.department and actor.seat.department != department:
            raise Forbidden("other_scope")
        draft = actor.draft("notice.see", f"notice/{notice_id}")
        return self._ledger.write(lambda page: see_in(page, department, notice_id, actor), draft)


def see_in(page: Page, department: str, notice_id: str, actor: Actor) -> Notice:
    """The same on a page of the books."""
    each = map(notice_of, page.lines(keys.notices(department)))
    notice = next((one for one in each if one.id == notice_id), None)
    if notice is None:
        raise NotFound("not_found", name=notice_id, what=WHAT)
    if page.get(keys.NOTICES_SEEN, notice_id):
        page.is_silent = True
        return notice
    seen = Seen(actor.seat.account, actor.seat.name, actor.at_ms)
    page.put(keys.NOTICES_SEEN, notice_id, encode(seen))
    page.changed("notice", department)
    return notice
