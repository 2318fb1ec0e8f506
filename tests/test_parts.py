"""The supervisor: parts come up in order, are restarted when they die, and none outlives it."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from queue import SimpleQueue

import pytest

from parts import MISCONFIGURED, Household, News, Part

FOREVER = "import signal; print('ready', flush=True); signal.pause()"


def part(name: str, code: str, needs: str = "") -> Part:
    return Part(name, (sys.executable, "-c", code), dict(os.environ), needs)


class Listener:
    """Runs a household in its own process, where it may own the signals."""

    def __init__(self, *codes: str) -> None:
        program = (
            "import sys, os; from parts import *\n"
            f"parts = [Part(f'p{{i}}', (sys.executable, '-c', code), dict(os.environ),"
            f" needs='p0' if i else '') for i, code in enumerate({codes!r})]\n"
            "sys.exit(Household(parts, lambda line: print(line, flush=True)).run('all up'))"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parent.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def until(self, word: str) -> list[str]:
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line.strip())
            if word in line:
                return lines
        raise AssertionError(f"{word!r} was never said, only {lines}")

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_parts_come_up_and_are_ended_by_a_signal(number: int) -> None:
    city = Listener(FOREVER, FOREVER)

    lines = city.until("all up")

    assert lines == ["p0", "p1", "all up"]
    assert city.end(number) == 0


def test_nobody_starts_before_the_store_is_ready() -> None:
    events: SimpleQueue[str] = SimpleQueue()
    house = Household([part("store", FOREVER), part("other", FOREVER, "store")], events.put)
    house._start(house.parts[0])

    assert list(house.lives) == ["store"]
    house._welcome(house.news.get(timeout=10), "up")
    assert list(house.lives) == ["store", "other"]
    house._end()


def test_a_part_that_dies_is_started_again(tmp_path: Path) -> None:
    mark = tmp_path / "second"
    once = (
        f"import pathlib, signal; mark = pathlib.Path({str(mark)!r}); again = mark.exists();"
        "mark.touch(); print('ready', flush=True);\n"
        "if again:\n    print('second life', flush=True); signal.pause()\n"
        "else:\n    raise SystemExit(1)"
    )
    city = Listener(FOREVER, once)

    city.until("second life")

    assert city.end() == 0
    assert city.process.stderr is not None
    assert "part died part=p1 code=1" in city.process.stderr.read()


def test_a_misconfigured_part_takes_the_house_down_with_its_own_sentence() -> None:
    wrong = "import sys; sys.stderr.write('CITY_PORT is in use\\n'); sys.exit(2)"
    city = Listener(FOREVER, wrong)

    assert city.process.wait(20) == MISCONFIGURED
    assert city.process.stderr is not None
    assert "CITY_PORT is in use" in city.process.stderr.read()


def test_no_part_outlives_a_killed_parent(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    noted = f"import os, pathlib; pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid())); "
    city = Listener(noted + FOREVER)
    city.until("all up")
    watcher = os.pidfd_open(int(pid_file.read_text()))

    city.process.kill()

    gone = threading.Event()
    threading.Thread(target=lambda: (_await_end(watcher), gone.set()), daemon=True).start()
    assert gone.wait(10)


def _await_end(pidfd: int) -> None:
    import select

    select.select([pidfd], [], [])


def test_news_of_a_steady_part_resets_its_pause() -> None:
    house = Household([part("store", FOREVER)], lambda _line: None)
    house._start(house.parts[0])
    life = house.lives["store"]
    life.was_ready, life.pause_s, life.started_at = True, 10.0, -1e9

    house._mourn(News("gone", "store", code=-9))

    assert life.pause_s == pytest.approx(0.4)
    house._end()
