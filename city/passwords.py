"""What a password must be (GB/T 22239-2019 L3, identity authentication a: complexity, change).

The numbers are practice that assessors accept, not part of the standard: they are settings.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise

from city.refusal import Malformed, say

say({
    "password_short": ("密码至少 {length} 个字符", "A password has at least {length} characters"),
    "password_long": ("密码最多 {length} 个字符", "A password has at most {length} characters"),
    "password_plain": (
        "密码须含大写、小写、数字、符号中的 {classes} 类",
        "A password has {classes} of capitals, small letters, digits and signs",
    ),
    "password_named": ("密码不能包含账号", "A password does not contain the account's name"),
    "password_repeats": (
        "密码不能由重复或连续的字符组成",
        "A password is not made of repeated or consecutive characters",
    ),
})  # fmt: skip

LONGEST = 128  # characters; hashing more would be work for nothing
CLASSES: Mapping[str, Callable[[str], bool]] = {
    "capital": str.isupper,
    "small": str.islower,
    "digit": str.isdigit,
    "sign": lambda one: not one.isalnum(),
}
LEAST_DISTINCT = 4
LONGEST_RUN = 5  # of consecutive characters, as `12345`


def classes(password: str) -> int:
    """How many classes of characters it has; a letter without case is a sign of its own."""
    found = {next((name for name, holds in CLASSES.items() if holds(one)), "sign")
             for one in password}  # fmt: skip
    return len(found)


def require_strong(password: str, account: str, length: int, least_classes: int) -> None:
    """Raises Malformed with what is missing."""
    if len(password) < length:
        raise Malformed("password_short", length=length)
    if len(password) > LONGEST:
        raise Malformed("password_long", length=LONGEST)
    if classes(password) < least_classes:
        raise Malformed("password_plain", classes=least_classes)
    if account and account.casefold() in password.casefold():
        raise Malformed("password_named")
    if len(set(password)) < LEAST_DISTINCT or longest_run(password) > LONGEST_RUN:
        raise Malformed("password_repeats")


def longest_run(password: str) -> int:
    """The longest part whose characters follow one another, up or down: `abcde` is 5."""
    longest, run, before = 1, 1, 0
    for one, two in pairwise(password):
        step = ord(two) - ord(one)
        run = run + 1 if step == before and abs(step) == 1 else 2 if abs(step) == 1 else 1
        before = step
        longest = max(longest, run)
    return longest
