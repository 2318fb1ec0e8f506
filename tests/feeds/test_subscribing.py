"""Subscriptions at our own intake, held against the statements of MQTT 3.1.1 and MQTT 5.

The numbers in brackets are those of the normative statements; where both standards number one
differently, that of MQTT 5 stands. Raw sockets say what no client library would.
"""

import pytest

from tests.feeds.packets import connect, heard, packet, puback, publish, subscribe, unsubscribe
from tests.feeds.river import PUBACK, Caller, River, river

pytestmark = pytest.mark.flow

VERSIONS = pytest.mark.parametrize("v5", [False, True], ids=["3.1.1", "5"])
TOPIC = b"cb/v1/460106/sw/order/C-1-01/cmd"
ORDER = b'{"order_id":"C-1-01"}'
KEPT = b"\x11\0\0\x0e\x10"  # Session Expiry Interval: an hour
PING, PONG = b"\xc0\0", b"\xd0\0"


def listener(city: River, *wanted: tuple[bytes, int], v5: bool, name: bytes = b"ear",
             properties: bytes = b"", **said: object) -> Caller:  # fmt: skip
    caller = Caller(city.port, connect(name, v5=v5, **said))
    caller.say(subscribe(*wanted, v5=v5, properties=properties))
    assert caller.hear()[0] == 0x90
    return caller


def told(caller: Caller, v5: bool):
    return heard(caller.hear(), v5)


def say(city: River, payload: bytes, v5: bool, *, topic: bytes = TOPIC, qos: int = 1,
        **said: object) -> None:  # fmt: skip
    """Somebody publishes; returns when the store has it."""
    mouth = Caller(city.port, connect(b"mouth", v5=v5))
    mouth.say(publish(topic, payload, qos=qos or 1, number=1, v5=v5, **said))
    assert mouth.hear()[:1] in (PUBACK[:1], b"\x50")
    mouth.close()


def is_told_nothing(caller: Caller) -> bool:
    """Whether a ping is the next that is answered."""
    caller.say(PING)
    return caller.hear() == PONG


@VERSIONS
def test_a_subscription_is_answered_with_its_identifier_and_a_code_each(redis_url, v5):
    """[MQTT-3.8.4-1, -2, -6, -7]: SUBACK, the same identifier, a reason for each filter."""
    with river(redis_url) as city:
        caller = Caller(city.port, v5=v5)
        caller.say(subscribe((b"a/+", 0), (b"b/#", 1), (b"c", 2), number=300, v5=v5))

        codes = b"\0\1\1"  # QoS 2 is granted as 1, which §3.8.4 allows
        assert caller.hear() == packet(0x90, b"\x01\x2c" + (b"\0" if v5 else b"") + codes)


@VERSIONS
@pytest.mark.parametrize(
    ("published", "wanted", "heard_as"), [(0, 1, 0), (1, 0, 0), (1, 1, 1), (2, 1, 1), (2, 2, 1)]
)
def test_a_message_comes_with_the_lower_qos(redis_url, v5, published, wanted, heard_as):
    """[MQTT-3.8.4-8]: the minimum of what was published and what was granted."""
    with river(redis_url) as city:
        caller = listener(city, (TOPIC, wanted), v5=v5)
        mouth = Caller(city.port, connect(b"mouth", v5=v5))
        mouth.say(publish(TOPIC, ORDER, qos=published, number=1, v5=v5))

        found = told(caller, v5)
        assert (found.topic, found.payload, found.qos) == (TOPIC, ORDER, heard_as)
        assert not found.dup
        assert bool(found.number) == bool(heard_as)


