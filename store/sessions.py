"""Logging in and out: sessions are opaque ids in a cookie, digests in the store."""

from dataclasses import replace

import msgspec

from city import totp
from city.accounts import (
    Account,
    Failures,
    SeatRules,
    Session,
    failed,
    is_open,
    refuse_locked,
)
from city.audit import Draft
from city.refusal import Conflict, Refusal
from city.roles import Actor
from store import accounts, keys, secrets
from store.books import Page
from store.client import Client
from store.ledger import Ledger, encode
from store.reach import reaching

TOUCH_EVERY_MS = 30_000
A_DAY_MS = 86_400_000
LONGEST_SESSION_MS = 3 * A_DAY_MS  # the most that the settings allow
_session = msgspec.json.Decoder(Session).decode
_failures = msgspec.json.Decoder(Failures).decode
_account = msgspec.json.Decoder(Account).decode


class Attempt(msgspec.Struct, frozen=True):
    """What somebody typed, and where; `today` is the city's date."""

    account: str
    password: str
    code: str
    address: str
    at_ms: int
    today: str

    def draft(self, action: str, who: Account | None = None) -> Draft:
        """Unknown names are put on record as they were typed, cut."""
        name = self.account[:64]
        role = "+".join(sorted(who.roles)) if who else ""
        return Draft(name, who.name if who else "", role, action, f"account/{name}", self.at_ms,
                     self.address)  # fmt: skip


