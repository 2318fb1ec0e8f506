"""The whole city as one child process, for journeys and measurements in a browser."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from bench.servers import free_port

ROOT = Path(__file__).parents[2]


class City:
    """`app.py` with its simulator, on free ports and a data directory of its own.

    `more` are settings besides, as the environment spells them.
    """

    def __init__(self, data_dir: Path, **more: str) -> None:
        self.port, self.mqtt = free_port(), free_port()
        settings = {
            "CITY_PORT": str(self.port),
            "CITY_MQTT_PORT": str(self.mqtt),
            "CITY_DATA_DIR": str(data_dir),
            **more,
        }
        rest = {key: value for key, value in os.environ.items() if not key.startswith("CITY_")}
        self.environment = rest | settings
        self.process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/situation"

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A duty of the administrator, on this city."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True,
                              text=True, check=False, timeout=60)  # fmt: skip

    def until_open(self) -> None:
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if line.startswith("open"):
                return
        raise AssertionError(f"the city never opened: {said}")

    def web_process(self) -> int:
        """The child that serves the pages."""
        for entry in Path("/proc").glob("[0-9]*"):
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.exists() else []
            if b"web" in words and self.is_ours(entry):
                return int(entry.name)
        raise AssertionError("no web process")

    def is_ours(self, entry: Path) -> bool:
        return f"CITY_PORT={self.port}".encode() in (entry / "environ").read_bytes().split(b"\0")

    def end(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
