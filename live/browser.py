"""One browser at the socket: what it looks at, what it follows, what it is still owed."""

from dataclasses import dataclass, field

from city.sight import EVERYTHING, Sight
from live.looks import Look
from live.news import News, Told
from live.outbox import Outbox


@dataclass(eq=False, slots=True)
class Browser:
    """Known to the hub as long as its socket is open."""

    lang: str
    sight: Sight = EVERYTHING  # what its seat may look at
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
        if self.sight in news.statuses:
            self.outbox.say("status", news.statuses[self.sight])
        if self.follows in news.readings:
            self._take_reading(self.follows, news.readings[self.follows])
        self._take_frame(news)

    def _take_reading(self, thing: str, told: Told) -> None:
        """Unless the thing has left what is seen from this seat."""
        if self.sight.sees(thing, told.area):
            self.outbox.say("reading", told.text)

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
