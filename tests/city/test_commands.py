"""What is typed into the command bar is read in either language."""

import pytest

from city.commands import USAGES, Said, Verb, only_of, parse, usages_for


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("确认 2", Said(Verb.ACKNOWLEDGE, "2")),
        ("确认2", Said(Verb.ACKNOWLEDGE, "2")),
        ("/ 案 0917-04127", Said(Verb.CASE, "0917-04127")),
        ("CASE 0917", Said(Verb.CASE, "0917")),
        ("图层 只看 水务", Said(Verb.LAYERS, "只看 水务")),
        ("go", Said(Verb.GO, "")),
    ],
)
def test_a_verb_and_the_rest(text: str, said: Said) -> None:
    assert parse(text) == said


@pytest.mark.parametrize("text", ["gold", "casement", "龙昆南下穿", "", "/"])
def test_what_begins_with_no_verb_is_no_command(text: str) -> None:
    assert parse(text) is None


def test_a_slash_shows_what_may_be_typed() -> None:
    assert usages_for("/") == list(USAGES)
    assert [one.verb for one in usages_for("/确")] == [Verb.ACKNOWLEDGE]
    assert usages_for("确") == []


def test_every_usage_is_itself_a_command() -> None:
    for usage in USAGES:
        for text in (usage.zh, usage.en):
            said = parse(text)
            assert said is not None
            assert said.verb is usage.verb


@pytest.mark.parametrize(
    ("rest", "only"), [("只看 水务", "水务"), ("only water", "water"), ("全部", ""), ("水务", None)]
)
def test_layers_alone_or_all_of_them(rest: str, only: str | None) -> None:
    assert only_of(rest) == only
