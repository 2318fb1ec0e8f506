"""An administrator's commands, as they are typed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.servers import Ingest, Mosquitto, RedisServer
from city.roles import Role
from city.units import CODES
from store import keys
from store.store import open_store
from tests.desk import actor, opening_order
from tests.feeds.sffd_rows import TITLED
from tests.publisher import HAIKOU, Publisher
from watch.reports import Reports

ROOT = Path(__file__).parents[2]
RECORDING = (
    "2026-09-06T07:10:00Z /hfp/v2/journey/ongoing/vp/bus/0018/01029/1061/2/Itäkeskus (M)/09:52/1/3 "
    '{"VP":{"tst":"2026-09-06T07:10:00.000Z","tsi":1788678600,"lat":60.17,"long":24.95,"hdg":20}}\n'
    "2026-09-06T07:10:02Z /hfp/v2/journey/ongoing/vp/bus/0018/01029/1061/2/Itäkeskus (M)/09:52/1/3 "
    '{"VP":{"tst":"2026-09-06T07:10:02.000Z","tsi":1788678602,"lat":60.18,"long":24.95,"hdg":20}}\n'
    "2026-09-06T07:10:03Z /hfp/v2/journey/ongoing/vp/bus/0018/01029/1061/2/Itäkeskus (M)/09:52/1/3 "
    '{"VP":{"tst":"2026-09-06T07:10:01.000Z","tsi":1788678601,"lat":60.19,"long":24.95,"hdg":20}}\n'
    "2026-09-06T07:10:04Z /hfp/v2/journey/ongoing/vja/tram/0040/00432/1006/1/Arabia/09:52//5 "
    '{"VJA":{"tst":"2026-09-06T07:10:04.000Z","tsi":1788678604,"lat":null,"long":null}}\n'
    "not a message\n"
)

pytestmark = pytest.mark.flow


def manage(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def recording(tmp_path: Path) -> str:
    path = tmp_path / "some.dump"
    path.write_text(RECORDING, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("behind_broker", [False, True], ids=["intake", "mosquitto"])
def test_a_replayed_recording_shows_its_vehicles_where_they_were_last(
    behind_broker: bool,
    recording: str,
    tmp_path: Path,
    redis_process: RedisServer,
    mosquitto: Mosquitto,
) -> None:
    broker = mosquitto.url if behind_broker else ""
    ingest = Ingest(tmp_path / "ingest", redis_process.url, broker)
    ingest.start()

    done = manage("replay", recording, "--speed", "0", "--to",
                  broker or f"mqtt://127.0.0.1:{ingest.port}")  # fmt: skip

    assert ingest.stop() == 0
    assert done.returncode == 0, done.stderr
    assert "4 messages acknowledged" in done.stdout
    assert "1 lines were no message" in done.stdout
    store = open_store(redis_process.url)
    store.live.catch_up()
    table = store.live.table
    assert set(table.ids) == {"hsl/bus/0018-01029", "hsl/tram/0040-00432"}
    bus = table.records[table.index["hsl/bus/0018-01029"]]
    assert bus["lat"] == 601_800_000  # 1e-7 degrees: of the newest, not of the last that came
    assert len(store.history.readings("hsl/bus/0018-01029")) == 3


def test_a_fire_services_calls_are_replayed_as_cases_and_unit_statuses(
    tmp_path: Path, redis_process: RedisServer
) -> None:
    calls = tmp_path / "calls.csv"
    calls.write_text(TITLED, encoding="utf-8")
    ingest = Ingest(tmp_path / "ingest", redis_process.url, "")
    ingest.start()

    done = manage("replay", str(calls), "--speed", "0", "--now", "--to",
                  f"mqtt://127.0.0.1:{ingest.port}")  # fmt: skip

    assert ingest.stop() == 0
    assert done.returncode == 0, done.stderr
    assert "10 messages acknowledged" in done.stdout
    store = open_store(redis_process.url)
    while Reports(store).take_in():
        pass
    [case] = store.cases.all()
    assert (case.type, case.source, case.external_id) == ("2119", "department", "sffd/200313789")
    store.live.catch_up()
    table = store.live.table
    medic = table.records[table.index["sffd/ambulance/64"]]
    assert medic["status"] == CODES["available"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["replay", "nowhere.dump", "--to", "mqtt://127.0.0.1:1"], "nowhere.dump"),
        (["replay", "{recording}", "--to", "mqtt://127.0.0.1:1"], "cannot be reached"),
    ],
)
def test_a_replay_that_cannot_be_is_one_sentence_and_code_2(
    words: list[str], said: str, recording: str
) -> None:
    done = manage(*(word.format(recording=recording) for word in words))

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_catalogue_names_every_feed() -> None:
    done = manage("feeds")

    assert done.returncode == 0
    assert "hfp" in done.stdout
    assert "cb/v1/+/+/waterlogging/+/+" in done.stdout


def test_rules_are_tried_on_history_and_nothing_is_raised(
    redis_process: RedisServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = open_store(redis_process.url)
    publisher = Publisher(store)
    for age_s, depth in ((600, 1.0), (540, 30.0), (480, 1.0)):
        publisher.ponding(7, depth, age_s=age_s)
    store.history.settle(0)
    stricter = tmp_path / "stricter.toml"
    more = '\n[alarms.rules."waterlogging.depth_cm"]\nhold_s = 300\n'
    stricter.write_text(HAIKOU.read_text(encoding="utf-8") + more, encoding="utf-8")
    monkeypatch.setenv("CITY_REDIS_URL", redis_process.url)

    now, then = manage("rules"), manage("rules", "--profile", str(stricter))

    assert "waterlogging.depth_cm" in now.stdout and "sw/waterlogging/WL-0007" in now.stdout
    assert "waterlogging.depth_cm" not in then.stdout
    assert list(store.alarms.all()) == []


@pytest.fixture
def city_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory whose city does not run."""
    monkeypatch.setenv("CITY_DATA_DIR", str(tmp_path / "var"))
    return tmp_path