@VERSIONS
@pytest.mark.parametrize(
    ("wanted", "topic", "hears"),
    [
        (b"sport/tennis/player1/#", b"sport/tennis/player1", True),  # §4.7.1.2
        (b"sport/tennis/player1/#", b"sport/tennis/player1/score/wimbledon", True),
        (b"#", b"sport", True),
        (b"sport/tennis/+", b"sport/tennis/player1", True),  # §4.7.1.3
        (b"sport/tennis/+", b"sport/tennis/player1/ranking", False),
        (b"sport/+", b"sport", False),
        (b"sport/+", b"sport/", True),
        (b"+/+", b"/finance", True),
        (b"/+", b"/finance", True),
        (b"+", b"/finance", False),
        (b"#", b"$SYS/monitor/Clients", False),  # [MQTT-4.7.2-1]
        (b"+/monitor/Clients", b"$SYS/monitor/Clients", False),
        (b"$SYS/#", b"$SYS/monitor/Clients", True),
        (b"ACCOUNTS", b"Accounts", False),  # §4.7.3: letters as they are
    ],
)
def test_wildcards_hear_what_the_standard_says(redis_url, v5, wanted, topic, hears):
    """[MQTT-4.7.1-1 … 4.7.3-4], with the standard's own examples."""
    with river(redis_url) as city:
        caller = listener(city, (wanted, 0), (b"end", 0), v5=v5)
        say(city, ORDER, v5, topic=topic)
        say(city, b"over", v5, topic=b"end")

        assert told(caller, v5).topic == (topic if hears else b"end")


@pytest.mark.parametrize("wanted", [b"a/#/b", b"a/b#", b"a+", b"+a/b", b""])
def test_what_is_no_filter_is_refused(redis_url, wanted):
    """[MQTT-4.7.1-1, -2], [MQTT-4.7.3-1]: a reason in MQTT 5, a closed line in 3.1.1."""
    with river(redis_url) as city:
        new, old = Caller(city.port, v5=True), Caller(city.port, connect(b"old"))
        new.say(subscribe((wanted, 0), v5=True))
        old.say(subscribe((wanted, 0)))

        assert new.hear() == b"\x90\4\0\1\0\x8f"
        assert old.is_hung_up()


def test_a_shared_subscription_is_refused_clearly(redis_url):
    """§3.2.2.3.13 and §3.9.3: said in the CONNACK, and again when it is asked for."""
    with river(redis_url) as city:
        caller = Caller(city.port, v5=True)
        caller.say(subscribe((b"$share/group/#", 1), v5=True))

        assert b"\x2a\0" in caller.welcome
        assert caller.hear() == b"\x90\4\0\1\0\x9e"


@pytest.mark.parametrize(
    ("rude", "reason"),
    [
        (packet(0x80, b"\0\1\0\0\1a\0"), 0x81),  # [MQTT-3.8.1-1]: flags must be 2
        (packet(0xA0, b"\0\1\0\0\1a"), 0x81),  # [MQTT-3.10.1-1]
        (packet(0x82, b"\0\0\0\0\1a\0"), 0x82),  # [MQTT-2.2.1-3]: an identifier is not 0
        (packet(0x82, b"\0\1\0"), 0x82),  # [MQTT-3.8.3-2]: at least one filter
        (packet(0xA2, b"\0\1\0"), 0x82),  # [MQTT-3.10.3-2]
        (packet(0x82, b"\0\1\0\0\1a\3"), 0x81),  # §3.8.3.1: no QoS 3
        (packet(0x82, b"\0\1\0\0\1a\x40"), 0x81),  # [MQTT-3.8.3-5]: reserved bits
        (packet(0x82, b"\0\1\0\0\1a\x30"), 0x82),  # §3.8.3.1: no retain handling 3
        (packet(0x82, b"\0\1\0\0\x0a$share/g/a\4"), 0x82),  # [MQTT-3.8.3-4]: no local there
        (packet(0x82, b"\0\1\0\0\2\xff\xfe\0"), 0x81),  # [MQTT-3.8.3-1]: UTF-8
        (packet(0x82, b"\0\1\2\x0b\0\0\1a\0"), 0x82),  # §3.8.2.1.2: identifiers begin at 1
    ],
)
def test_a_malformed_subscription_ends_the_connection(redis_url, rude, reason):
    with river(redis_url) as city:
        caller = Caller(city.port, v5=True)
        caller.say(rude)

        assert caller.hear() == bytes([0xE0, 2, reason, 0])
        assert caller.is_hung_up()


