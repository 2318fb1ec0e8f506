"""`python -m feeds`: one ingest worker, behind our own intake or the customer's broker."""

import argparse
import gc
import json
import logging
import os
import resource
import secrets
import socket
import ssl
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import logs
from city.profile import parse_profile
from feeds.accounts import Accounts, BadAccounts, read_accounts
from feeds.broker import warn_of_limits
from feeds.catalog import all_feeds
from feeds.courier import Courier
from feeds.decoding import Decoder
from feeds.dedup import Recent
from feeds.exchange import Exchange
from feeds.heart import Heart
from feeds.ingest import Core
from feeds.intake import Intake, Terms, listen, tls_context
from feeds.loop import Loop
from feeds.outbound import Outbound
from feeds.siblings import Siblings
from feeds.subscriber import Broker, Subscriber, read_broker, widest
from feeds.worker import Door, NotUp, Worker
from geo.areas import AreaIndex
from geo.ground import Ground
from parts import asked_to_end
from settings import Settings, load_or_exit
from store import keys
from store.endpoint import Endpoint
from store.log import LogWriter
from store.pipe import Pipe, StoreRefused
from store.store import Store, StoreUnreachable, open_store

log = logging.getLogger("feeds")

MISCONFIGURED, FAILED = 2, 1
WARM_BLOCKS = 40  # per shard; a publisher sends again what was cut in the last seconds
GARBAGE_AFTER = 100_000  # batches are garbage by the thousand, and none of it is circular


class CannotStart(Exception):
    """Why not, in one sentence that names the setting."""


def main() -> int:
    """Runs one worker until SIGTERM."""
    number = worker_number(sys.argv[1:])
    settings = load_or_exit()
    logs.configure(settings.log_level, settings.log_format)
    stopping = asked_to_end()
    try:
        return work(settings, number, stopping)
    except CannotStart as reason:
        sys.stderr.write(f"{reason}\n")
        return MISCONFIGURED
    except StoreRefused as refusal:
        log.error("store refuses what we write: %s", refusal)
        return FAILED


def worker_number(arguments: Sequence[str]) -> int:
    """Which of several workers this is."""
    parser = argparse.ArgumentParser(prog="python -m feeds", description=__doc__)
    parser.add_argument("--worker", type=int, default=0, help="number of this worker, from 0")
    return int(parser.parse_args(arguments).worker)


def work(settings: Settings, number: int, stopping: threading.Event) -> int:
    """Builds the worker, opens its door, and turns it."""
    raise_file_limit()
    store = open_store(settings.redis_url)
    worker = build(settings, store, number)
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER, 50, 50)
    heart = Heart(store, f"ingest-{number}", worker)
    outbound = new_outbound(settings, store, number)
    try:
        where = open_door(settings, store, number, worker)
        heart.start()
        if outbound is not None:
            outbound.start()
        sys.stdout.write(f"ready {where}\n")
        sys.stdout.flush()
        worker.run(stopping.is_set)
    finally:
        heart.stop()
        if outbound is not None:
            outbound.stop()
        worker.close()
    return 0


def build(settings: Settings, store: Store, number: int) -> Worker:
    """Decoder, memory, writer and pipe around one loop, connected to the store."""
    shard = number % keys.SHARDS
    run = f"{socket.gethostname()}-{number}-{os.getpid()}-{secrets.token_hex(4)}"
    loop = Loop()
    endpoint = Endpoint(settings.redis_url, keys.log(shard))
    pipe = Pipe(endpoint, keys.applied(shard, run), loop)
    decoder = Decoder(all_feeds(), ground(settings.profile))
    core = Core(decoder, warm_memory(store), LogWriter(shard, run), pipe, loop)
    worker = Worker(loop, pipe, core)
    try:
        worker.reach_store()
    except NotUp as trouble:
        raise CannotStart(f"CITY_REDIS_URL cannot be reached: {trouble}") from None
    return worker


