"""A centre without a simulator: pages over a store of the test's own, alarms raised by hand."""

import threading

import uvicorn

from city.roles import Role
from store.store import Store
from tests.house import new_app
from tests.seats import COOKIE, actor, new_account
from tests.watch.court import Court


class Centre:
    """The web server in a thread, and a judge that sits when told."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.court = Court(store)
        config = uvicorn.Config(
            new_app(store), "127.0.0.1", 0, log_level="error", ws_ping_interval=None
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def start(self) -> None:
        self.thread.start()
        while not self.server.started:
            self.thread.join(0.01)
        self.port = self.server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self.server.should_exit = self.server.force_exit = True
        self.thread.join()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def raise_alarms(self, *depths: float, first: int = 0) -> None:
        """Sensors from a number on say these depths, and are judged."""
        for number, depth in enumerate(depths, first):
            self.court.publisher.ponding(number, depth)
        self.court.sit()

    def session(self, role: Role | str) -> tuple[str, dict[str, str]]:
        """A fresh account of a post: its name, and the cookie that it shows."""
        account = new_account(self.store, role)
        return account.account, {COOKIE: self.store.sessions.enter(account, actor())}
