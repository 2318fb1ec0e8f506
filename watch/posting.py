"""One message over HTTP: to an address that may be called, without following anybody elsewhere.

The name is looked up once, the address found is checked and that very address is called: a name
that points somewhere else a moment later gains nothing. Neither proxies nor redirects are followed,
and of the answer only the status is read.
"""

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from city.networks import Network, refused
from city.webhooks import Answer

CONNECT_WITHIN_S, ANSWER_WITHIN_S = 5.0, 10.0
PORTS = {"http": 80, "https": 443}
MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"
USER_AGENT = "citybrain-webhooks/1"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class NotAllowed(Exception):
    """An address that must not be called."""


def post(letter: Letter, networks: Sequence[Network]) -> Answer:
    """Sends it and says what came of it; raises nothing of the network's."""
    try:
        return Answer(status := status_of(letter, networks), trouble_of(status))
    except NotAllowed as error:
        return Answer(0, str(error))
    except ssl.SSLCertVerificationError as error:
        return Answer(0, f"certificate: {error.verify_message}")
    except TimeoutError:
        return Answer(0, "no answer in time")
    except (OSError, HTTPException, UnicodeError) as error:
        # What the other side wrote is not quoted.
        return Answer(0, error.strerror or name_of(error) if isinstance(error, OSError)
                      else name_of(error))  # fmt: skip


def name_of(error: Exception) -> str:
    """What kind of trouble it is."""
    return type(error).__name__


def trouble_of(status: int) -> str:
    """A status that is not success, in words."""
    return "" if 200 <= status < 300 else f"HTTP {status}"


def status_of(letter: Letter, networks: Sequence[Network]) -> int:
    """The status of the answer."""
    parts = urlsplit(letter.url)
    with connected(parts, networks) as connection, ended_after(connection, ANSWER_WITHIN_S):
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("POST", path, letter.body, {
            "Content-Type": MEDIA_TYPE, "User-Agent": USER_AGENT, "Connection": "close",
            **letter.headers,
        })  # fmt: skip
        return connection.getresponse().status


@contextmanager
def connected(parts: SplitResult, networks: Sequence[Network]) -> Iterator[HTTPConnection]:
    """A connection to the one address that was checked."""
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    is_secret = parts.scheme == "https"
    address = address_of(host, port, is_secret, networks)
    plain = socket.create_connection((address, port), CONNECT_WITHIN_S)
    connection = HTTPSConnection(host, port) if is_secret else HTTPConnection(host, port)
    try:
        plain.settimeout(ANSWER_WITHIN_S)
        secret = trust().wrap_socket(plain, server_hostname=host) if is_secret else None
        connection.sock = secret or plain
        yield connection
    finally:
        connection.close()
        plain.close()


def address_of(host: str, port: int, is_secret: bool, networks: Sequence[Network]) -> str:
    """The first address of a host, if it may be called."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    if why := refused(address.partition("%")[0], is_secret, networks):
        raise NotAllowed(why[1])
    return address


@contextmanager
def ended_after(connection: HTTPConnection, within_s: float) -> Iterator[None]:
    """Cuts the line in any case: an answer that trickles in would take for ever."""
    line: socket.socket = connection.sock
    timer = threading.Timer(within_s, cut, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def cut(line: socket.socket) -> None:
    """Whoever reads from it is told that it is over."""
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is over already


@cache
def trust() -> ssl.SSLContext:
    """Whose certificates are believed: the machine's, or those of SSL_CERT_FILE."""
    return ssl.create_default_context()
