"""`python -m simulator`: the pretend city, publishing until it is told to stop."""

import argparse
import json
import logging
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import logs
from city.profile import Profile, parse_profile
from geo.network import Network, read_network
from parts import asked_to_end
from settings import Settings, load_or_exit
from simulator.connection import Broker
from simulator.crew import Crew, Ears
from simulator.population import natural_rate
from simulator.script import STEP_S, City, Plot
from simulator.stories import STORIES

log = logging.getLogger("simulator")

MISCONFIGURED = 2
MAPS = ("areas", "places", "water")
FAR_BEHIND = timedelta(seconds=5)
STEPS_AT_ONCE = 8
GOODBYE_WITHIN_S = 5.0
NEWS_EVERY_S = 60.0


def main() -> int:
    """Runs the pretend city until SIGTERM."""
    wanted = arguments(sys.argv[1:])
    settings = load_or_exit()
    logs.configure(settings.log_level, settings.log_format)
    stopping = asked_to_end()
    try:
        city = build(settings.profile, wanted)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"CITY_PROFILE cannot be used by the simulator: {error}.\n")
        return MISCONFIGURED
    ears = Ears(city.ears(), city.hear)
    crew = Crew(broker(settings), city.wills(), city.births, ears)
    play(city, crew, wanted, stopping)
    return 0


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--scale", type=above_zero, default=1.0, help="1: 3,000 things")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another city")
    parser.add_argument("--story", choices=sorted(STORIES), default="calm")
    parser.add_argument("--rate", type=above_zero, help="messages per second; default 600 × scale")
    return parser.parse_args(given)


def above_zero(text: str) -> float:
    """A number above zero."""
    number = float(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def broker(settings: Settings) -> Broker:
    """The customer's broker, or our own intake."""
    if not settings.mqtt_url:
        return Broker("127.0.0.1", settings.mqtt_port, tls=False, user=None, password=None)
    parts = urlsplit(settings.mqtt_url)
    tls = parts.scheme == "mqtts"
    return Broker(
        host=parts.hostname or "localhost",
        port=parts.port or (8883 if tls else 1883),
        tls=tls,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def build(path: Path, wanted: argparse.Namespace) -> City:
    """The city of a profile, beginning now."""
    profile = parse_profile(path.read_text(encoding="utf-8"))
    roads, files = read_ground(path.parent, profile)
    story, now = STORIES[wanted.story], datetime.now(UTC)
    plot = Plot(profile.adcode, wanted.scale, wanted.seed, story, now, wanted.rate)
    return City(plot, roads, files)


def read_ground(folder: Path, profile: Profile) -> tuple[Network, dict[str, Any]]:
    """Roads and maps that the profile names."""
    network = json.loads((folder / profile.network).read_text(encoding="utf-8"))
    maps = folder / profile.basemap
    files = {
        name: json.loads((maps / f"{name}.geojson").read_text(encoding="utf-8")) for name in MAPS
    }
    return read_network(network), files


def play(city: City, crew: Crew, wanted: argparse.Namespace, stopping: threading.Event) -> None:
    """Step after step on the wall clock; what the machine slept through is left out."""
    is_ready, news_at = False, time.monotonic() + NEWS_EVERY_S
    city.skip_to(datetime.now(UTC))
    while not stopping.is_set():
        keep_up(city, crew)
        left = (city.now - datetime.now(UTC)).total_seconds()
        crew.turn(time.monotonic() + min(max(0.0, left), STEP_S))
        if not is_ready and crew.connected:
            is_ready = True
            announce(city, wanted)
        if time.monotonic() > news_at:
            news_at = time.monotonic() + NEWS_EVERY_S
            log.info("waiting=%d given_up=%d", crew.waiting, crew.given_up)
    log.info("leaving: telling that everything is offline")
    crew.say(said for sender in city.senders() for said in city.deaths(sender))
    crew.leave(GOODBYE_WITHIN_S)


def keep_up(city: City, crew: Crew) -> None:
    """Says what is due."""
    now = datetime.now(UTC)
    if now - city.now > FAR_BEHIND:
        city.skip_to(now)
    for _ in range(STEPS_AT_ONCE):
        if city.now > now:
            return
        crew.say(city.step())


def announce(city: City, wanted: argparse.Namespace) -> None:
    """Tells the supervisor that the city is up."""
    things = sum(map(len, city.rosters.values()))
    rate = wanted.rate or natural_rate(wanted.scale)
    sys.stdout.write(f"ready {things} things, {rate:.0f} messages/s, story {wanted.story}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