@VERSIONS
def test_nothing_is_heard_after_an_unsubscription(redis_url, v5):
    """[MQTT-3.10.4-1, -2, -4, -5]: matched letter by letter, answered, and at once."""
    with river(redis_url) as city:
        caller = listener(city, (b"a/+", 0), (b"end", 0), v5=v5)
        caller.say(unsubscribe(b"a/+", b"a/b", number=9, v5=v5))
        answer = caller.hear()
        say(city, ORDER, v5, topic=b"a/b")
        say(city, b"over", v5, topic=b"end")

        assert answer == packet(0xB0, b"\0\x09" + (b"\0\0\x11" if v5 else b""))
        assert told(caller, v5).topic == b"end"


@VERSIONS
def test_unsubscribing_from_nothing_is_answered_too(redis_url, v5):
    """[MQTT-3.10.4-5]."""
    with river(redis_url) as city:
        caller = Caller(city.port, v5=v5)
        caller.say(unsubscribe(b"a", v5=v5))

        assert caller.hear() == packet(0xB0, b"\0\2" + (b"\0\x11" if v5 else b""))


@VERSIONS
def test_subscribing_again_replaces_and_tells_the_retained_again(redis_url, v5):
    """[MQTT-3.8.4-3]; retain handling 0 is what MQTT 3.1.1 has always done, [MQTT-3.8.4-4]."""
    with river(redis_url) as city:
        say(city, b"kept", v5, flags=1)
        caller = listener(city, (TOPIC, 0), v5=v5)
        first = told(caller, v5)
        caller.say(subscribe((TOPIC, 1), number=7, v5=v5))
        assert caller.hear()[0] == 0x90
        again = told(caller, v5)
        say(city, ORDER, v5)

        assert (first.qos, again.qos) == (0, 1)
        assert first.retain and again.retain
        found = told(caller, v5)
        assert (found.payload, found.qos) == (ORDER, 1)
        assert is_told_nothing(caller)  # once: it replaced the other


@VERSIONS
def test_a_message_for_two_filters_comes_once_with_the_higher_qos(redis_url, v5):
    """[MQTT-3.3.4-2] (3.1.1: [MQTT-3.3.5-1]), [MQTT-3.3.4-3, -4]: all identifiers in one copy."""
    with river(redis_url) as city:
        caller = listener(city, (b"cb/#", 1), v5=v5, properties=b"\x0b\x05" if v5 else b"")
        caller.say(subscribe((TOPIC, 0), number=2, v5=v5, properties=b"\x0b\xc8\1" if v5 else b""))
        caller.hear()
        say(city, ORDER, v5)
        found = told(caller, v5)

        assert found.qos == 1
        assert is_told_nothing(caller)
        if v5:
            assert sorted([found.properties[:2], found.properties[2:]]) in (
                [b"\x0b\x05", b"\x0b\xc8\1"], sorted([found.properties[:3], found.properties[3:]]),
            ) or found.properties in (b"\x0b\x05\x0b\xc8\1", b"\x0b\xc8\1\x0b\x05")  # fmt: skip


@VERSIONS
def test_what_is_retained_is_told_to_who_comes_later(redis_url, v5):
    """[MQTT-3.3.1-5, -8, -9]: the last of each topic, marked; an empty one takes it back."""
    with river(redis_url) as city:
        say(city, b"first", v5, flags=1)
        say(city, b"second", v5, flags=1)
        say(city, b"plain", v5)
        found = told(listener(city, (b"cb/#", 1), v5=v5), v5)
        say(city, b"", v5, flags=1)
        after = listener(city, (b"cb/#", 1), v5=v5, name=b"late")

        assert (found.payload, found.retain, found.qos) == (b"second", True, 1)
        assert is_told_nothing(after)


