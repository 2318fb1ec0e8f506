"""Tells the store once a second that this worker turns, and how it is doing."""

import threading
import time

from feeds.worker import Worker
from store.store import Store, StoreUnreachable

EVERY_S = 1.0
TTL_S = 5.0
STUCK_AFTER_S = 5.0


class Heart(threading.Thread):
    """Beats beside the loop, and only while the loop turns."""

    def __init__(self, store: Store, name: str, worker: Worker) -> None:
        super().__init__(name="heart", daemon=True)
        self._store = store
        self._name = name
        self._worker = worker
        self._stopping = threading.Event()

    def run(self) -> None:
        """Until `stop`."""
        while not self._stopping.wait(EVERY_S):
            if time.monotonic() - self._worker.turned_at < STUCK_AFTER_S:
                self._beat()

    def _beat(self) -> None:
        try:
            self._store.parts.heartbeat(self._name, self._worker.status(), TTL_S)
        except StoreUnreachable:
            return  # the pipe has said so already

    def stop(self) -> None:
        """No more beats."""
        self._stopping.set()
