"""Personal data as those see it who need not know: masked, in fields and in free text.

Patterns as practised in Chinese administration (phone, id number, name, e-mail), and two proposals
of ours (plate, landline); the duty behind them is 个人信息保护法 (minimal necessary).
"""

import re
from collections.abc import Callable
from dataclasses import replace
from re import Match

from city.cases import Case, Entry, Reporter, Request
from city.roles import Right, Seat

STAR = "*"
SERVICE_NUMBER = 6  # digits; 110 or 12345 is nobody's own
MOST_STARS = 3

ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
E_MAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)")
PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]"
                   r"[A-Z][·.\s]?[A-Z0-9]{4,6}[挂学警港澳]?")  # fmt: skip


def phone(text: str) -> str:
    """`138****8000`; of a shorter one only its beginning."""
    digits = re.sub(r"\D", "", text)
    if len(digits) < SERVICE_NUMBER + 1:
        return text
    if len(digits) > 11 and digits.startswith("86"):
        digits = digits[2:]
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"{digits[:3]}****"


def name(text: str) -> str:
    """`张*`: the first character; how long it is shows up to three stars."""
    return text[:1] + STAR * min(len(text) - 1, MOST_STARS) if len(text) > 1 else text


def id_number(text: str) -> str:
    """`110105********0123`: where it was given, and the last four."""
    return f"{text[:6]}{STAR * 8}{text[-4:]}" if len(text) == 18 else STAR * len(text)


def plate(text: str) -> str:
    """`琼A***45`: first two and last two."""
    plain = re.sub(r"[·.\s]", "", text)
    return f"{plain[:2]}***{plain[-2:]}" if len(plain) > 4 else plain


def e_mail(text: str) -> str:
    """`l***@example.com`: first letter and domain."""
    local, _, domain = text.partition("@")
    return f"{local[:1]}***@{domain}"


# Longest first: an id number holds what looks like a phone.
IN_TEXT: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (ID_NUMBER, id_number),
    (E_MAIL, e_mail),
    (MOBILE, phone),
    (LANDLINE, phone),
    (PLATE, plate),
)


def free_text(text: str) -> str:
    """What people wrote, without what tells who they are."""
    for pattern, mask in IN_TEXT:
        text = pattern.sub(masking(mask), text)
    return text


def masking(mask: Callable[[str], str]) -> Callable[[Match[str]], str]:
    """A mask for what a pattern found."""
    return lambda found: mask(found[0])


def reporter(known: Reporter) -> Reporter:
    """Who told us."""
    return Reporter(name(known.name), phone(known.phone))


def masked(case: Case, _seat: Seat) -> Case:
    """A case as every seat sees it: in clear is only what was asked for, with a reason, on record.

    The seat is asked for so that a caller cannot forget whom it answers.
    """
    return replace(
        case,
        title=free_text(case.title),
        description=free_text(case.description),
        reporter=reporter(case.reporter),
        requests=tuple(map(masked_request, case.requests)),
    )


def masked_request(asked: Request) -> Request:
    """A request with its reasons in free text."""
    return replace(asked, reason=free_text(asked.reason), opinion=free_text(asked.opinion))


def masked_entry(entry: Entry, _seat: Seat) -> Entry:
    """A line of the log; facts hold what was typed, so their texts are masked too."""
    facts = {key: masked_fact(key, value) for key, value in entry.facts.items()}
    return replace(entry, reason=free_text(entry.reason), facts=facts)


def masked_fact(key: str, value: object) -> object:
    """A fact of any shape."""
    if isinstance(value, dict):
        prefix = "reporter." if key == "reporter" else ""
        return {inner: masked_fact(prefix + inner, one) for inner, one in value.items()}
    if isinstance(value, list | tuple):
        return [masked_fact(key, one) for one in value]
    if isinstance(value, Reporter):
        return reporter(value)
    if not isinstance(value, str):
        return value
    return FIELDS.get(key, free_text)(value)


FIELDS = {"phone": phone, "reporter.phone": phone, "reporter.name": name, "plate": plate}


def may_unmask(seat: Seat) -> bool:
    """Whether a seat may ask for what is behind the mask."""
    return seat.may(Right.UNMASK)
