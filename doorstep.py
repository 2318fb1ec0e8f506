"""What is checked before the city starts, so that a bad start ends in one sentence."""

import fcntl
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from settings import Settings
from store.embedded import EmbeddedPlan, NoServer, plan
from store.store import StoreUnreachable, open_store

log = logging.getLogger("doorstep")

MQTT_PORTS = {"mqtt": 1883, "mqtts": 8883}
ANSWER_WITHIN_S = 3.0


class CannotStart(Exception):
    """Why the city does not start: one sentence that names the setting."""


@contextmanager
def lock(data_dir: Path) -> Iterator[None]:
    """Holds the data directory for this city alone."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        file = (data_dir / "lock").open("w")
    except OSError as error:
        raise CannotStart(f"CITY_DATA_DIR cannot be written: {error}.") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"Another city already runs on {data_dir}; end it, or set CITY_DATA_DIR."
            ) from None
        yield


def look(settings: Settings) -> None:
    """Refuses a busy port, a missing profile, a store or a broker that does not answer."""
    if not settings.profile.is_file():
        raise CannotStart(f"CITY_PROFILE names no file: {settings.profile}.")
    refuse_busy("CITY_PORT", settings.host, settings.port)
    if settings.redis_url:
        reach_store(settings.redis_url)
    if settings.mqtt_url:
        reach_broker(settings.mqtt_url)
    else:
        refuse_busy("CITY_MQTT_PORT", settings.mqtt_bind, settings.mqtt_port)


def refuse_busy(setting: str, host: str, port: int) -> None:
    """Raises CannotStart when nobody can listen on that port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} on {host} cannot be used ({error.strerror}); set {setting}."
            ) from None


def reach_store(url: str) -> None:
    """Raises CannotStart when the customer's Redis does not answer; warns where it is unsafe."""
    store = open_store(url)
    try:
        store.ping()
        for doubt in store.doubts():
            log.warning("the Redis of CITY_REDIS_URL %s.", doubt)
    except StoreUnreachable as error:
        raise CannotStart(f"CITY_REDIS_URL cannot be reached: {error}") from None


def reach_broker(url: str) -> None:
    """Raises CannotStart when nobody listens at the customer's broker."""
    where = urlsplit(url)
    port = where.port or MQTT_PORTS[where.scheme]
    try:
        socket.create_connection((where.hostname or "localhost", port), ANSWER_WITHIN_S).close()
    except OSError as error:
        raise CannotStart(
            f"CITY_MQTT_URL cannot be reached: {where.hostname}:{port} ({error.strerror or error})."
        ) from None


def embedded_store(data_dir: Path) -> EmbeddedPlan:
    """The command and the address of our own Redis server."""
    try:
        return plan(data_dir)
    except NoServer as error:
        raise CannotStart(str(error)) from None