def ground(path: Path) -> Ground:
    """Where things are: the districts and bounds that the city's profile names."""
    try:
        profile = parse_profile(path.read_text(encoding="utf-8"))
        districts = json.loads((path.parent / profile.districts).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CannotStart(f"CITY_PROFILE cannot be used: {error}.") from None
    return Ground(AreaIndex.from_features(districts), profile.bounds)


def warm_memory(store: Store) -> Recent:
    """What the store took in last, so that what is sent again after a crash is recognised."""
    recent = Recent()
    try:
        for batch in store.newest_batches(WARM_BLOCKS):
            recent.warm(batch)
    except StoreUnreachable as trouble:
        raise CannotStart(f"CITY_REDIS_URL cannot be reached: {trouble}") from None
    return recent


def open_door(settings: Settings, store: Store, number: int, worker: Worker) -> str:
    """Our own intake, or the customer's broker; where it is, for the line on the terminal."""
    if settings.mqtt_url:
        broker = read_broker(settings.mqtt_url)
        door: Door = new_subscriber(broker, number, worker)
        where = f"subscribed to {broker.host}:{broker.port}"
    else:
        door = new_intake(settings, store, number, worker)
        where = f"mqtt://{settings.mqtt_bind}:{settings.mqtt_port}"
    try:
        worker.open(door)
    except NotUp as trouble:
        raise CannotStart(f"CITY_MQTT_URL cannot be reached: {trouble}") from None
    return where


def new_intake(settings: Settings, store: Store, number: int, worker: Worker) -> Intake:
    """The listening socket with its accounts and its certificate."""
    bind, port = settings.mqtt_bind, settings.mqtt_port
    try:
        listener = listen(bind, port, shared=settings.ingest_workers > 1)
    except OSError as error:
        raise CannotStart(
            f"Port {port} on {bind} cannot be used ({error.strerror}); set CITY_MQTT_PORT."
        ) from None
    siblings = Siblings(port, number, settings.ingest_workers, worker.loop)
    exchange = new_exchange(store, number, worker)
    return Intake(listener, worker.core, worker.loop, terms(settings), exchange, siblings)


def new_exchange(store: Store, number: int, worker: Worker) -> Exchange:
    """What subscribers are told, with its threads."""
    owner = f"{socket.gethostname()}/{number}/{secrets.token_hex(8)}"
    courier = Courier(store.subscribers, worker.loop)
    return Exchange(store, courier, number % keys.SHARDS, owner)


def terms(settings: Settings) -> Terms:
    """Accounts and certificate, where the settings name them."""
    return Terms(accounts=accounts(settings), tls=tls(settings))


def tls(settings: Settings) -> ssl.SSLContext | None:
    """The certificate and its key; both or none."""
    if settings.mqtt_certificate is None and settings.mqtt_key is None:
        return None
    if settings.mqtt_certificate is None or settings.mqtt_key is None:
        raise CannotStart("CITY_MQTT_CERTIFICATE and CITY_MQTT_KEY belong together; set both.")
    try:
        return tls_context(settings.mqtt_certificate, settings.mqtt_key)
    except OSError as error:  # ssl.SSLError is one
        raise CannotStart(f"CITY_MQTT_CERTIFICATE cannot be used: {error}.") from None


def accounts(settings: Settings) -> Accounts | None:
    """The accounts file, if there is one."""
    if settings.mqtt_users is None:
        return None
    try:
        return read_accounts(settings.mqtt_users)
    except (OSError, BadAccounts) as error:
        raise CannotStart(f"CITY_MQTT_USERS cannot be used: {error}.") from None


def new_subscriber(broker: Broker, number: int, worker: Worker) -> Subscriber:
    """A client of the broker; the first worker also looks at the broker's limits."""
    if number == 0:
        threading.Thread(target=say_limits, args=(broker,), daemon=True).start()
    client_id = f"citybrain-{socket.gethostname()}-{number}"
    filters = widest(feed.topic_filter for feed in all_feeds())
    return Subscriber(broker, client_id, filters, worker.core, worker.loop, number == 0)


def new_outbound(settings: Settings, store: Store, number: int) -> Outbound | None:
    """Who tells the field: behind a broker one of the workers, at our own intake the intake."""
    if not settings.mqtt_url:
        return None
    holder = f"{socket.gethostname()}-{number}-{secrets.token_hex(4)}"
    return Outbound(store, read_broker(settings.mqtt_url), holder)


def say_limits(broker: Broker) -> None:
    """Warns once of what the broker would drop."""
    try:
        warning = warn_of_limits(broker)
    except OSError:
        return  # the subscriber says that the broker is away
    if warning:
        log.warning("%s", warning)


def raise_file_limit() -> None:
    """As many sockets as the system lets us have."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    raise SystemExit(main())
