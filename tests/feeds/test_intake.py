"""The intake, spoken to over real sockets by rude and by polite publishers."""

import socket
import ssl
import subprocess
import threading

import paho.mqtt.client as paho
import pytest

from feeds.accounts import Account, Accounts, hash_password
from feeds.handshake import PINGRESP
from feeds.intake import Terms, listen, tls_context
from tests.feeds.packets import connect, packet, publish
from tests.feeds.river import PUBACK, PUBCOMP, PUBREC, WITHIN_S, Caller, river

pytestmark = pytest.mark.flow

TOPIC = b"cb/v1/460106/sw/waterlogging/WL-0007/data"
STATE = b"cb/v1/460106/sw/waterlogging/WL-0007/state"
READING = b'{"ts":"2026-09-06T07:10:00+08:00","seq":812,"values":{"depth_cm":31.5}}'
VERSIONS = pytest.mark.parametrize("v5", [False, True], ids=["3.1.1", "5"])
DISCONNECT = b"\xe0\0"


def goodbye(reason: int) -> bytes:
    return bytes([0xE0, 2, reason, 0])


@VERSIONS
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_paho_publishes_and_is_told_when_it_is_stored(redis_url, v5, qos):
    with river(redis_url) as city:
        client = paho.Client(
            paho.CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5 if v5 else paho.MQTTv311
        )
        client.connect("127.0.0.1", city.port)
        client.loop_start()
        sent = client.publish(TOPIC.decode(), READING, qos)
        sent.wait_for_publish(WITHIN_S)

        heard = city.await_heard(1)
        client.disconnect()
        client.loop_stop()

    assert sent.is_published()
    assert heard == [(TOPIC.decode(), READING)]


@VERSIONS
def test_an_acknowledgement_means_that_the_store_has_it(redis_url, v5):
    with river(redis_url) as city:
        caller = Caller(city.port, v5=v5)
        caller.say(publish(TOPIC, READING, qos=1, number=7, v5=v5))
        answer = caller.hear()

        assert answer == PUBACK + b"\0\7"
        assert city.worker.core.stored == 1


@VERSIONS
def test_qos_2_is_taken_once_however_often_it_is_sent(redis_url, v5):
    again = publish(TOPIC, READING, qos=2, number=9, v5=v5, flags=8)
    with river(redis_url) as city:
        caller = Caller(city.port, v5=v5)
        caller.say(publish(TOPIC, READING, qos=2, number=9, v5=v5))
        assert caller.hear() == PUBREC + b"\0\x09"
        caller.say(again)
        assert caller.hear() == PUBREC + b"\0\x09"
        caller.say(b"\x62\2\0\x09")
        assert caller.hear() == PUBCOMP + b"\0\x09"

        assert len(city.listening.heard) == 1


def test_qos_2_goes_on_where_a_kept_session_left_off(redis_url):
    hello = connect(b"gateway", v5=True, clean=False, properties=b"\x11\0\0\0\x3c")
    message = publish(TOPIC, READING, qos=2, number=9, v5=True)
    with river(redis_url) as city:
        first = Caller(city.port, hello)
        first.say(message)
        assert first.hear() == PUBREC + b"\0\x09"
        first.close()
        second = Caller(city.port, hello)
        second.say(message)

        assert second.welcome[2:4] == b"\1\0"  # session present, success
        assert second.hear() == PUBREC + b"\0\x09"
        assert len(city.listening.heard) == 1


def test_an_unknown_release_is_answered_with_its_reason(redis_url):
    with river(redis_url) as city:
        caller = Caller(city.port, v5=True)
        caller.say(b"\x62\2\0\x09")

        assert caller.hear() == b"\x70\3\0\x09\x92"


@VERSIONS
def test_messages_keep_their_order(redis_url, v5):
    payloads = [READING[:-1] + b',"n":%d}' % n for n in range(2000)]
    stream = b"".join(
        publish(TOPIC, payload, qos=n % 2, number=n + 1, v5=v5)
        for n, payload in enumerate(payloads)
    )
    with river(redis_url) as city:
        caller = Caller(city.port, v5=v5)
        caller.say(stream)

        assert [payload for _topic, payload in city.await_heard(2000)] == payloads


@VERSIONS
def test_a_ping_is_answered(redis_url, v5):
    with river(redis_url) as city:
        caller = Caller(city.port, v5=v5)
        caller.say(b"\xc0\0")

        assert caller.hear() == PINGRESP


def test_a_will_is_said_when_the_line_breaks(redis_url):
    with river(redis_url) as city:
        Caller(city.port, will=(STATE, b"offline")).close()

        assert city.await_heard(1) == [(STATE.decode(), b"offline")]


def test_a_will_is_not_said_after_a_goodbye(redis_url):
    with river(redis_url) as city:
        caller = Caller(city.port, will=(STATE, b"offline"))
        caller.say(DISCONNECT)
        assert caller.is_hung_up()
        other = Caller(city.port, connect(b"other"))
        other.say(publish(TOPIC, READING, qos=1))
        other.hear()

        assert city.await_heard(1) == [(TOPIC.decode(), READING)]


