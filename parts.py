"""The parts of the city as children of one process: started, named, restarted, ended.

A part says `ready` on its standard output when it is up. One that dies is started again after a
pause that grows; one that leaves with code 2 before it was ever ready was configured wrongly and
takes the whole house down with it: its own sentence is already on the terminal.
"""

import ctypes
import logging
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

log = logging.getLogger("parts")

MISCONFIGURED = 2
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 20.0
# A part that held out this long starts its next life with the shortest pause.
STEADY_AFTER_S = 30.0
END_WITHIN_S = 15.0
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def asked_to_end() -> threading.Event:
    """For a part: set when SIGTERM or SIGINT asks it to end."""
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    return asked


@dataclass(frozen=True, slots=True)
class Part:
    """What to start, and the word on its standard output that says it is up."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    needs: str = ""  # the part that must be up first
    ready: str = "ready"
    speaks: bool = True  # whether its standard output is shown


@dataclass(slots=True)
class Life:
    """A part's present process and what became of the ones before."""

    part: Part
    process: subprocess.Popen[str] | None = None
    pause_s: float = FIRST_PAUSE_S
    started_at: float = 0.0
    due_at: float | None = None
    was_ready: bool = False
    is_up: bool = False  # the present process


@dataclass(frozen=True, slots=True)
class News:
    """Something a child did: `ready` with a line, `gone` with a code, or a `stop` from outside."""

    what: str
    name: str = ""
    detail: str = ""
    code: int = 0


@dataclass(slots=True)
class Household:
    """All parts, one loop over their news; no part outlives it."""

    parts: Sequence[Part]
    say: Callable[[str], None]
    lives: dict[str, Life] = field(default_factory=dict)
    news: "queue.SimpleQueue[News]" = field(default_factory=queue.SimpleQueue)

    def run(self, closing_line: str) -> int:
        """Keeps every part alive until SIGINT or SIGTERM; the exit code for the door."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.news.put(News("stop")))
        code: int | None = None
        try:
            self._start_unlocked("")
            while code is None:
                code = self._hear(closing_line)
        finally:
            self._end()
        return code

    def _hear(self, closing_line: str) -> int | None:
        try:
            news = self.news.get(timeout=self._wait_s())
        except queue.Empty:
            self._restart_due()
            return None
        if news.what == "stop":
            return 0
        if news.what == "ready":
            self._welcome(news, closing_line)
            return None
        return self._mourn(news)

    def _welcome(self, news: News, closing_line: str) -> None:
        life = self.lives[news.name]
        if life.is_up:
            return  # another worker of the same part
        again, life.was_ready, life.is_up = life.was_ready, True, True
        if again:
            log.warning("part is back part=%s", news.name)
            return
        self.say(f"{news.name:<12} {news.detail}".rstrip())
        self._start_unlocked(news.name)
        if all(life.was_ready for life in self.lives.values()):
            self.say(closing_line)

    def _start_unlocked(self, need: str) -> None:
        for part in self.parts:
            if part.needs == need and part.name not in self.lives:
                self._start(part)

    def _mourn(self, news: News) -> int | None:
        life = self.lives[news.name]
        if news.code == MISCONFIGURED and not life.was_ready:
            return MISCONFIGURED
        now = time.monotonic()
        if now - life.started_at > STEADY_AFTER_S:
            life.pause_s = FIRST_PAUSE_S
        life.due_at = now + life.pause_s
        log.warning(
            "part died part=%s code=%s restart_after_s=%.1f", news.name, news.code, life.pause_s
        )
        life.pause_s = min(life.pause_s * 2, LONGEST_PAUSE_S)
        return None

    def _wait_s(self) -> float | None:
        due = [life.due_at for life in self.lives.values() if life.due_at is not None]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _restart_due(self) -> None:
        now = time.monotonic()
        for life in self.lives.values():
            if life.due_at is not None and life.due_at <= now:
                self._start(life.part)

    def _start(self, part: Part) -> None:
        life = self.lives.setdefault(part.name, Life(part))
        life.started_at, life.due_at, life.is_up = time.monotonic(), None, False
        life.process = subprocess.Popen(
            part.command,
            env=dict(part.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C reaches the parent alone, which ends them in order
            preexec_fn=_die_with_parent,
        )
        threading.Thread(target=self._listen, args=(part, life.process), daemon=True).start()

    def _listen(self, part: Part, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if part.ready in line:
                detail = line.strip().removeprefix(part.ready).strip() if part.speaks else ""
                self.news.put(News("ready", part.name, detail))
            elif part.speaks:
                self.say(f"{part.name:<12} {line.rstrip()}")
        self.news.put(News("gone", part.name, code=process.wait()))

    def _end(self) -> None:
        """Ends the parts that need another, then those they needed."""
        needed = [part.name for part in self.parts if not part.needs]
        for names in [part.name for part in self.parts if part.needs], needed:
            for name in names:
                self._signal(name, signal.SIGTERM)
            self._await(names)

    def _signal(self, name: str, number: int) -> None:
        life = self.lives.get(name)
        if life and life.process and life.process.poll() is None:
            life.process.send_signal(number)

    def _await(self, names: Sequence[str]) -> None:
        deadline = time.monotonic() + END_WITHIN_S
        for name in names:
            life = self.lives.get(name)
            if life is None or life.process is None:
                continue
            try:
                life.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("part does not end, killed part=%s", name)
                life.process.kill()
                life.process.wait()


def _die_with_parent() -> None:
    """Asks the kernel to end this child should the parent be killed outright (prctl(2))."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
