"""Servers for benchmarks and flow tests: started in a directory, killed, started again."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
UP_WITHIN_S = 20.0
END_WITHIN_S = 15.0
OURS = (20_000, 32_000)  # ports below those that systems give to outgoing connections
# What a broker needs so that it drops nothing in a burst.
PATIENT_BROKER = ("max_queued_messages 0", "max_inflight_messages 0")


def free_port() -> int:
    """A port nobody listens on at this moment, and that no outgoing connection is given."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            port = random.randrange(*OURS)
            probe.bind(("127.0.0.1", port))
            return port


@dataclass
class Server:
    """One child process that can be killed and started again."""

    command: Sequence[str]
    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Starts it and waits until it is up."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, **self.environment},
            )
        self.await_up()

    def await_up(self) -> None:
        """Returns when the server can be used."""
        raise NotImplementedError

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self._reap()

    def restart(self) -> None:
        """kill -9 and up again."""
        self.kill()
        self.start()

    def stop(self) -> int:
        """Asks it to end; its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self._reap()

    def _reap(self) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        code = self.process.wait(END_WITHIN_S)
        self.process.stdout.close()
        return code

    def cpu_s(self) -> float:
        """Processor seconds it used so far (proc(5), fields 14 and 15)."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class RedisServer(Server):
    """redis-server on a unix socket, every write on disk before it is answered."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.path = directory / "redis.sock"
        command = ("redis-server", "--port", "0", "--unixsocket", str(self.path), "--dir",
                   str(directory), "--appendonly", "yes", "--appendfsync", "always", "--save", "",
                   "--logfile", str(directory / "redis.log"), *options)  # fmt: skip
        super().__init__(command, directory)

    @property
    def url(self) -> str:
        """As CITY_REDIS_URL."""
        return f"unix://{self.path}"

    def await_up(self) -> None:
        """Until it answers PONG; while it loads it answers something else."""
        deadline = time.monotonic() + UP_WITHIN_S
        while time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.01)
        raise TimeoutError("redis-server does not come up")

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.path))
                probe.sendall(b"PING\r\n")
                return probe.recv(16).startswith((b"+PONG", b"-NOAUTH"))
            except OSError:
                return False


class Mosquitto(Server):
    """A real broker; without `lines` it is as patient as it can be."""

    def __init__(self, directory: Path, lines: Sequence[str] = PATIENT_BROKER) -> None:
        self.port = free_port()
        self.lines = lines
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / "mosquitto.conf"
        path.write_text("\n".join([f"listener {self.port} 127.0.0.1", "allow_anonymous true",
                                   "user root", *lines, ""]))  # fmt: skip
        super().__init__(("mosquitto", "-c", str(path)), directory)

    @property
    def url(self) -> str:
        """As CITY_MQTT_URL."""
        return f"mqtt://127.0.0.1:{self.port}"

    def await_up(self) -> None:
        """Until it accepts connections."""
        deadline = time.monotonic() + UP_WITHIN_S
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.01)
        raise TimeoutError("mosquitto does not come up")


class Watch(Server):
    """`python -m watch`: the clockwork."""

    def __init__(self, directory: Path, redis_url: str) -> None:
        environment = {"CITY_REDIS_URL": redis_url, "CITY_DATA_DIR": str(directory)}
        super().__init__((sys.executable, "-m", "watch"), directory, environment)

    def await_up(self) -> None:
        """Until it says `ready`."""
        assert self.process is not None
        assert self.process.stdout is not None
        if not self.process.stdout.readline().startswith(b"ready"):
            raise RuntimeError(f"watch does not come up, see {self.directory / 'log'}")


class Ingest(Server):
    """`python -m feeds`, behind its own intake or a broker."""

    def __init__(
        self, directory: Path, redis_url: str, mqtt_url: str = "", worker: int = 0
    ) -> None:
        self.port = free_port()
        environment = {
            "CITY_REDIS_URL": redis_url,
            "CITY_MQTT_URL": mqtt_url,
            "CITY_MQTT_PORT": str(self.port),
            "CITY_DATA_DIR": str(directory),
        }
        command = (sys.executable, "-m", "feeds", "--worker", str(worker))
        super().__init__(command, directory, environment)

    def await_up(self) -> None:
        """Until it says `ready`."""
        assert self.process is not None
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith(b"ready"):
            raise RuntimeError(f"ingest does not come up, see {self.directory / 'log'}")