class SessionStore:
    """Sessions by the digest of their id."""

    def __init__(self, client: Client, ledger: Ledger) -> None:
        self._redis = client
        self._ledger = ledger

    def log_in(self, attempt: Attempt, rules: SeatRules) -> str:
        """The id of a new session; raises Conflict with the tries that are left, or why not."""
        with reaching():
            said = self._redis.hget(keys.ACCOUNTS, attempt.account)
        known = _account(said) if said else None
        # Hashing takes long, so it happens before the books are opened.
        fits = secrets.fits(attempt.password, known.password if known else "")

        def act(page: Page) -> Account | Refusal:
            return self._judged(page, attempt, known if fits else None, rules)

        outcome = self._ledger.write(act, attempt.draft("login", known))
        if isinstance(outcome, Refusal):
            raise outcome
        return self._begin(outcome, attempt.address, attempt.at_ms)

    def enter(self, account: Account, actor: Actor) -> str:
        """A session without a password: demo seats, and after one's own password was changed."""

        def act(page: Page) -> Account:
            one = accounts.get(page, account.account)
            kept = replace(one, login_ms=actor.at_ms, login_address=actor.address)
            page.put(keys.ACCOUNTS, kept.account, encode(kept))
            return kept

        draft = actor.draft("login", f"account/{account.account}")
        return self._begin(self._ledger.write(act, draft), actor.address, actor.at_ms)

    def find(self, secret: str) -> tuple[Session, Account] | None:
        """The session of an id with its account; None where there is none."""
        place = secrets.digest(secret)
        with reaching(), self._redis.pipeline(transaction=False) as pipe:
            pipe.hget(keys.SESSIONS, place)
            pipe.hget(keys.SEEN, place)
            said, seen = pipe.execute()
            if said is None:
                return None
            session = replace(_session(said), seen_ms=int(seen or 0))
            account = self._redis.hget(keys.ACCOUNTS, session.account)
        return (session, _account(account)) if account else None

    def touch(self, secret: str, session: Session, at_ms: int) -> None:
        """Somebody is there; written every half minute at most, and off the record."""
        if at_ms - session.seen_ms < TOUCH_EVERY_MS:
            return
        with reaching():
            self._redis.hset(keys.SEEN, mapping={secrets.digest(secret): str(at_ms)})

    def present(self, since_ms: int) -> frozenset[str]:
        """The accounts at whose pages somebody was since then."""
        with reaching():
            sessions = self._redis.hgetall(keys.SESSIONS)
            seen = self._redis.hgetall(keys.SEEN)
        return frozenset(_session(said).account for place, said in sessions.items()
                         if int(seen.get(place, 0)) >= since_ms)  # fmt: skip

    def log_out(self, secret: str, actor: Actor) -> None:
        """Ends one session."""
        place = secrets.digest(secret)

        def act(page: Page) -> None:
            page.is_silent = page.get(keys.SESSIONS, place) is None
            page.drop(keys.SESSIONS, place)
            page.drop(keys.SEEN, place)

        self._ledger.write(act, actor.draft("logout", f"account/{actor.seat.account}"))

    def log_out_everywhere(self, account: str, actor: Actor) -> None:
        """Ends every session of an account."""

        def act(page: Page) -> None:
            one = accounts.get(page, account)
            accounts.put(page, replace(one, epoch=one.epoch + 1))

        self._ledger.write(act, actor.draft("logout.everywhere", f"account/{account}"))

    def sweep(self, at_ms: int) -> int:
        """Forgets sessions that are over, and failures of yesterday; how many."""
        with reaching():
            sessions = self._redis.hgetall(keys.SESSIONS)
            seen = self._redis.hgetall(keys.SEEN)
            failures = self._redis.hgetall(keys.FAILURES)
        over = [(keys.SESSIONS, place) for place, said in sessions.items()
                if at_ms - _session(said).made_ms > LONGEST_SESSION_MS]  # fmt: skip
        over += [(keys.SEEN, place) for place in seen if place not in sessions]
        over += [(keys.FAILURES, name) for name, said in failures.items()
                 if at_ms - _failures(said).last_ms > A_DAY_MS]  # fmt: skip

        def act(page: Page) -> None:
            for key, name in over:
                page.drop(key, name.decode())

        self._ledger.write(act)
        return len(over)

    def _judged(
        self, page: Page, attempt: Attempt, known: Account | None, rules: SeatRules
    ) -> Account | Refusal:
        """A failure is written down too, so it is an answer here and raised later."""
        said = page.get(keys.FAILURES, attempt.account[:64])
        failures = _failures(said) if said else Failures()
        refuse_locked(failures, attempt.at_ms)
        account = agreed(page, attempt, known)
        if account is None:
            return note_failure(page, attempt, failures, rules)
        if not is_open(account, rules, attempt.today):
            raise Conflict("account_off")
        page.drop(keys.FAILURES, account.account)
        page.put(keys.ACCOUNTS, account.account, encode(account))
        return account

    def _begin(self, account: Account, address: str, at_ms: int) -> str:
        """Always under a new id, so that one planted before the login opens nothing."""
        secret = secrets.new_id()
        session = Session(account.account, account.epoch, at_ms, at_ms, address)
        place = secrets.digest(secret)
        with reaching(), self._redis.pipeline(transaction=False) as pipe:
            pipe.hset(keys.SESSIONS, mapping={place: encode(session)})
            pipe.hset(keys.SEEN, mapping={place: str(at_ms)})
            pipe.execute()
        return secret


def agreed(page: Page, attempt: Attempt, known: Account | None) -> Account | None:
    """The account as it is now, if the password was that of this one and the code fits."""
    if known is None:
        return None
    now = accounts.get(page, known.account)
    if now.password != known.password:
        return None
    step = now.totp_step
    if now.totp:
        found = totp.accepted(now.totp, attempt.code, attempt.at_ms, after=now.totp_step)
        if found is None:
            return None
        step = found
    return replace(now, totp_step=step, login_ms=attempt.at_ms, login_address=attempt.address)


def note_failure(page: Page, attempt: Attempt, before: Failures, rules: SeatRules) -> Refusal:
    """One more failure of this name."""
    now = failed(before, rules, attempt.at_ms)
    page.put(keys.FAILURES, attempt.account[:64], encode(now))
    minutes = round(rules.locked_for.total_seconds() / 60)
    left = rules.most_failures - now.count
    page.detail["failures"] = now.count
    page.failed = "wrong_login" if left > 0 else "locked"
    return Conflict(page.failed, left=left, minutes=minutes)
