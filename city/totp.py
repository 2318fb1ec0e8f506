"""One-time codes by the clock: TOTP of RFC 6238 over HOTP of RFC 4226, SHA-1, 30 s, 6 digits."""

import hmac
from base64 import b32decode, b32encode
from hashlib import sha1

STEP_S = 30
DIGITS = 6
SECRET_BYTES = 20  # RFC 4226 §4 R6 recommends 160 bits
DRIFT = 1  # RFC 6238 §5.2: one step either way for clocks and typing


def hotp(key: bytes, counter: int, digits: int = DIGITS) -> str:
    """RFC 4226 §5.3: dynamic truncation of an HMAC-SHA-1."""
    digest = hmac.new(key, counter.to_bytes(8, "big"), sha1).digest()
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(at_ms: int) -> int:
    """The number of the time step of an instant."""
    return at_ms // 1000 // STEP_S


def accepted(secret: str, code: str, at_ms: int, after: int = 0) -> int | None:
    """The step that a code belongs to; None where it is wrong or not newer than `after`.

    RFC 6238 §5.2: a code is accepted once, so the caller keeps the step.
    """
    now, key = step_of(at_ms), key_of(secret)
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > after and hmac.compare_digest(hotp(key, step), code):
            return step
    return None


def key_of(secret: str) -> bytes:
    """The bytes of a secret as people type it: base32, blanks and case as they like."""
    plain = secret.replace(" ", "").upper()
    return b32decode(plain + "=" * (-len(plain) % 8))


def secret_of(key: bytes) -> str:
    """A key as people type it."""
    return b32encode(key).decode().rstrip("=")
