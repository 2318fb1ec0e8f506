"""Who is subscribed at the intake, to what, and how far he has been told.

Two streams are told: what we post (`FIELD`), and what clients tell one another (`RELAYED`). A
worker that serves a subscriber owns him; what a worker says of one whom another one serves
meanwhile is not written. Every change is told in `RELAYED`, so that all workers know who listens.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from store import keys
from store.client import Client, Entry
from store.posted import Posted, posted_of
from store.reach import reaching
from store.relaying import KEEP_RELAYED
from store.retained import RetainedStore
from store.tail import START, Place, after

PAGE = 500
CHANGED = b"s"  # the field of an entry that says whose subscriptions changed
# Only the owner may write: client ids and what is said of them come in pairs.
STAND = """
for at = 2, #ARGV, 2 do
  if redis.call('hget', KEYS[1], ARGV[at]) == ARGV[1] then
    redis.call('hset', KEYS[2], ARGV[at], ARGV[at + 1])
  end
end
"""
KEEP = """
local owner = redis.call('hget', KEYS[1], ARGV[2])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('hset', KEYS[1], ARGV[2], ARGV[1])
redis.call('hset', KEYS[2], ARGV[2], ARGV[4])
redis.call('hset', KEYS[3], ARGV[2], ARGV[5])
redis.call('xadd', KEYS[4], 'MAXLEN', '~', ARGV[3], '*', 's', ARGV[2])
return 1
"""
FORGET = """
if redis.call('hget', KEYS[1], ARGV[2]) ~= ARGV[1] then return 0 end
for key = 1, 3 do redis.call('hdel', KEYS[key], ARGV[2]) end
redis.call('xadd', KEYS[4], 'MAXLEN', '~', ARGV[3], '*', 's', ARGV[2])
return 1
"""


class Mark(NamedTuple):
    """How far both streams were gone."""

    field: Place = START
    relayed: Place = START

    def has(self, posted: Posted) -> bool:
        """Whether a message lies before it."""
        return posted.place <= (self.field if posted.stream == keys.FIELD else self.relayed)

    def past(self, posted: Posted) -> "Mark":
        """Behind a message."""
        name = "field" if posted.stream == keys.FIELD else "relayed"
        return self._replace(**{name: posted.place})

    def later(self, other: "Mark") -> "Mark":
        """The later in each stream."""
        return Mark(max(self.field, other.field), max(self.relayed, other.relayed))

    def reaches(self, other: "Mark") -> bool:
        """Whether it is as far as the other."""
        return self.field >= other.field and self.relayed >= other.relayed


class Subscription(NamedTuple):
    """One topic filter of one client."""

    filter: str
    qos: int
    since: Mark = Mark()
    no_local: bool = False
    as_published: bool = False
    identifier: int = 0


class Subscriber(msgspec.Struct, frozen=True):
    """One client id with its subscriptions."""

    account: str
    subscriptions: tuple[Subscription, ...]
    owner: str  # the worker that serves it, or did last
    expiry_s: float = 0.0  # how long it is kept after it left; 0: not
    ends_ms: int = 0  # when it will be forgotten; 0: it is connected


class Held(NamedTuple):
    """What a client was told and has not acknowledged, or (number 0) is still to be told."""

    number: int  # the packet identifier
    stream: str
    name: str  # the place in a stream, or the topic of a retained message


class Standing(msgspec.Struct, frozen=True):
    """How far a client has been told."""

    mark: Mark = Mark()
    held: tuple[Held, ...] = ()


class Stretch(NamedTuple):
    """What came between two marks."""

    posted: Sequence[Posted]
    changed: Mapping[str, Subscriber | None]
    mark: Mark
    is_full: bool = False  # there may be more behind it


_encode = msgspec.msgpack.Encoder().encode
_subscriber = msgspec.msgpack.Decoder(Subscriber).decode
_standing = msgspec.msgpack.Decoder(Standing).decode


class SubscriberStore:
    """All subscribers of all workers."""

    def __init__(self, client: Client) -> None:
        self._redis = client
        self._retained = RetainedStore(client)

    def all(self) -> dict[str, Subscriber]:
        """Everybody by client id."""
        with reaching():
            found = self._redis.hgetall(keys.SUBSCRIBERS)
        return {name.decode(): _subscriber(value) for name, value in found.items()}

    def get(self, client_ids: Sequence[str]) -> dict[str, Subscriber | None]:
        """Some of them."""
        if not client_ids:
            return {}
        with reaching():
            found = self._redis.hmget(keys.SUBSCRIBERS, client_ids)
        return {
            name: None if value is None else _subscriber(value)
            for name, value in zip(client_ids, found, strict=True)
        }

    def standing(self, client_id: str) -> Standing:
        """How far one has been told."""
        with reaching():
            found = self._redis.hget(keys.STANDINGS, client_id)
        return _standing(found) if found else Standing()

    def claim(self, client_id: str, subscriber: Subscriber, standing: Standing) -> None:
        """Writes one down for a new owner, and tells all workers."""
        with reaching(), self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(keys.SUBSCRIBERS, mapping={client_id: _encode(subscriber)})
            pipe.hset(keys.SUBSCRIBER_OWNERS, mapping={client_id: subscriber.owner})
            pipe.hset(keys.STANDINGS, mapping={client_id: _encode(standing)})
            pipe.xadd(keys.RELAYED, {CHANGED.decode(): client_id}, maxlen=KEEP_RELAYED)
            pipe.execute()

    def keep(self, client_id: str, subscriber: Subscriber, standing: Standing) -> bool:
        """The same, unless another worker serves it now."""
        return self._run(KEEP, client_id, subscriber.owner, _encode(subscriber), _encode(standing))

    def forget(self, client_id: str, owner: str) -> bool:
        """Drops one, unless another worker serves it now."""
        return self._run(FORGET, client_id, owner)

    def _run(self, script: str, client_id: str, owner: str, *words: bytes) -> bool:
        named = keys.SUBSCRIBER_OWNERS, keys.SUBSCRIBERS, keys.STANDINGS, keys.RELAYED
        with reaching():
            done = self._redis.eval(script, 4, *named, owner, client_id, str(KEEP_RELAYED), *words)
        return bool(done)

    def stand(self, owner: str, standings: Mapping[str, Standing]) -> None:
        """How far those have been told whom this worker owns."""
        words = [word for name, one in standings.items() for word in (name, _encode(one))]
        with reaching():
            self._redis.eval(STAND, 2, keys.SUBSCRIBER_OWNERS, keys.STANDINGS, owner, *words)

    def end(self) -> Mark:
        """How far both streams go."""
        with reaching():
            ends = [self._redis.xrevrange(key, count=1) for key in (keys.FIELD, keys.RELAYED)]
        return Mark(*(Place.parse(end[0][0]) if end else START for end in ends))

    def read(self, mark: Mark, block_ms: int) -> Stretch:
        """What comes behind a mark; waits so long for the first."""
        streams = {keys.FIELD: str(mark.field), keys.RELAYED: str(mark.relayed)}
        with reaching():
            found = self._redis.xread(streams, count=PAGE, block=block_ms)
        entries = {name.decode(): entries for name, entries in found}
        return self._stretch(mark, entries, follows=True)

    def page(self, mark: Mark) -> Stretch:
        """The same without waiting, for who lags behind; nothing of whose subscriptions changed."""
        with reaching():
            entries = {
                keys.FIELD: self._redis.xrange(keys.FIELD, after(mark.field), count=PAGE),
                keys.RELAYED: self._redis.xrange(keys.RELAYED, after(mark.relayed), count=PAGE),
            }
        return self._stretch(mark, entries, follows=False)

    def _stretch(self, mark: Mark, entries: Mapping[str, list[Entry]], follows: bool) -> Stretch:
        field, relayed = entries.get(keys.FIELD, []), entries.get(keys.RELAYED, [])
        said = [posted_of(one) for one in field]
        said += [posted_of(one, keys.RELAYED) for one in relayed if CHANGED not in one[1]]
        names = {one[1][CHANGED].decode() for one in relayed if CHANGED in one[1]}
        ends = Mark(
            Place.parse(field[-1][0]) if field else mark.field,
            Place.parse(relayed[-1][0]) if relayed else mark.relayed,
        )
        changed = self.get(sorted(names)) if follows else {}
        return Stretch(said, changed, ends, PAGE in (len(field), len(relayed)))

    def find(self, held: Iterable[Held]) -> list[tuple[Held, Posted | None]]:
        """The messages that were held; None for what is not there any more."""
        return [(one, self._find(one)) for one in held]

    def _find(self, held: Held) -> Posted | None:
        if held.stream == keys.RETAINED:
            return next(iter(self._retained.of([held.name])), None)
        with reaching():
            found = self._redis.xrange(held.stream, held.name, held.name, count=1)
        return posted_of(found[0], held.stream) if found else None
