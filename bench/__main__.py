"""`make bench`: runs every benchmark and writes `bench/results.md`; names pick single ones."""

import platform
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import import_module
from os import cpu_count
from pathlib import Path

from bench.rows import Row

# In the order of the page; each module has `measure() -> Iterator[Row]`.
BENCHES = (
    "ingest", "alarms", "broker", "devices", "nodered", "loss", "hostile", "live", "sight",
    "browser", "start", "merging", "cases",
)  # fmt: skip
PAGE = Path(__file__).parent / "results.md"
HEAD = """# Results

Measured by `make bench` with everything on one machine: publishers, broker, ingest, store, web,
browser. A figure that falls short stands here as it is, with the reason.

| what | goal | figure | | note |
|---|---|---|---|---|"""


def main(names: list[str]) -> int:
    """Measures what is named, all without a name; only a full run rewrites the page."""
    rows = [row for name in names or BENCHES for row in said(name)]
    if not names:
        PAGE.write_text(page(rows))
    return 0


def said(name: str) -> Iterable[Row]:
    """The rows of one benchmark, each on the terminal as soon as it is known."""
    for row in import_module(f"bench.{name}").measure():
        sys.stdout.write(f"{row}\n")
        sys.stdout.flush()
        yield row


def page(rows: Iterable[Row]) -> str:
    """The whole page: machine and commit, then the table."""
    return "\n".join([HEAD, *map(str, rows), "", machine(), ""])


def machine() -> str:
    """Where and on what these figures were taken."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}; {cpu_count()} cores "
        f"({cpu_model()}), Python {platform.python_version()}, {platform.platform(terse=True)}."
    )


def cpu_model() -> str:
    """The processor as the kernel names it."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), "?")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
