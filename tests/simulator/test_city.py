"""The pretend city as a publisher: deterministic, understood by the feeds, as busy as promised."""

import json
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from city.kinds import BY_NAME, KINDS
from city.quality import Quality
from city.records import NOWHERE, Channel
from city.units import STATUSES
from feeds.catalog import all_feeds
from feeds.decoding import Decoded, Decoder
from geo.areas import AreaIndex
from geo.ground import Ground
from geo.network import Network
from simulator.faults import SHARES, Fault, deal
from simulator.population import POPULATION
from simulator.script import STEPS_PER_SECOND, City, Said
from simulator.speakers import Drivers
from tests.simulator.conftest import MORNING, MakeCity

BOUNDS = (110.05, 19.48, 110.77, 20.20)


def minutes_of(city: City, minutes: float) -> list[Said]:
    return [said for _ in range(round(minutes * 60 * STEPS_PER_SECOND)) for said in city.step()]


def births_of(city: City) -> list[Said]:
    return [said for sender in city.senders() for said in city.births(sender)]


def decoded(messages: list[Said], maps: dict[str, Any], after_s: float = 60) -> Decoded:
    decoder = Decoder(all_feeds(), Ground(AreaIndex.from_features(maps["areas"]), BOUNDS))
    received_ms = int((MORNING + timedelta(seconds=after_s)).timestamp() * 1000)
    topics = [said.topic.encode() for said in messages]
    return decoder.decode_batch(topics, [said.payload for said in messages], received_ms)


def test_the_same_seed_says_the_same_and_another_seed_does_not(make_city: MakeCity) -> None:
    one, same, other = make_city(seed=7), make_city(seed=7), make_city(seed=8)

    first = births_of(one) + minutes_of(one, 0.5)

    assert first == births_of(same) + minutes_of(same, 0.5)
    assert first != births_of(other) + minutes_of(other, 0.5)


def test_a_minute_of_the_city_is_understood_to_the_last_message(
    make_city: MakeCity, maps: dict[str, Any]
) -> None:
    city = make_city(story="typhoon")
    messages = births_of(city) + minutes_of(city, 1)

    found = decoded(messages, maps)

    assert [letter.sentence for letter in found.dead] == []
    assert len(found.batch) == len(messages)
    assert {kind.name for kind in KINDS} <= set(found.tallies)


def test_scale_one_is_three_thousand_things_and_six_hundred_messages_a_second(
    make_city: MakeCity,
) -> None:
    city = make_city()

    assert 2_900 <= sum(map(len, city.rosters.values())) <= 3_100
    assert 570 <= len(minutes_of(city, 1)) / 60 <= 630
    assert {sort.kind for sort in POPULATION} == {kind.name for kind in KINDS}


def test_scale_and_rate_are_obeyed(make_city: MakeCity) -> None:
    assert sum(map(len, make_city(scale=0.1).rosters.values())) == pytest.approx(303, abs=6)
    assert len(minutes_of(make_city(scale=0.1, rate=150), 0.5)) / 30 == pytest.approx(150, rel=0.1)


def test_every_thing_has_two_names_a_period_and_if_it_stands_a_place(make_city: MakeCity) -> None:
    for said in births_of(make_city()):
        if said.topic.endswith("/state"):
            assert (said.payload, said.retain) == (b"online", True)
            continue
        meta, kind = json.loads(said.payload), said.topic.split("/")[4]
        assert meta["name"]["zh"].strip() and meta["name"]["en"].strip()
        assert meta["period_s"] > 0
        assert ("pos" in meta) != BY_NAME[kind].moves
        assert set(meta["units"]) == {one.name for one in BY_NAME[kind].quantities}


def test_offline_is_said_for_each_thing_that_was_online(make_city: MakeCity) -> None:
    city = make_city(scale=0.1)

    online = {said.topic for said in births_of(city) if said.payload == b"online"}

    gone = [said for sender in city.senders() for said in city.deaths(sender)]
    assert {said.topic for said in gone} == online
    assert {said.payload for said in gone} == {b"offline"}


def test_a_pump_has_a_connection_and_a_will_of_its_own(make_city: MakeCity) -> None:
    wills = dict(make_city().wills())

    own = {sender: topic for sender, topic in wills.items() if topic is not None}
    assert len(own) == 40
    assert all(topic.endswith(f"{sender.split('/')[1]}/state") for sender, topic in own.items())
    assert wills["jt"] is None


def test_vehicles_keep_to_the_roads_and_to_the_laws_of_motion(
    make_city: MakeCity, maps: dict[str, Any], roads: Network
) -> None:
    city = make_city()
    said = [one for one in minutes_of(city, 2) if one.topic.split("/")[4] == "police"]
    records = decoded(said, maps, 120).batch.records
    sound = city_faults(city, "police") == Fault.NONE
    tracks = defaultdict(list)
    for i, one in enumerate(said):
        tracks[one.topic.split("/")[5]].append(records[i])

    for track in [tracks[f"J-{i + 1:04d}"] for i in np.flatnonzero(sound)[:60]]:
        lon, lat = np.array([(one["lon"] / 1e7, one["lat"] / 1e7) for one in track]).T
        step_m = np.hypot(np.diff(lon) * 104_500, np.diff(lat) * 111_195)
        seconds = np.diff([one["observed_ms"] for one in track]) / 1000
        assert (step_m / seconds < 42).all()
        assert off_road_m(lon[-1], lat[-1], roads) < 15
        assert all(0 <= one["speed"] < 40 and one["heading"] <= 36_000 for one in track)


