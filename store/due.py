"""What has to be done when: the one sorted set of deadlines, read by the clockwork."""

from dataclasses import dataclass

from store import keys
from store.client import Client
from store.reach import reaching

SEPARATOR, PART = "|", ":"


@dataclass(frozen=True, slots=True)
class DueRow:
    """A member `subject|id|what`, or `subject|id|what:part` where a thing has several of a kind."""

    subject: str
    id: str
    what: str
    part: str = ""

    @classmethod
    def parse(cls, member: str) -> "DueRow":
        """The row of a member; what has no three parts is a row of nobody."""
        subject, _, rest = member.partition(SEPARATOR)
        name, _, what = rest.rpartition(SEPARATOR)
        word, _, part = what.partition(PART)
        return cls(subject, name, word, part)

    @property
    def member(self) -> str:
        """As it is kept."""
        what = f"{self.what}{PART}{self.part}" if self.part else self.what
        return SEPARATOR.join((self.subject, self.id, what))


class DueStore:
    """Rows are written by commands only (`Page.due`, `Page.undue`)."""

    def __init__(self, client: Client) -> None:
        self._redis = client

    def until(self, at_ms: int, count: int) -> list[str]:
        """Members that have come due, the earliest first."""
        with reaching():
            found = self._redis.zrangebyscore(keys.DUE, "-inf", at_ms, start=0, num=count)
        return [member.decode() for member in found]
