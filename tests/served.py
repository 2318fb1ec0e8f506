"""The web server of a test on a free port, in a thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from store.store import Store
from tests.house import new_house
from web import create_app, listen

UP_WITHIN_S = 30


@contextmanager
def served(store: Store) -> Iterator[str]:
    """Its address, until the block ends."""
    up = threading.Event()
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(create_app(new_house(store), up.set), log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        assert up.wait(UP_WITHIN_S)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