@VERSIONS
def test_what_is_new_is_not_marked_as_retained(redis_url, v5):
    """[MQTT-3.3.1-12] (3.1.1: [MQTT-3.3.1-9]); as published only where MQTT 5 asks for it."""
    with river(redis_url) as city:
        caller = listener(city, (TOPIC, 1), v5=v5)
        say(city, b"kept", v5, flags=1)
        assert not told(caller, v5).retain
        if v5:
            faithful = listener(city, (b"cb/+/#", 0x28 | 1), v5=True, name=b"faithful")
            say(city, b"kept too", True, flags=1)
            assert told(faithful, True).retain  # [MQTT-3.3.1-13]


@pytest.mark.parametrize(("handling", "first", "again"), [(0, 1, 1), (1, 1, 0), (2, 0, 0)])
def test_retain_handling_says_when_the_retained_are_told(redis_url, handling, first, again):
    """[MQTT-3.3.1-9 … -11]: always, only to a new subscription, never."""
    with river(redis_url) as city:
        say(city, b"kept", True, flags=1)
        caller = Caller(city.port, connect(b"ear", v5=True))
        for number, count in ((1, first), (2, again)):
            caller.say(subscribe((TOPIC, handling << 4), number=number, v5=True))
            assert caller.hear()[0] == 0x90
            for _ in range(count):
                assert told(caller, True).payload == b"kept"
        assert is_told_nothing(caller)


def test_no_local_keeps_ones_own_word_away(redis_url):
    """[MQTT-3.8.3-3]."""
    with river(redis_url) as city:
        caller = listener(city, (b"cb/#", 4), v5=True)
        caller.say(publish(TOPIC, b"mine", v5=True))
        say(city, b"theirs", True)

        assert told(caller, True).payload == b"theirs"


def test_what_is_said_beside_a_message_is_handed_on_unaltered(redis_url):
    """[MQTT-3.3.2-4, -15, -16, -17, -18, -20]: format, topic, correlation, users' own, content."""
    beside = (
        b"\x01\x01" b"\x08\0\2re" b"\x09\0\2\xff\0" b"\x26\0\1a\0\1b" b"\x26\0\1a\0\1c"
        b"\x03\0\4json"
    )  # fmt: skip
    with river(redis_url) as city:
        caller = listener(city, (TOPIC, 1), v5=True)
        old = listener(city, (TOPIC, 1), v5=False, name=b"old")
        say(city, ORDER, True, properties=beside)

        assert told(caller, True).properties == beside
        assert told(old, False).payload == ORDER


def test_a_message_tells_how_much_of_its_time_is_left(redis_url):
    """[MQTT-3.3.2-5, -6]: what is over is not told, and the rest of the time is."""
    with river(redis_url) as city:
        say(city, b"over", True, topic=b"a/over", flags=1, properties=b"\x02\0\0\0\0")
        say(city, b"kept", True, topic=b"a/kept", flags=1, properties=b"\x02\0\0\0\x64")
        found = told(listener(city, (b"a/+", 0), v5=True), True)

        assert found.payload == b"kept"
        assert found.properties[:1] == b"\x02"
        assert 90 <= int.from_bytes(found.properties[1:], "big") <= 100


def test_nobody_owes_more_answers_than_it_can(redis_url):
    """[MQTT-3.3.4-9]: the receive maximum of the CONNECT."""
    with river(redis_url) as city:
        caller = listener(city, (TOPIC, 1), v5=True, properties=b"")
        caller.close()
        caller = Caller(city.port, connect(b"slow", v5=True, properties=b"\x21\0\2"))
        caller.say(subscribe((TOPIC, 1), v5=True))
        caller.hear()
        for number in range(3):
            say(city, b"%d" % number, True)
        first, second = told(caller, True), told(caller, True)
        assert is_told_nothing(caller)
        caller.say(puback(first.number))

        assert [first.payload, second.payload, told(caller, True).payload] == [b"0", b"1", b"2"]


def test_what_is_too_large_for_it_is_as_if_it_had_been_told(redis_url):
    """[MQTT-3.1.2-24, -25]."""
    with river(redis_url) as city:
        caller = Caller(city.port, connect(b"small", v5=True, properties=b"\x27\0\0\0\x64"))
        caller.say(subscribe((TOPIC, 1), v5=True))
        caller.hear()
        say(city, bytes(200), True)
        say(city, b"small", True)

        assert told(caller, True).payload == b"small"


