"""A slow browser never builds a queue."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from live.browser import Browser
from live.looks import Box, Look
from live.news import News
from live.outbox import Outbox

LOOK = Look(frozenset({1, 2}))
NOTHING: frozenset[int] = frozenset()


class Wire:
    """A socket that takes what it is given only when it is let."""

    def __init__(self) -> None:
        self.sent: list[str | bytes] = []
        self.may_take = asyncio.Event()

    async def take(self, message: str | bytes) -> None:
        await self.may_take.wait()
        self.sent.append(message)


def running(act: Callable[[Outbox, Wire], Coroutine[Any, Any, None]]) -> list[str | bytes]:
    """What the wire got of an outbox that is drained while `act` fills it."""

    async def run() -> list[str | bytes]:
        outbox, wire = Outbox(), Wire()
        draining = asyncio.create_task(outbox.drain(wire.take, wire.take))
        await act(outbox, wire)
        await settle()
        draining.cancel()
        return wire.sent

    return asyncio.run(run())


async def settle() -> None:
    """Lets every task go as far as it can: twenty turns of the loop."""
    loop = asyncio.get_running_loop()
    for _ in range(20):
        turn = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn


def test_of_frames_at_most_one_waits_and_a_second_drops_both() -> None:
    async def act(outbox: Outbox, wire: Wire) -> None:
        assert outbox.offer(b"1")
        await settle()  # on its way
        assert outbox.offer(b"2")
        assert not outbox.offer(b"3")
        assert not outbox.is_idle
        wire.may_take.set()
        await settle()
        assert outbox.is_idle

    assert running(act) == [b"1"]


def test_of_each_word_the_newest_is_sent() -> None:
    async def act(outbox: Outbox, wire: Wire) -> None:
        outbox.say("hello", "h")
        await settle()
        for number in range(5):
            outbox.say("status", f"s{number}")
        wire.may_take.set()

    assert running(act) == ["h", "s4"]


def test_text_goes_before_the_frame() -> None:
    async def act(outbox: Outbox, wire: Wire) -> None:
        wire.may_take.set()
        outbox.offer(b"frame")
        outbox.say("hello", "h")

    assert running(act) == ["h", b"frame"]


def test_it_is_quiet_when_no_text_waits() -> None:
    async def act(outbox: Outbox, wire: Wire) -> None:
        outbox.say("who", "w")
        waiting = asyncio.create_task(outbox.quiet())
        await settle()
        assert not waiting.done()
        wire.may_take.set()
        await settle()
        assert waiting.done()

    assert running(act) == ["w"]


def frame(look: Look, owed: frozenset[int] = NOTHING) -> News:
    return News(is_tick=True, frames={(look, owed): b"frame"})


def test_a_browser_that_falls_behind_is_owed_all_it_looks_at() -> None:
    browser = Browser("zh", look=LOOK)
    browser.take(frame(LOOK))
    browser.take(frame(LOOK))

    assert browser.owed == LOOK.layers


def test_a_browser_that_turned_while_a_frame_was_made_misses_nothing() -> None:
    browser = Browser("zh", look=LOOK)
    wider = Look(frozenset({1, 2, 3}))
    browser.turn(wider)
    assert browser.owed == {3}

    browser.take(frame(LOOK))
    assert browser.owed == wider.layers


def test_another_view_owes_every_layer() -> None:
    browser = Browser("zh", look=LOOK)

    browser.turn(Look(LOOK.layers, Box.around((110, 19, 111, 20))))
    assert browser.owed == LOOK.layers


def test_a_busy_browser_that_is_owed_is_not_encoded_for() -> None:
    browser = Browser("zh", look=LOOK, owed=LOOK.layers)
    assert browser.is_ready

    browser.outbox.offer(b"frame")
    assert not browser.is_ready


def test_neighbours_share_their_tiles() -> None:
    here = Box.around((110.3201, 20.0012, 110.3402, 20.0203))
    there = Box.around((110.3399, 20.0101, 110.3599, 20.0399))

    assert here == there == Box(1_103_200_000, 200_000_000, 1_103_600_000, 200_400_000)