def test_a_will_may_be_asked_for_in_the_goodbye(redis_url):
    with river(redis_url) as city:
        caller = Caller(city.port, v5=True, will=(STATE, b"offline"))
        caller.say(b"\xe0\1\x04")

        assert city.await_heard(1) == [(STATE.decode(), b"offline")]


def test_who_is_silent_for_too_long_is_let_go_and_its_will_said(redis_url):
    with river(redis_url) as city:
        caller = Caller(city.port, v5=True, keep_alive_s=1, will=(STATE, b"offline"))

        assert caller.hear() == goodbye(0x8D)
        assert city.await_heard(1) == [(STATE.decode(), b"offline")]


def test_the_same_client_id_takes_the_session_over(redis_url):
    with river(redis_url) as city:
        first = Caller(city.port, connect(b"same", v5=True))
        second = Caller(city.port, connect(b"same", v5=True))

        assert first.hear() == goodbye(0x8E)
        second.say(b"\xc0\0")
        assert second.hear() == PINGRESP


def test_a_will_that_waits_is_withdrawn_by_coming_back(redis_url):
    hello = connect(
        b"gateway", v5=True, clean=False, properties=b"\x11\0\0\0\x3c", will=(STATE, b"offline"),
        will_properties=b"\x18\0\0\0\x05",
    )  # fmt: skip
    with river(redis_url) as city:
        Caller(city.port, hello).close()
        caller = Caller(city.port, hello)
        caller.say(publish(TOPIC, READING, qos=1, v5=True))
        caller.hear()

        assert city.await_heard(1) == [(TOPIC.decode(), READING)]


def test_nobody_without_a_name_gets_one_of_ours(redis_url):
    with river(redis_url) as city:
        assert b"auto-" in Caller(city.port, connect(b"", v5=True)).welcome
        assert Caller(city.port, connect(b"")).welcome == b"\x20\2\0\0"
        assert Caller(city.port, connect(b"", clean=False)).welcome == b"\x20\2\0\2"


@pytest.mark.parametrize(
    ("hello", "answer"),
    [
        (packet(0x10, b"\0\6MQIsdp\3\2\0\x3c\0\1c"), b"\x20\2\0\1"),
        (packet(0x10, b"\0\4MQTT\x09\2\0\x3c\0\1c"), b"\x20\2\0\1"),
        (packet(0x10, b"\0\4MQTT\5\3\0\x3c\0\0\1c"), b"\x20\3\0\x81\0"),
        (publish(TOPIC, READING), b""),  # a message before the introduction
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b""),
        (b"\xc0\0", b""),
    ],
)
def test_who_does_not_introduce_himself_properly_is_refused(redis_url, hello, answer):
    with river(redis_url) as city:
        caller = Caller(city.port, hello)

        assert caller.welcome == answer
        assert caller.is_hung_up()


@pytest.mark.parametrize(
    ("rude", "reason"),
    [
        (connect(b"c", v5=True), 0x82),  # a second introduction
        (b"\x36\x05\0\1ta\0", 0x81),  # QoS 3
        (publish(TOPIC, READING, v5=True, properties=b"\x23\0\1"), 0x94),
        (b"\x30\xff\xff\xff\x7f", 0x95),
        (b"\x50\2\0\1", 0x82),  # an answer to what we never said
        (b"\xc1\0", 0x81),  # flags that a ping does not have
        (b"\xf0\0", 0x82),
    ],
)
def test_what_breaks_the_protocol_ends_with_its_reason(redis_url, rude, reason):
    with river(redis_url) as city:
        caller = Caller(city.port, v5=True)
        caller.say(rude)

        assert caller.hear() == goodbye(reason)
        assert caller.is_hung_up()


def test_a_rude_publisher_does_not_disturb_a_polite_one(redis_url):
    with river(redis_url) as city:
        polite = Caller(city.port, connect(b"polite"))
        for number in range(20):
            Caller(city.port, connect(b"rude-%d" % number)).say(b"\xff" * 1000)
        polite.say(publish(TOPIC, READING, qos=1, number=3))

        assert polite.hear() == PUBACK + b"\0\3"


def accounts() -> Accounts:
    return Accounts([Account("sw", hash_password("secret"), (("cb", "v1", "+", "sw", "#"),))])


@VERSIONS
def test_an_account_is_asked_for_its_password(redis_url, v5):
    with river(redis_url, terms=Terms(accounts=accounts())) as city:
        right = Caller(city.port, v5=v5, user=b"sw", password=b"secret")
        wrong = Caller(city.port, v5=v5, user=b"sw", password=b"guess")
        nobody = Caller(city.port, v5=v5)

        assert right.welcome[3] == 0
        assert wrong.welcome[3] == nobody.welcome[3] == (0x86 if v5 else 4)
        assert wrong.is_hung_up()


