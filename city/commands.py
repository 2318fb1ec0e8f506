"""What may be typed into the command bar: a verb, and what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What is to be done."""

    ACKNOWLEDGE = "acknowledge"  # 确认 2: the second row of the queue
    CASE = "case"  # 案 0917-04127
    LAYERS = "layers"  # 图层 只看水务 · 图层 全部
    LEVELS = "levels"  # 等级 1 2
    SCOPE = "scope"  # 范围 龙华
    GO = "go"  # 去 事件
    MUTE = "mute"  # 静音 5
    SEND = "send"  # 派 P07 国兴大道下穿通道


@dataclass(frozen=True, slots=True)
class Usage:
    """A verb, the words that say it, and how it is used, in both languages."""

    verb: Verb
    words: Sequence[str]
    zh: str
    en: str


USAGES: tuple[Usage, ...] = (
    Usage(Verb.ACKNOWLEDGE, ("确认", "ack"), "确认 1", "ack 1"),
    Usage(Verb.CASE, ("案", "case"), "案 0917-04127", "case 0917-04127"),
    Usage(Verb.LAYERS, ("图层", "layers"), "图层 只看 水务", "layers only water"),
    Usage(Verb.LEVELS, ("等级", "levels"), "等级 1 2", "levels 1 2"),
    Usage(Verb.SCOPE, ("范围", "scope"), "范围 龙华", "scope longhua"),
    Usage(Verb.GO, ("去", "go"), "去 事件", "go cases"),
    Usage(Verb.MUTE, ("静音", "mute"), "静音 5", "mute 5"),
    Usage(Verb.SEND, ("派", "send"), "派 P07 国兴大道", "send P07 Guoxing"),
)
ONLY = ("只看", "only")
EVERYTHING = ("全部", "all")


@dataclass(frozen=True, slots=True)
class Said:
    """A verb and the rest of what was typed."""

    verb: Verb
    rest: str


def parse(text: str) -> Said | None:
    """The command of a text; None where it begins with no verb."""
    plain = text.lstrip("/").strip()
    for usage in USAGES:
        for word in usage.words:
            if begins_with(plain, word):
                return Said(usage.verb, plain[len(word) :].strip())
    return None


def begins_with(text: str, word: str) -> bool:
    """Whether a text begins with a word; Latin letters have to end there."""
    if not text.casefold().startswith(word):
        return False
    rest = text[len(word) :]
    return not rest or rest[0].isspace() or not (word.isascii() and rest[0].isalnum())


def usages_for(text: str) -> list[Usage]:
    """The verbs that a text may become: all of them for a lone slash."""
    if not text.startswith("/"):
        return []
    plain = text.lstrip("/").strip().casefold()
    return [one for one in USAGES if any(word.startswith(plain) for word in one.words)]


def only_of(rest: str) -> str | None:
    """What alone is to be seen; empty for everything, None where it says neither."""
    if rest.casefold() in EVERYTHING:
        return ""
    for word in ONLY:
        if rest.casefold().startswith(word):
            return rest[len(word) :].strip()
    return None
