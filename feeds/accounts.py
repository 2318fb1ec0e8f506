"""Who may publish what: the intake's accounts, one line each in a file.

# name      password                              topics, or the department that owns them
sw-gateway  scrypt:5f0c…:9a41…                    sw
hsl         scrypt:77be…:03d2…                    /hfp/v2/journey/#
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SCHEME = "scrypt"
HASH = re.compile(SCHEME + ":[0-9a-f]{32}:[0-9a-f]{64}")
# Devices have long random passwords; a cost that a thousand reconnecting publishers can bear.
COST, BLOCK, PARALLEL = 2**12, 8, 1
MOST_REMEMBERED = 10_000


class BadAccounts(ValueError):
    """An accounts file that cannot be used; the text names the line."""


@dataclass(slots=True)
class Rights:
    """The topics an account may publish to."""

    filters: Sequence[Sequence[str]]
    known: set[bytes] = field(default_factory=set)  # topics found allowed

    def allow(self, topic: bytes) -> bool:
        """Whether the account may publish to this topic."""
        if topic in self.known:
            return True
        levels = topic.decode(errors="replace").split("/")
        allowed = any(_covers(pattern, levels) for pattern in self.filters)
        if allowed and len(self.known) < MOST_REMEMBERED:
            self.known.add(topic)
        return allowed


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the file."""

    name: str
    password: str
    filters: tuple[tuple[str, ...], ...]


class Accounts:
    """All accounts; passwords that were found right or wrong are not hashed slowly again."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._by_name = {account.name: account for account in accounts}
        self._salt = secrets.token_bytes(16)
        self._seen: dict[bytes, bool] = {}

    def rights(self, name: str | None, password: bytes | None) -> Rights | None:
        """What this publisher may do; None when name and password do not belong together."""
        account = self._by_name.get(name or "")
        if account is None or password is None or not self._is_right(account, password):
            return None
        return Rights(account.filters)

    def _is_right(self, account: Account, password: bytes) -> bool:
        quick = hashlib.sha256(self._salt + account.password.encode() + password).digest()
        if quick not in self._seen:
            if len(self._seen) >= MOST_REMEMBERED:
                self._seen.clear()
            self._seen[quick] = is_password(account.password, password)
        return self._seen[quick]


def read_accounts(path: Path) -> Accounts:
    """The accounts of a file; BadAccounts names the line that is wrong."""
    lines = path.read_text(encoding="utf-8").splitlines()
    wanted = [
        (number, line.split())
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    return Accounts([_account(path, number, words) for number, words in wanted])


def _account(path: Path, number: int, words: list[str]) -> Account:
    if len(words) < 3 or not HASH.fullmatch(words[1]):
        raise BadAccounts(f"{path} line {number}: needs a name, a password hash and a department")
    filters = tuple(tuple(_filter(word).split("/")) for word in words[2:])
    return Account(words[0], words[1], filters)


def _filter(word: str) -> str:
    return word if "/" in word or word == "#" else f"cb/v1/+/{word}/#"


def _covers(pattern: Sequence[str], levels: Sequence[str]) -> bool:
    """MQTT 5 §4.7: `+` is one level, `#` all that follow and the level above them."""
    for place, wanted in enumerate(pattern):
        if wanted == "#":
            return True
        if place >= len(levels) or wanted not in ("+", levels[place]):
            return False
    return len(pattern) == len(levels)


def hash_password(password: str) -> str:
    """How a password is written into the file."""
    salt = secrets.token_bytes(16)
    return f"{SCHEME}:{salt.hex()}:{_stretch(password.encode(), salt).hex()}"


def is_password(hashed: str, password: bytes) -> bool:
    """Whether a password is the one that was hashed."""
    _, salt, stretched = hashed.split(":")
    return hmac.compare_digest(_stretch(password, bytes.fromhex(salt)).hex(), stretched)


def _stretch(password: bytes, salt: bytes) -> bytes:
    return hashlib.scrypt(password, salt=salt, n=COST, r=BLOCK, p=PARALLEL, dklen=32)
