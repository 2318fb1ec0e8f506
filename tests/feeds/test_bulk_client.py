"""The quick reader of the subscriber against the stock client it inherits from."""

import select
import socket

import paho.mqtt.client as paho
from hypothesis import given, settings
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion

from feeds.bulk_client import BulkClient
from feeds.mqtt import Publishes
from tests.feeds.packets import publish

TOPICS = st.text("abc/ä电", min_size=1, max_size=12).map(str.encode)
PAYLOADS = st.one_of(st.binary(max_size=200), st.integers(0, 20_000).map(bytes))
MESSAGES = st.tuples(TOPICS, PAYLOADS, st.integers(0, 1), st.booleans())
PINGRESP = b"\xd0\0"


class Stock(paho.Client):
    """paho as it is, with a list of what it understood."""

    def __init__(self, v5: bool) -> None:
        protocol = paho.MQTTv5 if v5 else paho.MQTTv311
        super().__init__(CallbackAPIVersion.VERSION2, protocol=protocol, manual_ack=True)
        self.heard: list[tuple[bytes, bytes]] = []
        self.ids: list[int] = []
        self.on_message = self.hear

    def hear(self, _client, _data, message):
        self.heard.append((message.topic.encode(), message.payload))
        self.ids.extend([message.mid] if message.qos else [])


class Bulk(BulkClient):
    """Ours, with the same list."""

    def __init__(self, v5: bool) -> None:
        super().__init__("bulk", v5, self.hear)
        self.heard: list[tuple[bytes, bytes]] = []
        self.ids: list[int] = []

    def hear(self, run: Publishes) -> None:
        self.heard.extend(zip(run.topics, run.payloads, strict=True))
        self.ids.extend(int.from_bytes(one, "big") for one in run.ids)


def understood(client, pieces):
    """What a client makes of bytes that arrive in these pieces."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    client._sock = ours
    for piece in pieces:
        theirs.sendall(piece)
        while select.select([ours], [], [], 0)[0]:
            client.loop_read()
    client._sock_close()
    theirs.close()
    return client.heard, client.ids


@settings(deadline=None)
@given(st.lists(MESSAGES, max_size=6), st.booleans(), st.data())
def test_it_understands_what_the_stock_client_understands(messages, v5, data):
    stream = PINGRESP.join(
        publish(topic, payload, qos=qos, number=place + 1, v5=v5, flags=8 if qos and dup else 0)
        for place, (topic, payload, qos, dup) in enumerate(messages)
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    assert understood(Bulk(v5), pieces) == understood(Stock(v5), [stream])


def test_acknowledgements_of_a_lost_connection_are_not_sent_on_the_next():
    client = Bulk(v5=True)
    old = client.generation
    client._sock, gone = socket.socketpair()
    client._sock_close()
    gone.close()
    client._sock, theirs = socket.socketpair()
    theirs.setblocking(False)

    client.acknowledge([b"\0\1"], old)
    client.acknowledge([b"\0\2"], client.generation)

    assert theirs.recv(100) == b"\x40\2\0\2"
    client._sock_close()
    theirs.close()
