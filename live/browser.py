"""One browser at the socket: what it looks at, what it follows, what it is still owed."""

from dataclasses import dataclass, field

from live.looks import Look
from live.news import News
from live.outbox import Outbox


@dataclass(eq=False, slots=True)
class Browser:
    """Known to the hub as long as its socket is open."""

    lang: str
    outbox: Outbox = field(default_factory=Outbox)
    look: Look = field(default_factory=Look)
    owed: frozenset[int] = frozenset()  # layers of which it must get a snapshot first
    follows: str | None = None

    @property
    def is_ready(self) -> bool:
        """Whether anything should be encoded for it; snapshots only when it has taken all else."""
        return bool(self.look.layers) and (not self.owed or self.outbox.is_idle)

    def turn(self, look: Look) -> None:
        """Looks elsewhere; what is new in it is owed."""
        self.owed = (self.owed | look.new_layers(self.look)) & look.layers
        self.look = look

    def take(self, news: News) -> None:
        """Takes over what is its own of the news."""
        for word, text in news.words.items():
            self.outbox.say(word, text)
        if self.follows in news.readings:
            self.outbox.say("reading", news.readings[self.follows])
        self._take_frame(news)

    def _take_frame(self, news: News) -> None:
        frame = news.frames.get((self.look, self.owed))
        if frame is None:
            # It turned meanwhile, or was not waited for: what this tick told is missed.
            if news.is_tick:
                self.owed = self.look.layers
            return
        self.owed = frozenset()
        if frame and not self.outbox.offer(frame):
            self.owed = self.look.layers
