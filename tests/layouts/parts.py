"""Looks into trees of components."""

from collections.abc import Iterator
from typing import Any


def walk(node: Any) -> Iterator[Any]:
    """Every component and text below a node."""
    if isinstance(node, list | tuple):
        for one in node:
            yield from walk(one)
    elif node is not None:
        yield node
        yield from walk(getattr(node, "children", None))


def text(node: Any) -> str:
    """What is read."""
    return " ".join(str(one) for one in walk(node) if isinstance(one, str | int | float))


def styled(node: Any, name: str) -> list[Any]:
    """Components of a class."""
    return [one for one in walk(node) if name in str(getattr(one, "className", "")).split()]


def identified(node: Any) -> list[Any]:
    return [one.id for one in walk(node) if getattr(one, "id", None)]
