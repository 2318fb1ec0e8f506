"""A fire service's recorded calls: each a case, and each unit's eight times its statuses."""

import json
from collections.abc import Sequence

from feeds.calls import recorded_calls
from feeds.replay import Recorded
from tests.feeds.sffd_rows import PUBLISHED, TITLED

ADCODE = "460100"


def messages(text: str) -> tuple[list[Recorded], list[int]]:
    refused: list[int] = []
    return recorded_calls(text.splitlines(), ADCODE, refused.append), refused


def said(recorded: Sequence[Recorded], topic: str) -> list[dict[str, object]]:
    return [json.loads(one.payload) for one in recorded if one.topic == topic]


def test_the_eight_times_of_a_unit_become_its_statuses_in_order() -> None:
    recorded, refused = messages(TITLED)

    medic = said(recorded, "cb/v1/460100/sffd/ambulance/64/data")
    assert [one["status"] for one in medic] == [
        "assigned", "en_route", "on_scene", "busy", "busy", "available",
    ]  # fmt: skip
    assert [one["values"]["step"] for one in medic] == [  # type: ignore[index]
        "dispatch", "response", "on_scene", "transport", "hospital", "available",
    ]  # fmt: skip
    assert medic[0]["ts"] == "2020-01-31T23:58:04-08:00"
    assert refused == []


def test_a_step_that_never_was_is_not_told() -> None:
    recorded, _ = messages(TITLED)

    engine = said(recorded, "cb/v1/460100/sffd/fire/E03/data")

    assert [one["status"] for one in engine] == ["assigned", "en_route", "available"]


def test_a_call_with_several_units_is_one_case_told_when_its_entry_was_complete() -> None:
    recorded, _ = messages(TITLED)

    [call] = said(recorded, "cb/v1/460100/sffd/case/200313789/event")
    [told] = [one for one in recorded if one.topic.endswith("/event")]
    assert call["id"] == "200313789"
    assert (call["type"], call["title"], call["severity"]) == ("2119", "Medical Incident", 3)
    assert call["ts"] == "2020-01-31T23:55:10-08:00"
    assert told.at.isoformat() == "2020-01-31T23:57:00-08:00"
    assert call["pos"] == [-122.4112, 37.7838]


def test_both_ways_in_which_the_set_is_published_say_the_same() -> None:
    titled, _ = messages(TITLED)
    published, _ = messages(PUBLISHED)

    assert published == [one for one in titled if "E03" not in one.topic]


def test_messages_come_in_the_order_of_their_times() -> None:
    recorded, _ = messages(TITLED)

    assert recorded == sorted(recorded, key=lambda one: one.at)


def test_a_row_that_is_none_is_named_and_stops_nothing() -> None:
    head, first, *rest = TITLED.splitlines()
    bad = [first.replace("200313789", "no number"), first.replace("64,", "6 4!,", 1),
           first.replace("01/31/2020 11:55:10 PM", "yesterday"),
           first.replace("01/31/2020 11:55:10 PM", "")]  # fmt: skip

    recorded, refused = messages("\n".join([head, *bad, first, *rest]))

    assert refused == [2, 3, 4, 5]
    assert recorded == messages(TITLED)[0]
