"""Codes by the clock: the vectors of RFC 4226 and RFC 6238."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city import totp
from city.passwords import longest_run

KEY = b"12345678901234567890"


@pytest.mark.parametrize(
    ("counter", "code"),
    list(enumerate(["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
               "399871", "520489"])),
)  # fmt: skip
def test_the_vectors_of_rfc_4226_appendix_d(counter: int, code: str) -> None:
    assert totp.hotp(KEY, counter) == code


@pytest.mark.parametrize(
    ("at_s", "code"),
    [(59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"),
     (1234567890, "89005924"), (2000000000, "69279037"), (20000000000, "65353130")],
)  # fmt: skip
def test_the_sha1_vectors_of_rfc_6238_appendix_b(at_s: int, code: str) -> None:
    assert totp.hotp(KEY, totp.step_of(at_s * 1000), digits=8) == code


@given(st.integers(10**6, 2 * 10**12), st.integers(-3, 3))
def test_a_code_holds_one_step_either_way(at_ms: int, off: int) -> None:
    secret, step = totp.secret_of(KEY), totp.step_of(at_ms)

    found = totp.accepted(secret, totp.hotp(KEY, step + off), at_ms)

    assert found == (step + off if abs(off) <= 1 else None)


def test_a_code_is_not_accepted_again() -> None:
    secret, at_ms = totp.secret_of(KEY), 1_800_000_000_000
    step = totp.step_of(at_ms)

    assert totp.accepted(secret, totp.hotp(KEY, step), at_ms, after=step) is None


@given(st.binary(min_size=1, max_size=40))
def test_a_secret_is_read_as_people_type_it(key: bytes) -> None:
    typed = " ".join(totp.secret_of(key).lower())

    assert totp.key_of(typed) == key


@pytest.mark.parametrize(
    ("text", "run"), [("a", 1), ("aB", 1), ("abc", 3), ("321x", 3), ("aab", 2), ("12345-9", 5)]
)
def test_a_run_is_of_neighbours(text: str, run: int) -> None:
    assert longest_run(text) == run
