"""Passwords, session ids and tokens: made of chance, kept as digests."""

import hmac
import secrets
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

ID_BYTES = 32  # 256 bits
# RFC 9106 §4, second recommended option: 64 MiB, three passes.
_hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
_nobody = _hasher.hash(secrets.token_urlsafe(ID_BYTES))


def kept(password: str) -> str:
    """What is stored of a password (argon2id)."""
    return _hasher.hash(password)


def fits(password: str, stored: str) -> bool:
    """Whether it is the one; an account without a password takes as long to refuse."""
    try:
        return _hasher.verify(stored or _nobody, password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def new_id() -> str:
    """An opaque id of 256 bits."""
    return secrets.token_urlsafe(ID_BYTES)


def new_name() -> str:
    """A short name for what has a secret beside it."""
    return secrets.token_hex(4)


def new_password() -> str:
    """A one-time password of four classes, to be changed at once."""
    return f"{secrets.token_urlsafe(12)}-aA7"


def new_key(length: int) -> bytes:
    """Bytes of chance."""
    return secrets.token_bytes(length)


def digest(secret: str) -> str:
    """What is stored of an id or token: they are too long to be guessed from it."""
    return sha256(secret.encode()).hexdigest()


def same(one: str, two: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(one.encode(), two.encode())
