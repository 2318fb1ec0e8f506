"""Tokens of machines: `cb_ID_SECRET`, shown once, kept as a digest."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec

from city.accounts import Token, ms, require_department
from city.refusal import Conflict, NotFound
from city.roles import Actor, Role
from store import keys, secrets
from store.books import Page
from store.client import Client
from store.ledger import Ledger, encode
from store.reach import reaching

PREFIX = "cb"
WHAT = ("令牌", "token")
_token = msgspec.json.Decoder(Token).decode


@dataclass(frozen=True, slots=True)
class Scope:
    """What a new token may do, and where."""

    name: str
    role: Role
    areas: tuple[str, ...] = ()
    department: str = ""


class TokenStore:
    """Tokens by the id that each carries in front of its secret."""

    def __init__(self, client: Client, ledger: Ledger) -> None:
        self._redis = client
        self._ledger = ledger

    def create(self, scope: Scope, holds_for: timedelta, actor: Actor) -> str:
        """The whole token, said this once."""
        require_department({scope.role}, scope.department)
        name, secret = secrets.new_name(), secrets.new_id()
        token = Token(name, scope.name, scope.role, secrets.digest(secret), actor.at_ms,
                      actor.at_ms + ms(holds_for), scope.areas, scope.department,
                      actor.seat.account)  # fmt: skip
        self._refuse_taken(scope.name, actor.at_ms)

        def act(page: Page) -> None:
            page.put(keys.TOKENS, name, encode(token))
            page.changed("tokens", name)
            page.detail["after"] = told(token)

        self._ledger.write(act, actor.draft("token.create", f"token/{scope.name}"))
        return f"{PREFIX}_{name}_{secret}"

    def find(self, said: str) -> Token | None:
        """The token somebody shows; None where it is none of ours."""
        prefix, _, rest = said.partition("_")
        name, _, secret = rest.partition("_")
        if prefix != PREFIX or not secret:
            return None
        with reaching():
            kept = self._redis.hget(keys.TOKENS, name)
        token = _token(kept) if kept else None
        return token if token and secrets.same(token.digest, secrets.digest(secret)) else None

    def all(self) -> list[Token]:
        """The newest first, those that hold no more too."""
        with reaching():
            said = self._redis.hgetall(keys.TOKENS)
        return sorted(map(_token, said.values()), key=lambda one: -one.made_ms)

    def revoke(self, name: str, actor: Actor) -> None:
        """By its id or its name; it opens nothing from now on."""
        token = chosen(self.all(), name, actor.at_ms)

        def act(page: Page) -> None:
            page.put(keys.TOKENS, token.id, encode(replace(token, revoked_ms=actor.at_ms)))
            page.changed("tokens", token.id)

        self._ledger.write(act, actor.draft("token.revoke", f"token/{token.name}"))

    def _refuse_taken(self, name: str, at_ms: int) -> None:
        if any(one.name == name and one.holds(at_ms) for one in self.all()):
            raise Conflict("token_taken", name=name)


def chosen(tokens: Iterable[Token], name: str, at_ms: int) -> Token:
    """The valid one of an id or a name."""
    for token in tokens:
        if name in (token.id, token.name) and token.holds(at_ms):
            return token
    raise NotFound("not_found", name=name, what=WHAT)


def told(token: Token) -> dict[str, object]:
    """What the trail keeps of it: never the secret."""
    return {
        "role": token.role,
        "areas": list(token.areas),
        "department": token.department,
        "until_ms": token.until_ms,
    }
