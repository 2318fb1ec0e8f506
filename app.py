"""The door: starts the whole city as children of one process, or is the web child itself."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import doorstep
import logs
from parts import Household, Part
from settings import Settings, load_or_exit, setting_name

ROOT = Path(__file__).parent


def main(arguments: list[str]) -> int:
    """`app.py` runs the city; `app.py web` serves its pages and is started by the former."""
    settings = load_or_exit()
    logs.configure(settings.log_level, settings.log_format)
    if arguments == ["web"]:
        from web import serve

        return serve(settings)
    hold_terminal()
    return run_city(settings)


def run_city(settings: Settings) -> int:
    """Every part of the city until Ctrl-C; 2 with one sentence where it cannot start."""
    try:
        with doorstep.lock(settings.data_dir):
            doorstep.look(settings)
            address = f"open         http://{settings.host}:{settings.port}"
            return Household(list(city_parts(settings)), say).run(address)
    except doorstep.CannotStart as reason:
        sys.stderr.write(f"{reason}\n")
        return 2


def city_parts(settings: Settings) -> Iterator[Part]:
    """The parts in the order they are named: store, ingest, watch, simulator, staff, web."""
    environment = dict(os.environ)
    needs = ""
    if not settings.redis_url:
        plan = doorstep.embedded_store(settings.data_dir)
        environment[setting_name("redis_url")] = plan.url
        needs = "store"
        yield Part(needs, plan.command, dict(os.environ), ready=plan.ready, speaks=False)

    def child(name: str, *arguments: str) -> Part:
        return Part(name, (sys.executable, *arguments), environment, needs)

    for number in range(settings.ingest_workers):
        yield child(f"ingest-{number}", "-m", "feeds", "--worker", str(number))
    yield child("watch", "-m", "watch")
    if settings.simulator:
        yield child("simulator", "-m", "simulator")
        yield child("staff", "-m", "simulator.staff")
    yield child("web", str(ROOT / "app.py"), "web")


def hold_terminal() -> None:
    """Takes Ctrl-C for this process alone, so that `make` outlives it and ends with its code."""
    if sys.stdin.isatty():
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.setpgid(0, 0)
        os.tcsetpgrp(sys.stdin.fileno(), os.getpgrp())


def say(line: str) -> None:
    """One line to the terminal, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.chdir(ROOT)
    raise SystemExit(main(sys.argv[1:]))
