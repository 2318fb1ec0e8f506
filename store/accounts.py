"""Accounts: who may log in, in which posts, for which part of the city."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec

from city import totp
from city.accounts import (
    Account,
    Failures,
    SeatRules,
    require_lawful,
)
from city.passwords import require_strong
from city.refusal import Conflict, Malformed, NotFound
from city.roles import Actor, Role
from store import keys, secrets
from store.books import Page
from store.client import Client
from store.ledger import Ledger, encode
from store.reach import reaching

Change = Callable[[Account], Account]
WHAT = ("账号", "account")
_account = msgspec.json.Decoder(Account).decode
_failures = msgspec.json.Decoder(Failures).decode


@dataclass(frozen=True, slots=True)
class Post:
    """What a security administrator says of an account."""

    name: str
    roles: tuple[Role, ...]
    areas: tuple[str, ...] = ()
    department: str = ""
    until: str = ""  # last day of a contract, ISO 8601


class AccountStore:
    """Reads are of this moment; every change is a command on record."""

    def __init__(self, client: Client, ledger: Ledger) -> None:
        self._redis = client
        self._ledger = ledger

    def find(self, account: str) -> Account | None:
        """None where there is none of that name."""
        with reaching():
            said = self._redis.hget(keys.ACCOUNTS, account)
        return _account(said) if said else None

    def get(self, account: str) -> Account:
        """Raises NotFound."""
        found = self.find(account)
        if found is None:
            raise NotFound("not_found", name=account, what=WHAT)
        return found

    def all(self) -> list[Account]:
        """By name."""
        with reaching():
            said = self._redis.hgetall(keys.ACCOUNTS)
        return sorted(map(_account, said.values()), key=lambda one: one.account)

    def locked(self, at_ms: int) -> dict[str, int]:
        """The names that are locked now, and until when."""
        with reaching():
            said = self._redis.hgetall(keys.FAILURES)
        found = {name.decode(): _failures(one).locked_until_ms for name, one in said.items()}
        return {name: until for name, until in found.items() if until > at_ms}

    def create(
        self, account: str, post: Post, password: str, actor: Actor, rules: SeatRules
    ) -> Account:
        """A new one; its first password must be changed. An empty one opens nothing."""
        require_lawful(account, post.roles, post.department)
        if password:
            require_strong(password, account, rules.password_length, rules.password_classes)
        new = Account(account, post.name, post.roles, post.areas, post.department,
                      until=post.until, password=secrets.kept(password) if password else "",
                      password_ms=actor.at_ms, must_change=True, made_ms=actor.at_ms)  # fmt: skip
        return self.add(new, actor)

    def add(self, new: Account, actor: Actor) -> Account:
        """One that is made elsewhere already."""

        def act(page: Page) -> Account:
            if page.get(keys.ACCOUNTS, new.account):
                raise Conflict("account_taken", name=new.account)
            put(page, new)
            page.detail["after"] = told(new)
            return new

        return self._ledger.write(act, actor.draft("account.create", f"account/{new.account}"))

    def add_all(self, new: Sequence[Account], actor: Actor) -> None:
        """Several at once, as one record; those that are there stay as they are."""

        def act(page: Page) -> None:
            missing = [one for one in new if not page.get(keys.ACCOUNTS, one.account)]
            for one in missing:
                put(page, one)
            page.is_silent = not missing
            page.detail["after"] = [one.account for one in missing]

        self._ledger.write(act, actor.draft("account.create", "account/demo"))

    def assign(self, account: str, post: Post, actor: Actor) -> Account:
        """Other posts, scope, name or contract; its sessions end."""
        require_lawful(account, post.roles, post.department)
        refuse_self(account, actor)

        def change(before: Account) -> Account:
            return replace(before, name=post.name, roles=post.roles, areas=post.areas,
                           department=post.department, until=post.until)  # fmt: skip

        return self._change(account, change, actor, "account.assign")

    def disable(self, account: str, actor: Actor) -> Account:
        """Nobody logs in with it any more; its sessions end."""
        refuse_self(account, actor)
        return self._change(
            account, lambda one: replace(one, is_disabled=True), actor, "account.disable"
        )

    def enable(self, account: str, actor: Actor) -> Account:
        """It may log in again."""
        return self._change(
            account, lambda one: replace(one, is_disabled=False), actor, "account.enable"
        )

    def unlock(self, account: str, actor: Actor) -> None:
        """Forgets its failed logins."""

        def act(page: Page) -> None:
            page.drop(keys.FAILURES, get(page, account).account)

        self._ledger.write(act, actor.draft("account.unlock", f"account/{account}"))

    def reset(self, account: str, actor: Actor) -> str:
        """A one-time password, said once; the second factor is set up anew. Sessions end."""
        password = secrets.new_password()
        stored = secrets.kept(password)

        def change(one: Account) -> Account:
            return replace(one, password=stored, password_ms=actor.at_ms, must_change=True,
                           totp="", totp_step=0)  # fmt: skip

        self._change(account, change, actor, "account.reset")
        return password

    def change_password(self, old: str, new: str, actor: Actor, rules: SeatRules) -> Account:
        """One's own; other sessions end, and so does this one."""
        account = self.get(actor.seat.account)
        if not secrets.fits(old, account.password):
            raise Malformed("wrong_password")
        if secrets.fits(new, account.password):
            raise Malformed("same_password")
        require_strong(new, account.account, rules.password_length, rules.password_classes)
        stored = secrets.kept(new)

        def change(one: Account) -> Account:
            return replace(one, password=stored, password_ms=actor.at_ms, must_change=False)

        return self._change(account.account, change, actor, "account.password")

    def set_up_totp(self, secret: str, code: str, actor: Actor) -> Account:
        """One's own second factor, once its first code is right."""
        step = totp.accepted(secret, code, actor.at_ms)
        if step is None:
            raise Malformed("wrong_code")

        def change(one: Account) -> Account:
            return replace(one, totp=secret, totp_step=step)

        return self._change(actor.seat.account, change, actor, "account.totp", ends=False)

    def _change(
        self, account: str, change: Change, actor: Actor, action: str, ends: bool = True
    ) -> Account:
        def act(page: Page) -> Account:
            before = get(page, account)
            after = change(before)
            if ends:
                after = replace(after, epoch=before.epoch + 1)
            put(page, after)
            page.detail.update(before=told(before), after=told(after))
            return after

        return self._ledger.write(act, actor.draft(action, f"account/{account}"))


def refuse_self(account: str, actor: Actor) -> None:
    """Rights are given by somebody else."""
    if account == actor.seat.account:
        raise Conflict("own_account")


def get(page: Page, account: str) -> Account:
    """As the books have it."""
    said = page.get(keys.ACCOUNTS, account)
    if not said:
        raise NotFound("not_found", name=account, what=WHAT)
    return _account(said)


def put(page: Page, account: Account) -> None:
    """Into the books."""
    page.put(keys.ACCOUNTS, account.account, encode(account))
    page.changed("accounts", account.account)


def told(account: Account) -> dict[str, object]:
    """What the trail keeps of it: never a secret."""
    return {
        "name": account.name,
        "roles": [str(role) for role in account.roles],
        "areas": list(account.areas),
        "department": account.department,
        "until": account.until,
        "is_disabled": account.is_disabled,
    }
