"""What a person asked for and does not get: the reason in words that he can act on."""

from collections.abc import Mapping
from typing import Any

from city.naming import EN

# Reason → (中文, English); {places} are filled in by whoever refuses. Rooms add their own tables
# with `say`, so that a sentence stands beside the rule that uses it.
SENTENCES: dict[str, tuple[str, str]] = {
    "unauthenticated": ("请先登录", "Log in first"),
    "forbidden": ("需要“{who}”岗位才能{what}", "Only {who} may {what}"),
    "out_of_scope": ("不在您的管辖范围内({scope})", "Outside your scope ({scope})"),
    "not_found": ("没有编号为 {name} 的{what}", "There is no {what} {name}"),
    "missing": ("缺少“{what}”", "`{what}` is missing"),
    "malformed": ("“{what}”不可用:{why}", "`{what}` cannot be used: {why}"),
    "outdated": (
        "您看到的是第 {seen} 版,现在是第 {version} 版:{meanwhile}",
        "You saw version {seen}, it is version {version} by now: {meanwhile}",
    ),
    "too_many": ("请求过于频繁,请在 {seconds} 秒后再试", "Too many requests, try in {seconds} s"),
}


def say(sentences: Mapping[str, tuple[str, str]]) -> None:
    """Adds the sentences of one room; a reason is said in one way only."""
    for reason, pair in sentences.items():
        if SENTENCES.setdefault(reason, pair) != pair:
            raise ValueError(f"the reason {reason} is said in two ways")


class Refusal(Exception):
    """A command that is not carried out; `status` is the HTTP status of the answer (RFC 9110).

    Values fill the sentence; a pair (中文, English) is said in the language of the sentence.
    """

    status = 409

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values: Mapping[str, object] = values
        self.more: Mapping[str, Any] = {}  # what an answer carries beside the sentence

    def said(self, lang: str) -> str:
        """The sentence in one language."""
        at = 1 if lang == EN else 0
        values = {name: one[at] if isinstance(one, tuple) else one
                  for name, one in self.values.items()}  # fmt: skip
        return SENTENCES[self.reason][at].format(**values)

    def __str__(self) -> str:
        return self.said(EN)


class Unauthenticated(Refusal):
    """Nobody known asks."""

    status = 401


class Forbidden(Refusal):
    """The seat that asks may not do it, or not there."""

    status = 403


class NotFound(Refusal):
    """What is spoken of does not exist, or not for this seat."""

    status = 404


class Conflict(Refusal):
    """It cannot be done as things stand now."""


class Malformed(Refusal):
    """What was sent cannot be understood."""

    status = 422


class TooMany(Refusal):
    """Asked too often; `values["seconds"]` says when again."""

    status = 429