@VERSIONS
def test_an_account_cannot_publish_for_another_department(redis_url, v5):
    foreign = b"cb/v1/460106/jj/flow/F-1/data"
    with river(redis_url, terms=Terms(accounts=accounts())) as city:
        caller = Caller(city.port, v5=v5, user=b"sw", password=b"secret")
        caller.say(
            publish(foreign, READING, qos=1, number=1, v5=v5)
            + publish(TOPIC, READING, qos=1, number=2, v5=v5)
            + publish(foreign, READING, qos=2, number=3, v5=v5)
        )
        answers = {caller.hear() for _ in range(3)}

        assert city.await_heard(1) == [(TOPIC.decode(), READING)]
        refused = {b"\x40\3\0\1\x87", b"\x50\3\0\3\x87"}
        plain = {PUBACK + b"\0\1", PUBREC + b"\0\3"}
        assert answers == {PUBACK + b"\0\2"} | (refused if v5 else plain)


def test_too_many_connections_are_refused(redis_url):
    with river(redis_url, terms=Terms(connections=2)) as city:
        callers = [Caller(city.port, connect(b"c%d" % n, v5=True)) for n in range(3)]

        assert [caller.welcome[3] for caller in callers] == [0, 0, 0x89]


def test_a_publisher_that_is_too_fast_waits_and_loses_nothing(redis_url):
    with river(redis_url, terms=Terms(rate_per_s=100)) as city:
        caller = Caller(city.port)
        for _ in range(3):
            caller.say(b"".join(publish(TOPIC, READING, qos=1, number=n) for n in range(1, 102)))
        answers = [caller.hear() for _ in range(303)]

        assert len(answers) == len(city.await_heard(303)) == 303


def test_a_publisher_that_does_not_read_its_answers_is_not_read_either(redis_url):
    stream = b"".join(publish(b"t", b"", qos=1, number=n) for n in range(1, 5001))
    with river(redis_url) as city:
        caller = Caller(city.port)
        caller.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        caller.sock.settimeout(0.5)
        with pytest.raises(TimeoutError):
            for _ in range(400):
                caller.sock.sendall(stream)

        other = Caller(city.port, connect(b"other"))
        other.say(publish(TOPIC, READING, qos=1, number=3))
        assert other.hear() == PUBACK + b"\0\3"


def test_a_publisher_that_reaches_another_worker_has_moved_and_says_no_will(redis_url):
    mark = 70_000  # no port: the siblings of this test alone
    with (
        river(redis_url, siblings=(mark, 0, 2)) as one,
        river(redis_url, siblings=(mark, 1, 2)) as two,
    ):
        here = Caller(one.port, connect(b"same", v5=True, will=(STATE, b"offline")))
        there = Caller(two.port, connect(b"same", v5=True, will=(STATE, b"offline")))

        assert here.hear() == goodbye(0x8E)
        assert here.is_hung_up()
        there.say(publish(TOPIC, READING, qos=1, v5=True))
        assert there.hear() == PUBACK + b"\0\1"
        assert one.listening.heard == []


def test_two_workers_share_one_port(redis_url):
    first = listen("127.0.0.1", 0, shared=True)
    second = listen("127.0.0.1", first.getsockname()[1], shared=True)

    assert first.getsockname() == second.getsockname()
    first.close()
    second.close()


def test_a_port_in_use_is_noticed():
    first = listen("127.0.0.1", 0, shared=False)

    with pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", first.getsockname()[1], shared=False)
    first.close()


@pytest.fixture
def certificate(tmp_path):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
         tmp_path / "key.pem", "-out", tmp_path / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return tmp_path / "cert.pem", tmp_path / "key.pem"


def test_paho_publishes_over_tls(redis_url, certificate):
    with river(redis_url, terms=Terms(tls=tls_context(*certificate))) as city:
        client = paho.Client(paho.CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        client.tls_set(ca_certs=str(certificate[0]), tls_version=ssl.PROTOCOL_TLS_CLIENT)
        client.connect("127.0.0.1", city.port)
        client.loop_start()
        sent = [client.publish(TOPIC.decode(), READING + b" " * n * 50, 1) for n in range(300)]
        for one in sent:
            one.wait_for_publish(WITHIN_S)

        assert len(city.await_heard(300)) == 300
        client.disconnect()
        client.loop_stop()


def test_who_speaks_no_tls_at_a_tls_door_is_let_go(redis_url, certificate):
    with river(redis_url, terms=Terms(tls=tls_context(*certificate))) as city:
        caller = Caller(city.port, b"")
        caller.say(connect())

        assert caller._exactly(100)[:1] in (b"", b"\x15")  # nothing, or a TLS alert


def test_a_stop_sees_through_what_was_taken_in(redis_url):
    acknowledged = threading.Event()
    with river(redis_url) as city:
        client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        client.on_publish = lambda *_: acknowledged.set()
        client.connect("127.0.0.1", city.port)
        client.loop_start()
        client.publish(TOPIC.decode(), READING, 1)
        city.await_heard(1)

    assert acknowledged.wait(WITHIN_S)
    client.disconnect()
    client.loop_stop()
