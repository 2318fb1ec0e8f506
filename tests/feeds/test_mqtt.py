"""The packet codec: any stream, cut anywhere, gives the same packets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.body import read_length
from feeds.codes import Kind, MalformedPacket, Reason
from feeds.handshake import (
    FOREVER_S,
    Will,
    acks,
    connack,
    encode_length,
    limits,
    read_connect,
)
from feeds.mqtt import ALIKE_AND_PLAIN, Packet, PacketReader, Publishes, peek_publish
from feeds.subscribing import suback, unsuback
from tests.feeds.packets import connect, packet, publish

MESSAGES = st.tuples(
    st.binary(min_size=1, max_size=40),
    st.one_of(st.binary(max_size=300), st.integers(0, 40_000).map(bytes)),
    st.sampled_from([0, 1, 2]),
    st.integers(1, 65535),
    st.sampled_from([b"", b"\x01\x01", b"\x26\0\1a\0\1b"]),
)
OTHERS = st.sampled_from([b"\xc0\0", b"\x62\2\0\7", b"\xe0\0", packet(0x82, b"\0\1\0\1#\1")])


def everything(reader: PacketReader, *chunks: bytes) -> list[object]:
    """What was read, with runs taken apart so that cuts do not show."""
    found: list[object] = []
    for chunk in chunks:
        for item in reader.read(chunk):
            if isinstance(item, Packet):
                found.append((item.kind, item.body))
            else:
                found.extend(zip(item.topics, item.payloads, strict=True))
                found.extend(item.ids)
    return sorted(found, key=repr)


@settings(deadline=None)
@given(st.lists(st.one_of(MESSAGES, OTHERS), max_size=8), st.booleans(), st.data())
def test_a_stream_cut_anywhere_gives_the_same_packets(items, v5, data):
    stream = b"".join(
        item
        if isinstance(item, bytes)
        else publish(
            item[0], item[1], qos=item[2], number=item[3], v5=v5, properties=item[4] if v5 else b""
        )
        for item in items
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    whole = everything(PacketReader(1 << 20, v5), stream)
    cut = everything(PacketReader(1 << 20, v5), *pieces)

    assert cut == whole
    assert [one for one in whole if isinstance(one, tuple) and isinstance(one[0], bytes)] == sorted(
        [(item[0], item[1]) for item in items if isinstance(item, tuple)], key=repr
    )


@settings(deadline=None)
@given(st.binary(max_size=400), st.booleans())
def test_rubbish_is_malformed_or_waited_for_but_never_an_accident(rubbish, v5):
    reader = PacketReader(1 << 20, v5)

    try:
        everything(reader, rubbish)
    except MalformedPacket as error:
        assert error.reason >= Reason.UNSPECIFIED


@settings(deadline=None)
@given(st.integers(0, 268_435_455))
def test_a_length_is_read_as_it_was_written(length):
    assert read_length(encode_length(length), 0) == (length, len(encode_length(length)))


def test_messages_of_one_run_keep_their_order_and_their_ids():
    stream = b"".join(publish(b"t", b"payload %d" % n, qos=1, number=n) for n in range(1, 6))

    [run] = PacketReader(1 << 20).read(stream)

    assert run.payloads == [b"payload %d" % n for n in range(1, 6)]
    assert run.ids == [b"\0" + bytes([n]) for n in range(1, 6)]


def test_a_run_is_of_one_qos():
    stream = b"".join(publish(b"t", b"payload %d" % n, qos=n % 2, number=n) for n in (1, 3, 4, 5))

    runs = list(PacketReader(1 << 20).read(stream))

    assert [run.payloads for run in runs] == [[b"payload 1", b"payload 3"], [b"payload 4"],
                                             [b"payload 5"]]  # fmt: skip
    assert [run.ids for run in runs] == [[b"\0\1", b"\0\3"], [], [b"\0\5"]]


def test_a_retained_message_comes_alone_to_who_keeps_them():
    stream = publish(b"t", b"first one") + publish(b"t", b"kept", flags=1)

    [both] = PacketReader(1 << 20).read(stream)
    first, kept = PacketReader(1 << 20, alike=ALIKE_AND_PLAIN).read(stream)

    assert len(both.topics) == 2
    assert not first.retain
    assert kept.retain and kept.payloads == [b"kept"]


def test_what_stands_beside_a_message_is_kept_for_who_hears_it():
    beside = b"\x26\0\1a\0\1b\x02\0\0\0\x3c\x26\0\1a\0\1c"

    [run] = PacketReader(1 << 20, v5=True).read(publish(b"t", b"x", v5=True, properties=beside))

    assert run.properties == b"\x26\0\1a\0\1b\x26\0\1a\0\1c"
    assert run.expires_after_s == 60


def test_a_message_of_qos_2_comes_alone():
    stream = publish(b"t", b"first one") + publish(b"t", b"second", qos=2, number=9)

    first, second = PacketReader(1 << 20).read(stream)

    assert isinstance(first, Publishes) and not first.exactly_once
    assert isinstance(second, Publishes) and second.exactly_once and second.ids == [b"\0\x09"]


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (b"\x00\x00", Reason.MALFORMED_PACKET),  # type 0
        (b"\x36\x04\0\1ta", Reason.MALFORMED_PACKET),  # QoS 3
        (b"\x30\xff\xff\xff\xff\x01", Reason.MALFORMED_PACKET),  # length of five bytes
        (b"\x30\x02\0\x05", Reason.MALFORMED_PACKET),  # topic longer than the packet
        (publish(b"t", b"payload", qos=1, number=0), Reason.PROTOCOL_ERROR),
        (publish(b"t", b"payload", qos=2, number=0), Reason.PROTOCOL_ERROR),
        (b"\x30\xff\xff\x7f", Reason.PACKET_TOO_LARGE),
    ],
)
def test_a_malformed_packet_says_why(stream, reason):
    with pytest.raises(MalformedPacket) as refused:
        everything(PacketReader(1 << 20), stream)

    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        (b"\x23\0\1", Reason.TOPIC_ALIAS_INVALID),
        (b"\x7f", Reason.MALFORMED_PACKET),  # no such property
        (b"\x01\x01\x01\x01", Reason.PROTOCOL_ERROR),  # twice
        (b"\x02\0\0", Reason.MALFORMED_PACKET),  # cut short
    ],
)
def test_bad_properties_of_a_message_are_refused(properties, reason):
    stream = publish(b"t", b"", v5=True, properties=properties)

    with pytest.raises(MalformedPacket) as refused:
        everything(PacketReader(1 << 20, v5=True), stream)

    assert refused.value.reason is reason


def test_of_a_packet_that_is_too_large_the_beginning_is_kept():
    stream = publish(b"some/topic", bytes(2000))

    with pytest.raises(MalformedPacket) as refused:
        everything(PacketReader(1000), stream[:500])

    topic, payload, size = peek_publish(refused.value.head)
    assert (topic, payload, size) == (b"some/topic", bytes(500 - 3 - 12), 2012)


def test_an_introduction_is_read_with_all_it_says():
    raw = connect(
        b"gateway", v5=True, clean=False, keep_alive_s=30,
        user="市政".encode(), password=b"\0\1", will=(b"a/state", b"offline"),
        properties=b"\x11\0\0\0\x3c", will_properties=b"\x18\0\0\0\5",
    )  # fmt: skip

    [found] = PacketReader(1 << 20).read(raw)

    said = read_connect(found)
    assert (said.v5, said.client_id, said.clean, said.keep_alive_s) == (True, "gateway", False, 30)
    assert (said.user, said.password, said.session_expiry_s) == ("市政", b"\0\1", 60)
    assert said.will == Will(b"a/state", b"offline", 5)


def test_an_old_client_without_clean_session_is_kept_for_good():
    [found] = PacketReader(1 << 20).read(connect(b"old", clean=False))

    assert read_connect(found).session_expiry_s == FOREVER_S


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\0\6MQIsdp\3\2\0\x3c\0\1c", Reason.UNSUPPORTED_VERSION),
        (b"\0\4MQTT\6\2\0\x3c\0\0\1c", Reason.UNSUPPORTED_VERSION),
        (b"\0\4MQTT\4\3\0\x3c\0\1c", Reason.MALFORMED_PACKET),  # reserved flag
        (b"\0\4MQTT\4\x3a\0\x3c\0\1c", Reason.MALFORMED_PACKET),  # will QoS without a will
        (b"\0\4MQTT\4\2\0\x3c\0\2\xff\xfe", Reason.MALFORMED_PACKET),  # not UTF-8
        (b"\0\4MQTT\5\2\0\x3c\4\x15\0\1x\0\1c", Reason.BAD_AUTHENTICATION_METHOD),
    ],
)
def test_a_bad_introduction_is_refused_with_its_reason(body, reason):
    with pytest.raises(MalformedPacket) as refused:
        read_connect(Packet(Kind.CONNECT, 0, body))

    assert refused.value.reason is reason


def test_answers_are_as_the_standards_draw_them():
    assert connack(False, Reason.SUCCESS, known=True) == b"\x20\2\1\0"
    assert connack(False, Reason.NOT_AUTHORIZED) == b"\x20\2\0\5"
    assert connack(True, Reason.SERVER_BUSY) == b"\x20\3\0\x89\0"
    assert connack(True, Reason.SUCCESS, properties=limits(1 << 20, "x")).endswith(b"\x12\0\1x")
    assert acks(Kind.PUBACK, [b"\0\1", b"\0\2"]) == b"\x40\2\0\1\x40\2\0\2"
    assert acks(Kind.PUBACK, []) == b""
    assert suback(False, b"\0\1", [Reason.GRANTED_1, Reason.NOT_AUTHORIZED]) == b"\x90\4\0\1\1\x80"
    assert suback(True, b"\0\1", [Reason.NOT_AUTHORIZED]) == b"\x90\4\0\1\0\x87"
    assert unsuback(False, b"\0\1", [Reason.SUCCESS]) == b"\xb0\2\0\1"
    assert unsuback(True, b"\0\1", [Reason.NO_SUBSCRIPTION_EXISTED]) == b"\xb0\4\0\1\0\x11"