def test_a_token_is_printed_alone_and_revoked_by_its_name(city_of_its_own: Path) -> None:
    made = manage("token", "create", "--role", "unit", "--department", "sw", "--area", "460106",
                  "--name", "rain")  # fmt: skip

    assert (made.returncode, made.stderr) == (0, "")
    assert re.fullmatch(r"cb_[0-9a-f]{8}_\S{43}\n", made.stdout)
    again = manage("token", "create", "--role", "chief", "--name", "rain")
    assert (again.returncode, again.stderr) == (2, "A token named `rain` is valid already\n")
    assert manage("token", "revoke", "rain").returncode == 0
    gone = manage("token", "revoke", "rain")
    assert (gone.returncode, gone.stderr) == (2, "There is no token rain\n")


def test_an_account_is_made_with_a_password_for_once(city_of_its_own: Path) -> None:
    made = manage("user", "add", "li", "--role", "chief", "--role", "dispatcher", "--name", "李四")

    assert made.returncode == 0, made.stderr
    assert len(made.stdout.splitlines()) == 1 and len(made.stdout.strip()) >= 16
    assert manage("user", "list").stdout.split() == ["li", "chief", "dispatcher"]
    for duty in ("disable", "enable", "unlock"):
        assert manage("user", duty, "li").returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("user", "add", "li", "--role", "unit", "--name", "x"), "needs a department"),
        (("user", "add", "li", "--role", "sysadmin", "--role", "auditor", "--name", "x"),
         "One person cannot be"),
        (("user", "add", "Li Si", "--role", "chief", "--name", "x"), "An account is 2 to 32"),
        (("user", "disable", "nobody"), "There is no account nobody"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_sentence_and_code_2(
    city_of_its_own: Path, words: tuple[str, ...], said: str
) -> None:
    done = manage(*words)

    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_cases_that_differ_from_their_logs_are_named(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITY_REDIS_URL", redis_url)
    store = open_store(redis_url)
    case, _ = store.cases.create(opening_order(), actor(Role.ACCEPTOR))

    good = manage("cases", "verify")
    packed = store.redis.hget(keys.CASES, case.id) or b""
    changed = packed.replace(b'"severity":3', b'"severity":4')
    store.redis.hset(keys.CASES, mapping={case.id: changed})
    bad = manage("cases", "verify")

    assert (good.returncode, good.stdout) == (0, "every case is the fold of its log\n")
    assert bad.returncode == 2
    assert case.id in bad.stderr
