"""How long the city takes from the command to the address, with everything installed."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.rows import Row
from bench.servers import free_port

ROOT = Path(__file__).parent.parent
GOAL_S, RUNS = 8.0, 3


def measure() -> Iterator[Row]:
    """The whole city, simulator and all, on a data directory that begins empty."""
    with tempfile.TemporaryDirectory() as data_dir:
        times = [start(Path(data_dir)) for _ in range(RUNS)]
    yield Row(
        "`app.py` from a set-up venv to the address",
        f"≤ {GOAL_S:g} s",
        f"{median(times):.1f} s ({min(times):.1f}–{max(times):.1f})",
        median(times) <= GOAL_S,
    )


def start(data_dir: Path) -> float:
    """Seconds until the address is printed."""
    environment = dict(os.environ) | {
        "CITY_DATA_DIR": str(data_dir),
        "CITY_PORT": str(free_port()),
        "CITY_MQTT_PORT": str(free_port()),
    }
    begun = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as city:
        assert city.stdout is not None
        next(line for line in city.stdout if line.startswith("open"))
        took = time.monotonic() - begun
        city.send_signal(signal.SIGTERM)
    return took
