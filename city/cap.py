"""A warning as OASIS CAP 1.2 XML, and the identifier it goes by.

Elements stand in the order of the standard's schema; times have the city's offset and no fraction
(CAP §3.3.2). Identifier after GB/T 35965.1 as seen in live messages: sender of 14 digits, local
time, a serial digit.
"""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from xml.sax.saxutils import escape

from city.deadlines import from_ms
from city.warning_rules import WarningRules
from city.warnings import Content, Message, Stand, Warned

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
TYPES = {Message.ALERT: "Alert", Message.UPDATE: "Update", Message.CANCEL: "Cancel"}
DIGITS = 6  # of degrees: a decimetre


def identifier(sender: str, at_ms: int, serial: int, zone: tzinfo) -> str:
    """The number of a message: unique for its sender, second and serial 0 … 9."""
    return f"{sender}_{from_ms(at_ms).astimezone(zone):%Y%m%d%H%M%S}_{serial}"


def written(at_ms: int, zone: tzinfo) -> str:
    """An instant as CAP writes it; UTC is -00:00."""
    at: datetime = from_ms(at_ms).astimezone(zone)
    text = at.replace(microsecond=0).isoformat()
    return text.replace("+00:00", "-00:00")


def xml(warned: Warned, rules: WarningRules, zone: tzinfo) -> str:
    """The message; what is not issued is a draft, and says so by its status."""
    body = "\n".join(f"  {line}" for line in alert(warned, rules, zone))
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}\n<alert xmlns="{NAMESPACE}">\n{body}\n</alert>\n'


def alert(warned: Warned, rules: WarningRules, zone: tzinfo) -> Iterator[str]:
    """Its elements, one a line."""
    is_out = warned.stand is Stand.ISSUED
    content, sent_ms = warned.content, warned.sent_ms or warned.drafted.at_ms
    yield tag("identifier", warned.identifier or f"{warned.sender}_{warned.id}")
    yield tag("sender", warned.sender)
    yield tag("sent", warned.text_sent or written(sent_ms, zone))
    yield tag("status", content.status if is_out else "Draft")
    yield tag("msgType", TYPES[warned.message])
    yield tag("scope", "Public")
    if warned.message is Message.CANCEL and warned.reason:
        yield tag("note", warned.reason)
    if warned.references:
        yield tag("references", " ".join(warned.references))
    yield from block("info", info(warned, rules, zone, "zh"))
    if content.headline_en:
        yield from block("info", info(warned, rules, zone, "en"))


def info(warned: Warned, rules: WarningRules, zone: tzinfo, lang: str) -> Iterator[str]:
    """What it says in one language."""
    content, level = warned.content, rules.levels[warned.content.level]
    effective_ms = content.effective_ms or warned.sent_ms or warned.drafted.at_ms
    is_zh = lang == "zh"
    yield tag("language", "zh-CN" if is_zh else "en")
    yield tag("category", content.category)
    yield tag("event", content.event if is_zh else content.event_en or content.event)
    yield tag("responseType", content.response)
    yield tag("urgency", content.urgency)
    yield tag("severity", level.severity)
    yield tag("certainty", content.certainty)
    yield tag("effective", written(effective_ms, zone))
    yield tag("expires", written(content.expires_ms, zone))
    yield tag("senderName", warned.sender_name[0 if is_zh else 1])
    yield from said(content, is_zh)
    yield from block("parameter", value("alertColor", level.colour))
    yield from block("area", area(content))


def said(content: Content, is_zh: bool) -> Iterator[str]:
    """Headline, description, instruction: those there are."""
    texts = {
        "headline": content.headline if is_zh else content.headline_en,
        "description": content.description if is_zh else content.description_en,
        "instruction": content.instruction if is_zh else content.instruction_en,
    }
    yield from (tag(name, text) for name, text in texts.items() if text)


def area(content: Content) -> Iterator[str]:
    """Where it holds."""
    yield tag("areaDesc", content.area_name)
    for ring in content.polygons:
        yield tag("polygon", " ".join(f"{number(lat)},{number(lon)}" for lon, lat in ring))
    for lon, lat, metres in content.circles:
        yield tag("circle", f"{number(lat)},{number(lon)} {number(metres / 1000)}")
    yield from block("geocode", value("GB/T 2260", content.area))


def value(name: str, text: str) -> Iterator[str]:
    """A name with its value."""
    yield tag("valueName", name)
    yield tag("value", text)


def block(name: str, lines: Iterator[str]) -> Iterator[str]:
    """An element with others inside."""
    yield f"<{name}>"
    yield from (f"  {line}" for line in lines)
    yield f"</{name}>"


def tag(name: str, text: str) -> str:
    """An element with its text."""
    return f"<{name}>{escape(text)}</{name}>"


def number(value: float) -> str:
    """A number without what says nothing, never with an exponent."""
    text = f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