def off_road_m(lon: float, lat: float, roads: Network) -> float:
    ax, ay = (roads.lon[roads.start] - lon) * 104_500, (roads.lat[roads.start] - lat) * 111_195
    bx, by = (roads.lon[roads.end] - lon) * 104_500, (roads.lat[roads.end] - lat) * 111_195
    long_m2 = np.maximum((bx - ax) ** 2 + (by - ay) ** 2, 1e-9)
    t = np.clip((-ax * (bx - ax) - ay * (by - ay)) / long_m2, 0, 1)
    return float(np.hypot(ax + t * (bx - ax), ay + t * (by - ay)).min())


def city_faults(city: City, kind: str) -> np.ndarray:
    return next(one.faults for one in city.speakers if one.roster.sort.kind == kind)


def test_units_are_called_arrive_and_return(make_city: MakeCity) -> None:
    city = make_city(scale=0.2)
    fleet = next(one.fleet for one in city.speakers if one.roster.sort.kind == "ambulance")
    everyone, chance = np.arange(len(fleet.route)), np.random.default_rng(1)
    words: set[str] = set()
    changes = 0

    for second in range(0, 3600, 2):
        before = fleet.status.copy()
        fleet.move(everyone, float(second), 0.8, chance)
        words |= {STATUSES[code] for code in fleet.status}
        changes += int((fleet.status != before).sum())

    assert {"available", "en_route", "on_scene", "returning"} <= words
    assert changes > 2 * len(everyone)


def test_faults_are_rare_and_have_their_shares() -> None:
    dealt = deal(200_000, np.random.default_rng(3))

    for fault, share in SHARES.items():
        assert (dealt == fault).mean() == pytest.approx(share, rel=0.15)
    assert (dealt == Fault.NONE).mean() > 0.95


def test_faults_can_be_seen_in_what_is_said(make_city: MakeCity, maps: dict[str, Any]) -> None:
    city = make_city()
    messages = minutes_of(city, 6)

    found = decoded(messages, maps, 360)

    quality = found.batch.records["quality"]
    seen = Counter(
        zip((said.topic for said in messages), (said.payload for said in messages), strict=True)
    )
    assert 0 < (quality & int(Quality.CLOCK_AHEAD) > 0).mean() < 0.02
    assert 0 < (quality & int(Quality.OUT_OF_RANGE) > 0).mean() < 0.01
    assert 0.001 < sum(count > 1 for count in seen.values()) / len(seen) < 0.02
    silent = city_faults(city, "bus") == Fault.SILENCE
    spoke = Counter(said.topic.split("/")[5] for said in messages if "/bus/" in said.topic)
    assert min(spoke[f"B-{i + 1:04d}"] for i in np.flatnonzero(silent)) < 150


def test_gcj02_that_is_declared_lands_on_the_road_and_undeclared_does_not(
    make_city: MakeCity, maps: dict[str, Any], roads: Network
) -> None:
    city = make_city()
    messages = minutes_of(city, 0.2)
    records = decoded(messages, maps).batch.records
    wrong = {
        f"/{one.roster.sort.kind}/{one.roster.ids[i]}/"
        for one in city.speakers
        if isinstance(one, Drivers) and one.roster.sort.datum == "wgs84"
        for i in np.flatnonzero(one.faults == Fault.WRONG_DATUM)
    }

    sweepers = [i for i, said in enumerate(messages) if "/sanitation/" in said.topic]
    strays = [i for i, said in enumerate(messages) if any(name in said.topic for name in wrong)]

    assert b'"datum":"gcj02"' in messages[sweepers[0]].payload
    for i in sweepers[:50]:
        assert off_road_m(records[i]["lon"] / 1e7, records[i]["lat"] / 1e7, roads) < 15
    shifted = [off_road_m(records[i]["lon"] / 1e7, records[i]["lat"] / 1e7, roads) for i in strays]
    assert strays and max(shifted) > 30


def test_callers_send_events_with_a_place(make_city: MakeCity, maps: dict[str, Any]) -> None:
    messages = [said for said in minutes_of(make_city(), 3) if said.topic.endswith("/event")]

    records = decoded(messages, maps, 180).batch.records

    assert len(messages) > 5
    assert (records["channel"] == Channel.EVENT).all()
    assert (records["lon"] != NOWHERE).all()
    assert len({said.topic for said in messages}) == len(messages)


def test_after_a_long_sleep_the_city_goes_on_from_now(make_city: MakeCity) -> None:
    city = make_city(scale=0.1)
    minutes_of(city, 0.1)

    city.skip_to(MORNING + timedelta(hours=3))

    assert abs(city.now - (MORNING + timedelta(hours=3))) < timedelta(seconds=1)
    assert json.loads(next(iter(minutes_of(city, 0.1))).payload)["ts"].startswith("2026-09-06T11:3")
