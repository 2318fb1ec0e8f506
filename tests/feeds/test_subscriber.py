"""The subscriber behind a real Mosquitto."""

import socket
import subprocess
import threading
import time

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from bench.servers import PATIENT_BROKER, Mosquitto
from feeds.broker import warn_of_limits
from feeds.subscriber import Broker, Subscriber, read_broker, widest
from tests.feeds.river import WITHIN_S, river

pytestmark = pytest.mark.flow

TOPIC = "cb/v1/460106/sw/waterlogging/WL-0007/data"
FILTERS = ["cb/v1/#", "/hfp/v2/journey/#"]


@pytest.fixture
def broker(tmp_path):
    server = Mosquitto(tmp_path / "mosquitto")
    server.start()
    yield server
    server.kill()


def behind(broker: Mosquitto, name: str = "test"):
    return lambda core, loop: Subscriber(read_broker(broker.url), name, FILTERS, core, loop)


def readings(count: int, start: int = 0) -> list[bytes]:
    return [
        b'{"ts":"2026-09-06T07:10:00+08:00","seq":%d,"values":{"depth_cm":1}}' % n
        for n in range(start, start + count)
    ]


def tell(
    broker: Mosquitto, payloads: list[bytes], qos: int = 1, topic: str = TOPIC, retain: bool = False
) -> None:
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(0)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    for sent in [client.publish(topic, payload, qos, retain) for payload in payloads]:
        sent.wait_for_publish(WITHIN_S)
    client.disconnect()
    client.loop_stop()


@pytest.mark.parametrize("qos", [0, 1])
def test_what_the_broker_was_told_is_stored_in_its_order(redis_url, broker, qos):
    payloads = readings(500)
    with river(redis_url, open_door=behind(broker)) as city:
        tell(broker, payloads, qos)

        assert [payload for _topic, payload in city.await_heard(500)] == payloads


def test_every_filter_of_the_catalogue_is_heard(redis_url, broker):
    with river(redis_url, open_door=behind(broker)) as city:
        tell(broker, [b"{}"], topic="/hfp/v2/journey/ongoing/vp/bus/0018/01029/x")

        [(topic, _payload)] = city.await_heard(1)
        assert topic.startswith("/hfp/v2/journey/")


def test_what_the_broker_retains_is_heard_at_the_start(redis_url, broker):
    state = TOPIC.replace("/data", "/state")
    tell(broker, [b"online"], topic=state, retain=True)

    with river(redis_url, open_door=behind(broker)) as city:
        assert city.await_heard(1) == [(state, b"online")]


def test_two_workers_share_what_the_broker_has(redis_url, broker):
    with (
        river(redis_url, open_door=behind(broker, "one")) as one,
        river(redis_url, open_door=behind(broker, "two")) as two,
    ):
        tell(broker, readings(1000))
        heard = one.listening.heard, two.listening.heard
        deadline = time.monotonic() + WITHIN_S
        while sum(map(len, heard)) < 1000 and time.monotonic() < deadline:
            with one.listening.news:
                one.listening.news.wait(0.05)

        assert sum(map(len, heard)) == 1000
        assert all(heard)


def test_a_worker_that_leaves_takes_its_share_and_leaves_the_rest_to_the_others(redis_url, broker):
    def second(core, loop):
        return Subscriber(read_broker(broker.url), "two", FILTERS, core, loop, is_first=False)

    with river(redis_url, open_door=behind(broker, "one")) as one:
        with river(redis_url, open_door=second) as two:
            telling = threading.Thread(target=tell, args=(broker, readings(3000)))
            telling.start()
            two.await_heard(500)
        telling.join()
        tell(broker, readings(100, 3000))

        missing = 3100 - len(two.listening.heard)
        heard = [*one.await_heard(missing), *two.listening.heard]

    assert sorted(payload for _topic, payload in heard) == sorted(readings(3100))


def test_messages_wait_at_the_broker_while_we_are_away(redis_url, broker):
    with river(redis_url, open_door=behind(broker)):
        pass
    tell(broker, readings(50))

    with river(redis_url, open_door=behind(broker)) as city:
        assert [payload for _topic, payload in city.await_heard(50)] == readings(50)


def test_after_an_orderly_stop_nothing_is_delivered_again(redis_url, broker):
    with river(redis_url, open_door=behind(broker)) as city:
        tell(broker, readings(5_000))
        city.await_heard(5_000)
    with river(redis_url, open_door=behind(broker)) as city:
        tell(broker, readings(1, start=5_000))
        heard = city.await_heard(1)

    assert [payload for _topic, payload in heard] == readings(1, start=5_000)


def test_the_subscriber_comes_back_after_the_broker_did(redis_url, broker):
    with river(redis_url, open_door=behind(broker)) as city:
        tell(broker, readings(10))
        city.await_heard(10)
        broker.restart()
        heard = city.listening.heard
        for start in range(10, 1000, 10):
            tell(broker, readings(10, start))
            with city.listening.news:
                if city.listening.news.wait_for(lambda: len(heard) > 10, 0.2):
                    break

        assert len(heard) > 10


def test_a_broker_with_accounts_is_told_ours(redis_url, tmp_path):
    passwords = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "city", "s3:cret"], check=True)
    broker = Mosquitto(tmp_path / "mosquitto", [*PATIENT_BROKER, f"password_file {passwords}"])
    broker.start()
    url = f"mqtt://city:s3%3Acret@127.0.0.1:{broker.port}"

    with river(
        redis_url,
        open_door=lambda core, loop: Subscriber(read_broker(url), "a", FILTERS, core, loop),
    ) as city:
        assert city.door.state == "connected"
    broker.kill()


def test_an_old_broker_is_spoken_to_in_its_own_version(redis_url):
    levels: list[int] = []

    def old_broker(listener: socket.socket) -> None:
        for answer in (b"\x20\2\0\1", b"\x20\2\0\0"):
            sock, _ = listener.accept()
            levels.append(sock.recv(1000)[8])
            sock.sendall(answer)
            said = sock.recv(1000)
            if said:
                sock.sendall(b"\x90\3" + said[2:4] + b"\1")
                sock.recv(1000)
            sock.close()

    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=old_broker, args=(listener,))
    thread.start()
    broker = Broker("127.0.0.1", listener.getsockname()[1], False, None, None)

    with river(
        redis_url, open_door=lambda core, loop: Subscriber(broker, "a", ["cb/v1/#"], core, loop)
    ) as city:
        assert city.door.state == "connected"
    thread.join()
    listener.close()
    assert levels == [5, 4]


@pytest.mark.parametrize(
    ("lines", "is_warned"), [(PATIENT_BROKER, False), ((), True), (["max_queued_messages 9"], True)]
)
def test_a_broker_that_drops_bursts_is_found_out(tmp_path, lines, is_warned):
    broker = Mosquitto(tmp_path, lines)
    broker.start()

    warning = warn_of_limits(read_broker(broker.url))

    assert bool(warning) == is_warned
    assert not warning or "max_queued_messages 0" in warning
    broker.kill()


def test_a_url_says_all_about_the_broker():
    assert read_broker("mqtts://city:a%40b@broker.example") == Broker(
        "broker.example", 8883, True, "city", "a@b"
    )


def test_filters_that_another_one_covers_are_left_out():
    filters = ["cb/v1/+/sw/#", "cb/v1/#", "cb/v1/#", "/hfp/v2/+/x", "/hfp/v2/a/x", "/hfp/v2/a/y"]

    assert widest(filters) == ["/hfp/v2/+/x", "/hfp/v2/a/y", "cb/v1/#"]