@pytest.mark.parametrize("properties", [b"\x21\0\0", b"\x27\0\0\0\0"])
def test_who_can_take_nothing_is_refused(redis_url, properties):
    """§3.1.2.11.3 f.: a receive maximum or packet size of 0 is a protocol error."""
    with river(redis_url) as city:
        caller = Caller(city.port, connect(b"none", v5=True, properties=properties))

        assert caller.welcome[3] == 0x82


@VERSIONS
def test_messages_of_a_topic_come_in_their_order(redis_url, v5):
    """[MQTT-4.6.0-2 ff.]."""
    with river(redis_url) as city:
        caller = listener(city, (TOPIC, 1), v5=v5)
        mouth = Caller(city.port, connect(b"mouth", v5=v5))
        mouth.say(b"".join(
            publish(TOPIC, b"%d" % n, qos=1, number=n + 1, v5=v5) for n in range(700)
        ))  # fmt: skip
        found = []
        while len(found) < 700:
            one = told(caller, v5)
            found.append(int(one.payload))
            caller.say(puback(one.number))

        assert found == list(range(700))


@VERSIONS
def test_a_clean_session_ends_with_its_connection(redis_url, v5):
    """[MQTT-3.1.2-4], [MQTT-3.1.2-23]: nothing is kept of it."""
    with river(redis_url) as city:
        listener(city, (TOPIC, 1), v5=v5).close()
        say(city, ORDER, v5)
        again = Caller(city.port, connect(b"ear", v5=v5, clean=False))

        assert again.welcome[2] == 0  # no session present
        assert is_told_nothing(again)


@VERSIONS
def test_a_kept_session_hears_what_came_while_it_was_away(redis_url, v5):
    """[MQTT-3.1.2-5], [MQTT-3.2.2-2, -3], [MQTT-4.1.0-1]: subscriptions, and what was missed."""
    kept = {"clean": False, "properties": KEPT if v5 else b""}
    with river(redis_url) as city:
        caller = Caller(city.port, connect(b"ear", v5=v5, **kept))
        caller.say(subscribe((TOPIC, 1), v5=v5))
        caller.hear()
        caller.close()
        say(city, b"one", v5)
        say(city, b"two", v5)
        again = Caller(city.port, connect(b"ear", v5=v5, **kept))

        assert caller.welcome[2] == 0
        assert again.welcome[2] == 1
        assert [told(again, v5).payload for _ in range(2)] == [b"one", b"two"]


@VERSIONS
def test_what_was_not_acknowledged_is_told_again_by_its_number(redis_url, v5):
    """[MQTT-4.4.0-1], [MQTT-3.3.1-1], [MQTT-4.3.2-2 ff.]: with DUP, the same identifier."""
    kept = {"clean": False, "properties": KEPT if v5 else b""}
    with river(redis_url) as city:
        caller = Caller(city.port, connect(b"ear", v5=v5, **kept))
        caller.say(subscribe((TOPIC, 1), v5=v5))
        caller.hear()
        say(city, b"one", v5)
        say(city, b"two", v5)
        one, two = told(caller, v5), told(caller, v5)
        caller.say(puback(one.number))
        caller.say(PING)
        caller.hear()
        caller.close()
        say(city, b"three", v5)
        again = Caller(city.port, connect(b"ear", v5=v5, **kept))
        repeated, new = told(again, v5), told(again, v5)

        assert (repeated.payload, repeated.dup, repeated.number) == (b"two", True, two.number)
        assert (new.payload, new.dup) == (b"three", False)
        assert new.number != two.number


