"""The field follower: reads the logs once for all who want to know what units do.

Each listener is given every stretch, in the order of the list; the place moves after them all, so
a process that ends in between hands the same stretch out again, and a listener must not mind.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from store import keys
from store.following import Follower, Stretch
from store.store import Store
from store.unit_words import Word, words_in
from watch.orders import Answers, Movements

FOLLOWER = "field"
Listener = Callable[[Stretch], None]


@dataclass
class Field:
    """The duty of following what the field says."""

    store: Store
    listeners: Sequence[Listener]
    follower: Follower = field(init=False)

    def __post_init__(self) -> None:
        self.follower = Follower(self.store.redis, FOLLOWER)

    def follow(self) -> bool:
        """What came since on all shards; whether there may be more."""
        return any([self._shard(shard) for shard in range(keys.SHARDS)])

    def _shard(self, shard: int) -> bool:
        stretch = self.follower.read(shard)
        if stretch.is_empty:
            return False
        for listener in self.listeners:
            listener(stretch)
        self.follower.commit(stretch)
        return stretch.is_full


@dataclass
class StatusWords:
    """Notes since when each unit says its status; a repeated word is no news."""

    store: Store
    newest: dict[str, Word] = field(default_factory=dict)  # by unit, as far as it is written

    def hear(self, stretch: Stretch) -> None:
        """The status words of a stretch, in the order of the world's time."""
        newest, news = dict(self.newest), []
        for word in words_in(stretch, self.store.units.fleet):
            last = newest.get(word.unit_id)
            if last and word.observed_ms <= last.observed_ms:
                continue
            newest[word.unit_id] = word
            if last is None or word.word != last.word:
                news.append(word)
        if news:
            self.store.units.heard(news)
        self.newest = newest


def listeners_of(store: Store) -> Sequence[Listener]:
    """Who is told what the field says, in this order."""
    return (StatusWords(store).hear, Answers(store).hear, Movements(store).hear)
