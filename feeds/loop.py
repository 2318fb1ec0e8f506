"""One thread's event loop: sockets and who hears of them, with doors that can be held shut."""

import select
from collections.abc import Callable

READS, WRITES = select.EPOLLIN, select.EPOLLOUT
MOST_EVENTS = 512

Handler = Callable[[int], None]


class Loop:
    """An epoll of what must always be heard, and inside it one of doors that can be held shut.

    Held shut, a thousand publishers cost nothing: their bytes wait in the kernel and then in them.
    """

    def __init__(self) -> None:
        self._always = select.epoll()
        self._doors = select.epoll()
        self._handlers: dict[int, Handler] = {}
        self._door_fds: set[int] = set()
        self._left: list[tuple[int, int]] = []
        self._held = False
        self._is_locked = False
        self._always.register(self._doors.fileno(), READS)

    def add(self, fd: int, handler: Handler, interest: int) -> None:
        """Calls `handler` with the events of `fd`."""
        self._handlers[fd] = handler
        self._always.register(fd, interest)

    def add_door(self, fd: int, handler: Handler, interest: int) -> None:
        """The same for what is not heard while the doors are held."""
        self._handlers[fd] = handler
        self._door_fds.add(fd)
        self._doors.register(fd, interest)

    def change(self, fd: int, interest: int) -> None:
        """Other events from now on."""
        (self._doors if fd in self._door_fds else self._always).modify(fd, interest)

    def remove(self, fd: int) -> None:
        """No more events; the handler is forgotten."""
        del self._handlers[fd]
        if fd in self._door_fds:
            self._door_fds.discard(fd)
            self._doors.unregister(fd)
        else:
            self._always.unregister(fd)

    def hold(self, shut: bool) -> None:
        """Holds the doors shut or lets them open again."""
        if shut != self._held and not self._is_locked:
            self._held = shut
            self._always.modify(self._doors.fileno(), 0 if shut else READS)

    def lock(self) -> None:
        """Holds the doors shut for good."""
        self.hold(True)
        self._is_locked = True

    def turn(self, timeout_s: float) -> None:
        """Waits for events and hands each to its handler."""
        if self._left and not self._held:
            timeout_s = 0.0
        for fd, events in self._always.poll(timeout_s):
            if fd != self._doors.fileno():
                self._hand(fd, events)
        if not self._held:
            self._serve_doors()

    def _serve_doors(self) -> None:
        """Events that a shut door left over come first, so that no publisher is forgotten."""
        waiting = self._left or self._doors.poll(0, MOST_EVENTS)
        self._left = []
        handler_of = self._handlers.get
        for place, (fd, events) in enumerate(waiting):
            if self._held:
                self._left = waiting[place:]
                return
            if handler := handler_of(fd):
                handler(events)

    def _hand(self, fd: int, events: int) -> None:
        handler = self._handlers.get(fd)
        if handler is not None:
            handler(events)

    def close(self) -> None:
        """Gives the epolls back."""
        self._doors.close()
        self._always.close()
