"""Every text stands in both languages, with the same places to fill in."""

import re
from pathlib import Path

import pytest

from city.kinds import KINDS
from city.quality import REASONS
from city.units import STATUSES
from feeds.standards.refusals import Reason
from layouts.words import ALL, words
from store.presence import STATES

ROOT = Path(__file__).parents[2]
USED = re.compile(r"""words\(\s*"([a-z_.0-9]+)\"""")


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_both_languages_have_the_same_keys() -> None:
    assert ALL["zh"].keys() == ALL["en"].keys()


@pytest.mark.parametrize("key", sorted(ALL["zh"].keys()))
def test_a_text_has_the_same_places_in_both(key: str) -> None:
    assert places(ALL["zh"](key)) == places(ALL["en"](key))
    assert ALL["zh"](key).strip()
    assert ALL["en"](key).strip()


def test_every_word_that_is_asked_for_is_there() -> None:
    files = [*(ROOT / "layouts").rglob("*.py"), *(ROOT / "callbacks").rglob("*.py")]
    used = {key for path in files for key in USED.findall(path.read_text()) if "." in key}

    assert used - ALL["zh"].keys() == set()
    assert len(used) > 50


def test_closed_sets_of_words_are_complete() -> None:
    wanted = {
        *(f"state.{word}" for word in STATES),
        *(f"reason.{word}" for word in Reason),
        *(f"status_word.{word}" for word in STATUSES if word),
        *(f"uncertain.{word}" for word in REASONS.values()),
    }

    assert wanted - ALL["zh"].keys() == set()


def test_an_unknown_language_is_chinese() -> None:
    assert words("fr")("nav.situation") == words(None)("nav.situation") == "态势"


def test_kinds_have_both_names() -> None:
    assert [kind.name for kind in KINDS if not (kind.zh and kind.en)] == []
