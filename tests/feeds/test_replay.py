"""Recordings: read whatever is in them, paced, and moved to another time."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from feeds.replay import Recorded, due, read_lines, shift_to, shifted

AT = datetime(2026, 9, 6, 7, 10, tzinfo=UTC)
TOPIC = "/hfp/v2/journey/ongoing/vp/bus/0018/01029/1061/2/Itäkeskus (M)/09:52/1020106/3"


def read(*lines: bytes) -> tuple[list[Recorded], list[int]]:
    refused: list[int] = []
    return list(read_lines(lines, refused.append)), refused


def test_a_topic_with_spaces_and_umlauts_is_read_whole() -> None:
    line = f'2026-09-06T07:10:00Z {TOPIC} {{"VP":{{"a b":"c d"}}}}\n'

    recorded, refused = read(line.encode())

    assert recorded == [Recorded(AT, TOPIC, b'{"VP":{"a b":"c d"}}')]
    assert refused == []


def test_a_payload_that_is_no_object_is_the_last_word() -> None:
    [recorded], _ = read(b"2026-09-06T07:10:00Z cb/v1/460106/sw/rain/R-1/state offline\r\n")

    assert (recorded.topic, recorded.payload) == ("cb/v1/460106/sw/rain/R-1/state", b"offline")


@pytest.mark.parametrize(
    "line",
    [b"nonsense", b"2026-09-06T07:10:00Z a/#/b {}", b"yesterday a/b {}", b"\xff\xfe \x00",
     b"2026-09-06T07:10:00Z  {}"],
)  # fmt: skip
def test_a_line_that_is_no_message_is_named_and_passed_over(line: bytes) -> None:
    good = b"2026-09-06T07:10:00Z a/b {}"

    recorded, refused = read(good, line, b"", good)

    assert len(recorded) == 2
    assert refused == [2]


def test_messages_are_sent_as_they_were_heard_only_faster() -> None:
    recording = [Recorded(AT + timedelta(seconds=s), "a", b"{}") for s in (0, 10, 8, 30)]

    assert [one.after_s for one in due(recording, speed=10)] == [0, 1, 0.8, 3]
    assert {one.after_s for one in due(recording, speed=0)} == {0.0}


def test_a_recording_moved_to_now_keeps_its_distances_and_everything_else() -> None:
    said = b'{"VP":{"tst":"2026-09-06T07:09:59.500Z","tsi":1788678599,"desi":"1061", "spd":1.50}}'
    early = Recorded(AT - timedelta(seconds=5), TOPIC, said)
    late = Recorded(AT, TOPIC, b"offline")
    to = AT + timedelta(days=80, hours=1)

    moved = shift_to([early, late], to)

    assert [one.at for one in moved] == [to - timedelta(seconds=5), to]
    body = json.loads(moved[0].payload)["VP"]
    assert datetime.fromisoformat(body["tst"]) == to - timedelta(seconds=0.5)
    assert body["tsi"] == 1788678599 + 80 * 86400 + 3600
    assert moved[0].payload.endswith(b'"desi":"1061", "spd":1.50}}')
    assert moved[1].payload == b"offline"


def test_a_time_that_is_none_is_left_alone() -> None:
    assert shifted(b'{"ts":"soon","tsi":"x"}', timedelta(days=1)) == b'{"ts":"soon","tsi":"x"}'