@VERSIONS
def test_starting_anew_forgets_what_was_kept(redis_url, v5):
    """[MQTT-3.1.2-4] (3.1.1: [MQTT-3.1.2-6]), [MQTT-3.2.2-2]."""
    kept = {"clean": False, "properties": KEPT if v5 else b""}
    with river(redis_url) as city:
        caller = Caller(city.port, connect(b"ear", v5=v5, **kept))
        caller.say(subscribe((TOPIC, 1), v5=v5))
        caller.hear()
        caller.close()
        anew = Caller(city.port, connect(b"ear", v5=v5))
        say(city, ORDER, v5)
        assert is_told_nothing(anew)
        anew.close()
        again = Caller(city.port, connect(b"ear", v5=v5, **kept))

        assert anew.welcome[2] == 0
        assert again.welcome[2] == 0
        assert is_told_nothing(again)


def test_a_goodbye_may_say_how_long_it_is_kept(redis_url):
    """§3.14.2.2.2: shorter or longer, but not at all where the CONNECT said 0."""
    with river(redis_url) as city:
        caller = listener(city, (TOPIC, 1), v5=True, clean=False)
        caller.close()
        kept = Caller(city.port, connect(b"ear", v5=True, clean=False, properties=KEPT))
        kept.say(subscribe((TOPIC, 1), v5=True))
        kept.hear()
        kept.say(packet(0xE0, b"\0\5\x11\0\0\0\0"))  # not kept after all
        assert kept.is_hung_up()
        again = Caller(city.port, connect(b"ear", v5=True, clean=False))
        again.say(packet(0xE0, b"\0\5\x11\0\0\0\x3c"))

        assert again.welcome[2] == 0
        assert again.hear() == b"\xe0\2\x82\0"


def test_we_say_when_a_session_is_kept_shorter_than_it_asked(redis_url):
    """§3.2.2.3.2: the Session Expiry Interval that is used, if it is another."""
    with river(redis_url) as city:
        caller = Caller(city.port, connect(b"ear", v5=True, properties=b"\x11\xff\xff\xff\xfe"))

        assert b"\x11" + (7 * 86_400).to_bytes(4, "big") in caller.welcome


@VERSIONS
def test_the_will_is_heard_by_who_wants_to(redis_url, v5):
    """[MQTT-3.1.2-8, -14 ff.]: its QoS, its RETAIN."""
    hello = connect(b"device", v5=v5, will=(TOPIC, b"offline"))
    retained = hello[:9] + bytes([hello[9] | 0x28]) + hello[10:]  # QoS 1, RETAIN
    with river(redis_url) as city:
        caller = listener(city, (TOPIC, 1), v5=v5)
        Caller(city.port, retained).close()
        found = told(caller, v5)
        late = told(listener(city, (TOPIC, 1), v5=v5, name=b"late"), v5)

        assert (found.payload, found.qos, found.retain) == (b"offline", 1, False)
        assert (late.payload, late.retain) == (b"offline", True)


@VERSIONS
def test_who_connects_again_takes_its_subscriptions_over(redis_url, v5):
    """[MQTT-3.1.4-3] (3.1.1: [MQTT-3.1.4-2])."""
    kept = {"clean": False, "properties": KEPT if v5 else b""}
    with river(redis_url) as city:
        first = Caller(city.port, connect(b"ear", v5=v5, **kept))
        first.say(subscribe((TOPIC, 1), v5=v5))
        first.hear()
        second = Caller(city.port, connect(b"ear", v5=v5, **kept))
        say(city, ORDER, v5)

        assert first.hear() == (b"\xe0\2\x8e\0" if v5 else b"")
        assert second.welcome[2] == 1
        assert told(second, v5).payload == ORDER


@VERSIONS
def test_what_is_said_before_the_welcome_is_heard_after_it(redis_url, v5):
    """§3.1.4: a client need not wait for the CONNACK, which still comes first, [MQTT-3.2.0-1]."""
    hello = connect(b"hasty", v5=v5, clean=False, properties=KEPT if v5 else b"")
    with river(redis_url) as city:
        caller = Caller(city.port, b"")
        caller.say(hello + subscribe((TOPIC, 1), v5=v5) + publish(TOPIC, b"x", v5=v5) + PING)

        assert [caller.hear()[0] >> 4 for _ in range(3)] in ([2, 9, 13], [2, 13, 9])
