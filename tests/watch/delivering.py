"""A post office of its own process: `python delivering.py URL`; and the clockwork's own."""

import sys
from pathlib import Path

from bench.servers import Server
from city.networks import PRIVATE, networks_of
from store.store import open_store
from watch import webhooks
from watch.webhooks import PostOffice


class Delivering(Server):
    """A sender that can be killed and started again."""

    def __init__(self, directory: Path, redis_url: str) -> None:
        super().__init__((sys.executable, "-m", "tests.watch.delivering", redis_url), directory)

    def await_up(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith(b"ready")


class WatchProcess(Delivering):
    """`python -m watch`."""

    def __init__(self, directory: Path, redis_url: str) -> None:
        super().__init__(directory, redis_url)
        self.command = (sys.executable, "-m", "watch")
        self.environment = {"CITY_REDIS_URL": redis_url, "CITY_DATA_DIR": str(directory)}


def main(url: str) -> None:
    """Delivers until it is killed."""
    webhooks.LOOK_EVERY_S = 0.05
    office = PostOffice(open_store(url), "/460100/citybrain/cases", networks_of(PRIVATE),
                        lambda: True)  # fmt: skip
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    office.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
