"""Callbacks wait here for an app: Dash forgets its own list with the first app of a process."""

import asyncio
from collections.abc import Callable, Coroutine
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from dash import Dash

import callbacks
from callbacks.asking import seat_asked
from callbacks.desk import Desk
from city.roles import Right

Function = Callable[..., Any]
Spec = tuple[tuple[Any, ...], dict[str, Any]]


class Wiring:
    """Remembers functions and leaves them ordinary, so that tests can call them."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Function, Right | None, Spec]] = []
        self._in_browser: list[Spec] = []

    def on(
        self, *spec: Any, right: Right | None = None, **options: Any
    ) -> Callable[[Function], Function]:
        """Outputs, inputs and states as Dash has them; the function gets the desk first.

        It is called only for a seat that has the right; for any seat where none is named.
        """

        def remember(function: Function) -> Function:
            self._waiting.append((function, right, (spec, options)))
            return function

        return remember

    def in_browser(self, *spec: Any, **options: Any) -> None:
        """A function of assets/, which needs no server."""
        self._in_browser.append((spec, options))

    def connect(self, app: Dash, desk: Desk) -> None:
        """Hands everything to an app."""
        for function, right, (spec, options) in self._waiting:
            app.callback(*spec, **options)(beside(allowed(function, right), desk))
        for spec, options in self._in_browser:
            app.clientside_callback(*spec, **options)


wiring = Wiring()


def allowed(function: Function, right: Right | None) -> Function:
    """The one place where callbacks ask for the seat; raises Unauthenticated or Forbidden."""

    def run(desk: Desk, *values: Any) -> Any:
        seat = seat_asked(desk)
        if right:
            seat.require(right)
        return function(desk, *values)

    return run


def beside(function: Function, desk: Desk) -> Callable[..., Coroutine[Any, Any, Any]]:
    """The function in a thread of its own: the server's loop must not wait for the store."""

    async def run(*values: Any) -> Any:
        return await asyncio.to_thread(function, desk, *values)

    return run


def connect_all(app: Dash, desk: Desk) -> None:
    """Every callback of this folder; each module is imported, and so connected."""
    for module in iter_modules(callbacks.__path__):
        import_module(f"{callbacks.__name__}.{module.name}")
    wiring.connect(app, desk)
