"""`make bench`: runs every benchmark and writes `bench/results.md`; names pick single ones.

The page has a part for each group of benchmarks, with its own machine and commit; the name of a
part measures and rewrites that part alone.
"""

import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from os import cpu_count
from pathlib import Path

from bench.rows import Row

# Parts of the page in their order; each module has `measure() -> Iterator[Row]`.
PARTS: Mapping[str, tuple[str, ...]] = {
    "river": ("ingest", "broker", "devices", "nodered", "loss", "hostile", "live", "sight",
              "browser", "start"),
    "case": ("alarms", "merging", "cases"),
    "dispatch": ("roads", "candidates", "orders", "field", "dispatch_page"),
}  # fmt: skip
PAGE = Path(__file__).parent / "results.md"
HEAD = """# Results

Measured by `make bench` with everything on one machine: publishers, broker, ingest, store, web,
browser. A figure that falls short stands here as it is, with the reason.
"""
TABLE = """| what | goal | figure | | note |
|---|---|---|---|---|"""
TITLE = "## "


def main(names: list[str]) -> int:
    """Measures parts and rewrites them, all without a name; single benchmarks are only said."""
    for name in names or PARTS:
        if name in PARTS:
            rows = [row for bench in PARTS[name] for row in said(bench)]
            PAGE.write_text(page({**parts_of(PAGE.read_text()), name: part(rows)}))
        else:
            list(said(name))
    return 0


def said(name: str) -> Iterable[Row]:
    """The rows of one benchmark, each on the terminal as soon as it is known."""
    for row in import_module(f"bench.{name}").measure():
        sys.stdout.write(f"{row}\n")
        sys.stdout.flush()
        yield row


def part(rows: Iterable[Row]) -> str:
    """A table, then machine and commit."""
    return "\n".join([TABLE, *map(str, rows), "", machine()])


def parts_of(text: str) -> dict[str, str]:
    """The parts of a page by their titles."""
    found = (one.split("\n", 1) for one in text.split(f"\n{TITLE}")[1:])
    return {title.strip(): body.strip() for title, body in found}


def page(parts: Mapping[str, str]) -> str:
    """The whole page, its parts in their order."""
    told = [f"{TITLE}{name}\n\n{parts[name]}\n" for name in PARTS if name in parts]
    return "\n".join([HEAD, *told])


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
