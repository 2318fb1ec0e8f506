"""Who has muted his sound, and until when; each time on record."""

from city.refusal import NotFound
from city.roles import Actor
from city.sounds import muted_until
from store import keys
from store.books import Page
from store.client import Client
from store.ledger import Ledger
from store.reach import reaching


class SoundStore:
    """The room of mutes: one per account."""

    def __init__(self, client: Client, ledger: Ledger) -> None:
        self._redis = client
        self._ledger = ledger

    def muted_until(self, account: str) -> int:
        """Until when (ms) an account hears nothing but level Ⅰ; 0 where it never muted."""
        with reaching():
            found = self._redis.hget(keys.MUTES, account)
        return int(found or 0)

    def mute(self, minutes: int, actor: Actor) -> int:
        """Silence for some minutes; says until when."""
        account = actor.seat.account

        def act(page: Page) -> int:
            until_ms = muted_until(minutes, actor.at_ms)
            page.put(keys.MUTES, account, b"%d" % until_ms)
            page.changed("mute", account)
            return until_ms

        draft = actor.draft("sound.mute", f"account/{account}", minutes=minutes)
        return self._ledger.write(act, draft)

    def unmute(self, actor: Actor) -> None:
        """Sound again, before its time."""
        account = actor.seat.account

        def act(page: Page) -> None:
            if page.get(keys.MUTES, account) is None:
                raise NotFound("not_found", name=account, what=("静音", "mute"))
            page.drop(keys.MUTES, account)
            page.changed("mute", account)

        self._ledger.write(act, actor.draft("sound.unmute", f"account/{account}"))
