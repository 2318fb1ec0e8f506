"""`python -m watch`: the clockwork; several may run, one is active."""

import logging
import os
import socket
import sys
import threading
import time

import logs
from city.networks import networks_of
from city.profile import Profile, parse_profile
from parts import asked_to_end
from settings import Settings, load_or_exit
from store.store import StoreUnreachable, open_store
from surveyor import roads_of
from watch.clockwork import ACTIVE, Clockwork
from watch.duties import all_duties
from watch.judge import Bench
from watch.webhooks import PostOffice

log = logging.getLogger("watch")

MISCONFIGURED, FAILED = 2, 1


def main() -> int:
    """Turns until SIGTERM."""
    settings = load_or_exit()
    logs.configure(settings.log_level, settings.log_format)
    stopping = asked_to_end()
    try:
        clockwork, beside = build(settings)
    except (OSError, ValueError) as error:  # BadProfile is a ValueError
        return refuse(f"CITY_PROFILE cannot be used: {error}.")
    except StoreUnreachable as error:
        return refuse(f"CITY_REDIS_URL cannot be reached: {error}.")
    bench, _ = beside
    bench.on_failure = stopping.set
    for one in beside:
        one.start()
    run(clockwork, stopping)
    for one in beside:
        one.stop()
    return FAILED if bench.has_failed else 0


def build(settings: Settings) -> tuple[Clockwork, tuple[Bench, PostOffice]]:
    """The duties, judge and post office beside them, over a store that answers."""
    profile = parse_profile(settings.profile.read_text(encoding="utf-8"))
    store = open_store(settings.redis_url, profile.kinds)
    store.city = profile.for_cases
    store.roads.use(roads_of(settings, profile))
    store.ping()
    name = f"watch-{socket.gethostname()}-{os.getpid()}"
    clockwork = Clockwork(store, name, all_duties(store, profile, settings.audit_days))
    bench = Bench(store, profile.rulebook, profile.kinds, lambda: clockwork.state == ACTIVE)
    source, networks = source_of(profile), networks_of(settings.webhook_networks)
    office = PostOffice(store, source, networks, lambda: clockwork.state == ACTIVE)
    return clockwork, (bench, office)


def source_of(profile: Profile) -> str:
    """Where our events come from, as CloudEvents understand it."""
    return f"/{profile.adcode}/citybrain/cases"


def run(clockwork: Clockwork, stopping: threading.Event) -> None:
    """Turn after turn; the first decides whether we are active or stand by."""
    pause_s = clockwork.turn(time.monotonic())
    sys.stdout.write(f"ready {clockwork.state}\n")
    sys.stdout.flush()
    while not stopping.wait(pause_s):
        pause_s = clockwork.turn(time.monotonic())
    clockwork.close()


def refuse(sentence: str) -> int:
    """One sentence, and the code that says that it is a matter of settings."""
    sys.stderr.write(sentence + "\n")
    return MISCONFIGURED


if __name__ == "__main__":
    raise SystemExit(main())
