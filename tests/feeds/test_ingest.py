"""The batch core: order, bounds, acknowledgement after the store, and decoders that break."""

from collections.abc import Callable

import pytest

from feeds.ingest import BATCH, IN_FLIGHT, LINGER_S, LONGEST_LINGER_S, QUEUE, Core
from tests.feeds.parts import NoMemory, PlainDecoded, PlainDecoder, PlainWriter


class SlowStore:
    """A line to a store that answers when the test says so."""

    def __init__(self) -> None:
        self.owed: list[Callable[[], None]] = []

    @property
    def in_flight(self) -> int:
        return len(self.owed)

    def send(self, number: int, data: bytes, replies: int, done: Callable[[], None]) -> None:
        self.owed.append(done)

    def answer(self) -> None:
        self.owed.pop(0)()


class Doors:
    shut = False

    def hold(self, shut: bool) -> None:
        self.shut = shut


class Source:
    def __init__(self) -> None:
        self.safe: list[object] = []

    def acknowledge(self, receipts: object) -> None:
        self.safe.append(receipts)


class Writer(PlainWriter):
    def __init__(self) -> None:
        self.batches: list[list[bytes]] = []
        self.dead: list[str] = []

    def transaction(self, number, batch, tallies, dead, relayed=()):
        self.batches.append(list(batch.payloads))
        self.dead.extend(letter.reason for letter in dead)
        return super().transaction(number, batch, tallies, dead)


class City:
    def __init__(self, decoder: PlainDecoder | None = None) -> None:
        self.store, self.doors, self.writer, self.source = SlowStore(), Doors(), Writer(), Source()
        self.core = Core(decoder or PlainDecoder(), NoMemory(), self.writer, self.store, self.doors)

    def offer(self, count: int, receipts: object = None) -> None:
        topics, payloads = [b"t"] * count, [b"%d" % n for n in range(count)]
        self.core.offer(self.source, topics, payloads, receipts, received_at=1.0)

    def turn(self, at: float) -> None:
        self.core.wait_s(at)
        self.core.turn(at)


def test_a_few_messages_wait_for_more_and_then_go_together():
    city = City()
    city.offer(1)
    city.turn(10.0)
    city.offer(1)
    assert not city.store.owed

    city.turn(10.0 + LINGER_S)

    assert city.writer.batches == [[b"0", b"0"]]


def test_a_full_batch_does_not_wait():
    city = City()
    city.offer(BATCH)

    assert len(city.store.owed) == 1


def test_under_load_it_lingers_longer():
    city = City()
    city.offer(BATCH)
    city.offer(1)
    city.turn(10.0)

    assert city.core.wait_s(10.0) == pytest.approx(LONGEST_LINGER_S)


def test_nothing_is_acknowledged_before_the_store_has_answered():
    city = City()
    city.offer(BATCH, "first")
    city.offer(BATCH, "second")
    assert city.source.safe == []

    city.store.answer()
    assert city.source.safe == ["first"]
    city.store.answer()

    assert city.source.safe == ["first", "second"]
    assert city.core.is_idle
    assert city.core.stored == 2 * BATCH


def test_doors_are_held_while_the_queue_is_full_and_opened_again():
    city = City()
    for _ in range(IN_FLIGHT + QUEUE // BATCH):
        city.offer(BATCH)
    assert city.core.is_full
    assert city.doors.shut

    city.store.answer()
    city.turn(10.0)

    assert not city.doors.shut
    assert city.core.wait_s(10.0) is None


class Brittle(PlainDecoder):
    """Breaks on a certain message, as a decoder with a bug does."""

    def decode_batch(self, topics, payloads, received_ms) -> PlainDecoded:
        if b"13" in payloads:
            raise ZeroDivisionError
        return super().decode_batch(topics, payloads, received_ms)


def test_a_message_that_breaks_its_decoder_costs_only_itself():
    city = City(Brittle())
    city.offer(BATCH, "receipts")
    city.store.answer()

    assert city.writer.batches == [[b"%d" % n for n in range(BATCH) if n != 13]]
    assert city.writer.dead == ["decoder_failed"]
    assert city.source.safe == ["receipts"]


def test_what_must_not_be_decoded_is_buried_with_its_batch():
    city = City()
    city.core.bury(city.core.letter(b"t", b"x" * 5000, "too_large", "Too large.", 9_999))
    city.turn(10.0)
    city.turn(10.0 + LINGER_S)

    assert city.writer.batches == [[]]
    assert city.writer.dead == ["too_large"]
