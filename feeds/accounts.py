"""Who may publish and hear what: the intake's accounts, one line each in a file.

# name      password                              topics, or the department that owns them
sw-gateway  scrypt:5f0c…:9a41…                    sw
hsl         scrypt:77be…:03d2…                    /hfp/v2/journey/#
wall        scrypt:02aa…:c17b…                    hear:sw hear:jj say:cb/v1/+/sw/order/+/cmd

A department may publish all of its own but commands (`cmd`), which are the centre's, and hear all
of its own. `hear:` and `say:` before a word give one half of that.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from feeds.topics import covers

SCHEME = "scrypt"
HASH = re.compile(SCHEME + ":[0-9a-f]{32}:[0-9a-f]{64}")
# Devices have long random passwords; a cost that a thousand reconnecting publishers can bear.
COST, BLOCK, PARALLEL = 2**12, 8, 1
MOST_REMEMBERED = 10_000
HEAR, SAY, COMMAND = "hear:", "say:", "cmd"


class BadAccounts(ValueError):
    """An accounts file that cannot be used; the text names the line."""


Filters = tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Rights:
    """The topics an account may publish to and hear."""

    says: Filters
    hears: Filters = ()
    commands: Filters = ()  # where it may also publish what is for the field
    known: set[bytes] = field(default_factory=set)  # topics found allowed

    def allow(self, topic: bytes) -> bool:
        """Whether the account may publish to this topic."""
        if topic in self.known:
            return True
        levels = topic.decode(errors="replace").split("/")
        filters = self.commands if levels[-1] == COMMAND else self.says
        allowed = any(covers(pattern, levels) for pattern in filters)
        if allowed and len(self.known) < MOST_REMEMBERED:
            self.known.add(topic)
        return allowed

    def may_hear(self, topic_filter: str) -> bool:
        """Whether all that a filter can mean is the account's to hear."""
        levels = topic_filter.split("/")
        return any(covers(pattern, levels) for pattern in self.hears)


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the file."""

    name: str
    password: str
    says: Filters = ()
    hears: Filters = ()
    commands: Filters = ()


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
        return Rights(account.says, account.hears, account.commands)

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
    said = [word.removeprefix(SAY) for word in words[2:] if not word.startswith(HEAR)]
    heard = [word.removeprefix(HEAR) for word in words[2:] if not word.startswith(SAY)]
    written_out = [word for word in said if _is_filter(word)]
    return Account(words[0], words[1], _filters(said), _filters(heard), _filters(written_out))


def _filters(words: Iterable[str]) -> Filters:
    found = (word if _is_filter(word) else f"cb/v1/+/{word}/#" for word in words)
    return tuple(tuple(one.split("/")) for one in found)


def _is_filter(word: str) -> bool:
    return "/" in word or word == "#"


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
