"""Frames: what changed is told once, to those who look at it."""

import numpy as np
import pytest

from city.kinds import KINDS
from live.layers import MOST, OTHERS, Layers
from live.looks import Box, Look
from live.picture import Moved, Picture
from store.store import Store
from tests.live.frames import DELTA, GONE, SNAPSHOT, Part, read
from tests.publisher import CENTRE, Publisher, now_ms, written

pytestmark = pytest.mark.store
LAYERS = Layers(KINDS)
PONDING, BUS = LAYERS.number("waterlogging"), LAYERS.number("bus")
ALL = Look(frozenset(range(len(KINDS))))
HERE = Look(ALL.layers, Box.around((110.32, 20.01, 110.34, 20.03)))


@pytest.fixture
def picture() -> Picture:
    return Picture(Layers(KINDS))


@pytest.fixture
def publisher(store: Store) -> Publisher:
    return Publisher(store)


def look_again(picture: Picture, store: Store, at_ms: int | None = None) -> Moved:
    changed = store.live.catch_up()
    return picture.look_again(store.live.table, changed.indices, at_ms or now_ms())


def told(moved: Moved, look: Look = ALL) -> list[Part]:
    return read(moved.frame(look))


def test_a_reading_is_told_with_all_its_columns(
    picture: Picture, store: Store, publisher: Publisher
) -> None:
    publisher.ponding(7, 31.5)

    (part,) = told(look_again(picture, store))
    (row,) = part.rows
    assert (part.kind, part.layer) == (DELTA, PONDING)
    assert (row["lon"], row["lat"]) == (1_103_300_000, 200_200_000)
    assert (row["value"], row["level"], row["state"], row["period"]) == (31.5, 2, 0, 60)
    assert row["heading"] == 65535
    assert abs(row["observed"] - now_ms() / 1000) < 5


def test_what_was_told_is_not_told_again(
    picture: Picture, store: Store, publisher: Publisher
) -> None:
    publisher.ponding(7, 31.5)
    look_again(picture, store)

    assert look_again(picture, store).frame(ALL) == b""


def test_a_state_that_changes_by_time_alone_is_told(
    picture: Picture, store: Store, publisher: Publisher
) -> None:
    publisher.ponding(7, 31.5)
    look_again(picture, store)

    ages = (100, 130, 400)
    states = [
        told(look_again(picture, store, now_ms() + s * 1000))[0].rows[0]["state"] for s in ages
    ]
    assert states == [1, 2, 3]


def test_a_thing_without_a_position_is_in_no_frame_and_leaves_when_it_loses_its_own(
    picture: Picture, store: Store, publisher: Publisher
) -> None:
    publisher.bus(1, *CENTRE)
    first = told(look_again(picture, store))
    publisher.bus(1, *CENTRE, pos=None)

    (gone,) = told(look_again(picture, store))
    assert gone.kind == GONE
    assert gone.indices == first[0].indices
    assert read(picture.snapshot(ALL, {BUS}, now_ms()))[0].rows == []


def test_what_moves_out_of_the_view_is_told_as_gone_and_only_there(
    picture: Picture, store: Store, publisher: Publisher
) -> None:
    publisher.bus(1, *CENTRE)
    look_again(picture, store)
    publisher.bus(1, 110.5, 20.02)

    moved = look_again(picture, store)
    assert [part.kind for part in told(moved, HERE)] == [GONE]
    assert [part.kind for part in told(moved)] == [DELTA]


def test_what_never_was_in_the_view_is_not_told_there(
    picture: Picture, store: Store, publisher: Publisher
) -> None:
    publisher.bus(1, 110.5, 20.02)
    moved = look_again(picture, store)

    assert moved.frame(HERE) == b""


def test_a_layer_is_encoded_once_for_all_who_share_a_look(
    picture: Picture, store: Store, publisher: Publisher
) -> None:
    publisher.bus(1, *CENTRE)
    moved = look_again(picture, store)

    assert moved.frame(ALL) is moved.frame(Look(ALL.layers))
    assert moved.frame(Look(frozenset({PONDING}))) == b""


def test_a_snapshot_tells_empty_layers_too(
    picture: Picture, store: Store, publisher: Publisher
) -> None:
    publisher.bus(1, *CENTRE)
    publisher.bus(2, 110.5, 20.02)
    look_again(picture, store)

    parts = read(picture.snapshot(HERE, {BUS, PONDING}, now_ms()))
    assert [(part.kind, part.layer) for part in parts] == sorted(
        [(SNAPSHOT, BUS), (SNAPSHOT, PONDING)]
    )
    assert sum(len(part.rows) for part in parts) == 1


def test_an_old_position_that_comes_late_moves_nothing(
    picture: Picture, store: Store, publisher: Publisher
) -> None:
    publisher.bus(1, *CENTRE)
    look_again(picture, store)
    publisher.bus(1, 110.5, 20.02, ts=written(600))

    moved = look_again(picture, store)
    assert moved.frame(ALL) == b""


def test_doubt_and_motion_are_flags(picture: Picture, store: Store, publisher: Publisher) -> None:
    publisher.ponding(7, 31.5, q="uncertain")
    publisher.bus(1, *CENTRE)
    look_again(picture, store)

    parts = read(picture.snapshot(ALL, {BUS, PONDING}, now_ms()))
    flags = {part.layer: part.rows[0]["flags"] for part in parts}
    assert flags == {PONDING: 1, BUS: 2}


def test_ten_thousand_things_keep_their_numbers(picture: Picture, store: Store) -> None:
    publisher = Publisher(store)
    said = {"ts": written(0), "pos": CENTRE, "values": {}}
    publisher.send(*((f"cb/v1/460106/jt/bus/B-{k}/data", said) for k in range(10_000)))

    (part,) = told(look_again(picture, store))
    assert np.array_equal(np.sort(part.indices), np.arange(10_000))


def test_a_kind_nobody_declared_gets_a_layer_of_its_own() -> None:
    layers = Layers(KINDS)

    assert layers.number("tram") == len(KINDS)
    assert layers.number("tram") == len(KINDS)
    assert layers.described()[-1]["name"] == "tram"


def test_more_kinds_than_a_byte_can_number_share_the_last_layer() -> None:
    layers = Layers(())
    numbers = [layers.number(f"kind-{k}") for k in range(400)]

    assert max(numbers) == MOST
    assert layers.kinds[MOST].name == OTHERS
