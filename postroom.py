"""Webhooks from the command line, for the system administrator."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import typer

from city.networks import networks_of
from city.profile import parse_profile
from city.refusal import Malformed, say
from city.roles import Actor, Role, Seat
from city.webhooks import Undelivered, Webhook
from clerk import at_work
from settings import Settings
from store.store import Store
from store.webhooks import Wish

ADMINISTRATOR = Seat("manage", "命令行", frozenset({Role.SYSADMIN}))

say({
    "unknown_place": (
        "城市档案中没有{what} {name}",
        "The profile of the city has no {what} {name}",
    ),
})  # fmt: skip

webhooks = typer.Typer(no_args_is_help=True, help="Systems outside that are told of cases.")

Events = Annotated[
    list[str] | None, typer.Option("--event", help="`closed` and the like; none: all.")
]
Areas = Annotated[
    list[str] | None, typer.Option("--area", help="Adcode of a district; none: the whole city.")
]
Department = Annotated[str, typer.Option(help="Only cases on which this department works.")]


@webhooks.command("add")
def add_webhook(
    name: str, url: str, event: Events = None, area: Areas = None, department: Department = ""
) -> None:
    """From now on it is told; prints its secret alone, for the receiver. It is not shown again."""
    wish = Wish(name, url, tuple(event or ()), tuple(area or ()), department)
    with administering() as (store, actor, settings):
        check_places(wish, settings)
        added = store.webhooks.add(wish, networks_of(settings.webhook_networks), actor)
    typer.echo(added.secret)


@webhooks.command("remove")
def remove_webhook(name: str) -> None:
    """It is told of nothing more; what waits for it is dropped."""
    with administering() as (store, actor, _):
        store.webhooks.remove(name, actor)


@webhooks.command("list")
def list_webhooks() -> None:
    """Each with its scope, how much was sent, waits and was given up, and its last trouble."""
    with administering() as (store, _actor, _settings):
        for webhook in store.webhooks.all():
            typer.echo(line_of(store, webhook))


@webhooks.command("dead")
def list_dead(name: Annotated[str, typer.Argument(help="None: of all.")] = "") -> None:
    """Messages that were given up; `resend` sends them again."""
    with administering() as (store, _actor, _settings):
        for webhook in [store.webhooks.named(name)] if name else store.webhooks.all():
            for lost in store.outboxes.undelivered(webhook.id):
                typer.echo(line_of_lost(webhook, lost))


@webhooks.command("resend")
def resend(name: str) -> None:
    """Messages that were given up are sent again, before later ones of their cases."""
    with administering() as (store, actor, _):
        count = store.webhooks.resend(name, actor)
    typer.echo(f"{count} messages are sent again.")


@contextmanager
def administering() -> Iterator[tuple[Store, Actor, Settings]]:
    """As `clerk.at_work`, in the post of the system administrator."""
    with at_work() as (store, actor, settings):
        yield store, replace(actor, seat=ADMINISTRATOR), settings


def check_places(wish: Wish, settings: Settings) -> None:
    """A name that the city does not know would be waited for in vain."""
    profile = parse_profile(settings.profile.read_text(encoding="utf-8"))
    departments = {one.code for one in profile.departments}
    areas = {one.code for one in profile.areas} | {profile.adcode}
    if wish.department and wish.department not in departments:
        raise Malformed("unknown_place", what=("部门", "department"), name=wish.department)
    for area in wish.areas:
        if area not in areas:
            raise Malformed("unknown_place", what=("区域", "area"), name=area)


def line_of(store: Store, webhook: Webhook) -> str:
    """A webhook as a line."""
    standing = store.outboxes.standing(webhook.id)
    waiting = store.outboxes.waiting(webhook.id)
    lost = len(store.outboxes.undelivered(webhook.id))
    scope = " ".join([*webhook.events, *webhook.areas, webhook.department])
    return (
        f"{webhook.name:<20} {webhook.url:<44} sent {standing.sent} waiting {waiting} "
        f"dead {lost}  {scope}  {standing.trouble}"
    ).rstrip()


def line_of_lost(webhook: Webhook, lost: Undelivered) -> str:
    """A message that was given up, as a line."""
    at = datetime.fromtimestamp(lost.at_ms / 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%SZ} {webhook.name} {lost.id} tries {lost.tries}: {lost.trouble}"
