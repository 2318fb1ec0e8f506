"""Plays a recording to a broker or to our own intake: QoS 1, paced, every answer counted."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from feeds.calls import recorded_calls
from feeds.replay import Due, Recorded, due, read_lines, shift_to
from feeds.subscriber import dress, read_broker

KEEP_ALIVE_S = 30
WINDOW = 1_000  # messages that may wait for their answer
CONNECT_WITHIN_S, ANSWER_WITHIN_S = 5.0, 30.0

Progress = Callable[[int, int], None]  # messages answered, of how many
# Reads a file; the callable hears the number of each line that is no message.
Reader = Callable[[Path, Callable[[int], None]], list[Recorded]]


class NotPlayed(Exception):
    """Why a recording was not played to its end, in a sentence."""


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a recording."""

    messages: int  # sent, and each acknowledged
    unreadable: int  # lines that are no message
    seconds: float


def traffic(path: Path, refuse: Callable[[int], None]) -> list[Recorded]:
    """A recording of MQTT traffic."""
    with path.open("rb") as lines:
        return list(read_lines(lines, refuse))


def calls(adcode: str) -> Reader:
    """A table of a fire service's calls, told as if its city had this code."""

    def read(path: Path, refuse: Callable[[int], None]) -> list[Recorded]:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return recorded_calls(lines, adcode, refuse)

    return read


def publish_recording(
    path: Path,
    url: str,
    speed: float = 1.0,
    now: datetime | None = None,
    progress: Progress = lambda _done, _of: None,
    read: Reader = traffic,
) -> Played:
    """Plays a recording; with `now` it is re-timed so that its last message is just happening."""
    unreadable: list[int] = []
    recording = read(path, unreadable.append)
    if now is not None:
        recording = shift_to(recording, now + _length(recording, speed))
    begun_at = time.monotonic()
    player = Player(url)
    try:
        player.play(list(due(recording, speed)), progress)
    finally:
        player.close()
    return Played(len(recording), len(unreadable), time.monotonic() - begun_at)


def _length(recording: Sequence[Recorded], speed: float) -> timedelta:
    if not recording or not speed:
        return timedelta()
    times = [message.at for message in recording]
    return (max(times) - times[0]) / speed


class Player:
    """A publisher that waits for its answers."""

    def __init__(self, url: str) -> None:
        self._news = threading.Condition()
        self._sent = self._answered = 0
        self._refusal = "no answer"
        self._is_welcome = self._has_answer = False
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.max_inflight_messages_set(WINDOW)
        self._client.max_queued_messages_set(0)
        self._client.on_connect = self._greeted
        self._client.on_publish = self._acknowledged
        self._connect(url)

    def play(self, messages: Sequence[Due], progress: Progress) -> None:
        """Sends each message when it is due, and returns when the last is acknowledged."""
        begun_at = time.monotonic()
        for message in messages:
            self._pause_until(begun_at + message.after_s)
            self._await(lambda: self._sent - self._answered < WINDOW)
            self._client.publish(message.topic, message.payload, qos=1)
            self._sent += 1
            progress(self._answered, len(messages))
        self._await(lambda: self._answered >= len(messages))
        progress(self._answered, len(messages))

    def close(self) -> None:
        """Says goodbye."""
        self._client.disconnect()
        self._client.loop_stop()

    def _connect(self, url: str) -> None:
        broker = read_broker(url)
        dress(self._client, broker)
        try:
            self._client.connect(broker.host, broker.port, KEEP_ALIVE_S)
        except (OSError, ValueError) as error:
            raise NotPlayed(f"{broker.host}:{broker.port} cannot be reached: {error}.") from None
        self._client.loop_start()
        with self._news:
            self._news.wait_for(lambda: self._has_answer, CONNECT_WITHIN_S)
        if not self._is_welcome:
            self.close()
            raise NotPlayed(f"{broker.host}:{broker.port} does not let us in: {self._refusal}.")

    def _await(self, is_so: Callable[[], bool]) -> None:
        """Waits as long as answers keep coming."""
        with self._news:
            while not is_so():
                if not self._news.wait(ANSWER_WITHIN_S):
                    raise NotPlayed(f"No answer for {ANSWER_WITHIN_S:g} s; the rest was not sent.")

    def _pause_until(self, at: float) -> None:
        pause_s = at - time.monotonic()
        if pause_s > 0:
            time.sleep(pause_s)

    def _greeted(
        self, _client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        with self._news:
            self._is_welcome = not reason.is_failure
            self._refusal = str(reason)
            self._has_answer = True
            self._news.notify_all()

    def _acknowledged(
        self, _client: paho.Client, _data: Any, _mid: int, _reason: Any, _properties: Any
    ) -> None:
        with self._news:
            self._answered += 1
            self._news.notify_all()
