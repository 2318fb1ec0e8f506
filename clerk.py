"""Accounts and tokens from the command line, for whoever administers the machine."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer

import doorstep
from city.refusal import Refusal
from city.roles import Actor, Role, Seat
from settings import Settings, load_or_exit
from store import secrets
from store.accounts import Post
from store.embedded import running_url
from store.store import Store, StoreUnreachable, open_store
from store.tokens import Scope

MISCONFIGURED = 2
ROOT = Seat("manage", "命令行", frozenset({Role.SECADMIN}))

users = typer.Typer(no_args_is_help=True, help="Accounts of people.")
tokens = typer.Typer(no_args_is_help=True, help="Tokens of machines.")

Roles = Annotated[list[Role], typer.Option("--role", help="A post; several are allowed.")]
Areas = Annotated[
    list[str] | None, typer.Option("--area", help="Adcode of a district; none: the whole city.")
]
Department = Annotated[str, typer.Option(help="Slug of a department, as in its topics.")]
Named = Annotated[str, typer.Option(help="What people call it.")]


@users.command("add")
def add_user(
    account: str,
    role: Roles,
    name: Named,
    area: Areas = None,
    department: Department = "",
    until: Annotated[str, typer.Option(help="Last day of a contract, YYYY-MM-DD.")] = "",
) -> None:
    """Makes an account and prints its one-time password alone."""
    password = secrets.new_password()
    post = Post(name, tuple(role), tuple(area or ()), department, until)
    with at_work() as (store, actor, settings):
        store.accounts.create(account, post, password, actor, settings.seat_rules)
    typer.echo(password)


@users.command("disable")
def disable_user(account: str) -> None:
    """Nobody logs in with it any more; its sessions end at once."""
    with at_work() as (store, actor, _):
        store.accounts.disable(account, actor)


@users.command("enable")
def enable_user(account: str) -> None:
    """It may log in again."""
    with at_work() as (store, actor, _):
        store.accounts.enable(account, actor)


@users.command("unlock")
def unlock_user(account: str) -> None:
    """Forgets its failed logins."""
    with at_work() as (store, actor, _):
        store.accounts.unlock(account, actor)


@users.command("reset")
def reset_user(account: str) -> None:
    """Prints a new one-time password alone; the second factor is set up anew."""
    with at_work() as (store, actor, _):
        typer.echo(store.accounts.reset(account, actor))


@users.command("list")
def list_users() -> None:
    """Every account with its posts and scope."""
    with at_work() as (store, _actor, _settings):
        for one in store.accounts.all():
            state = "disabled" if one.is_disabled else "demo" if one.is_demo else ""
            where = " ".join([*one.areas, one.department])
            typer.echo(f"{one.account:<20} {' '.join(one.roles):<24} {where:<24} {state}".rstrip())


@tokens.command("create")
def create_token(
    role: Annotated[Role, typer.Option(help="The post whose rights it has.")],
    name: Named,
    area: Areas = None,
    department: Department = "",
) -> None:
    """Makes a token and prints it alone; it is not shown again."""
    scope = Scope(name, role, tuple(area or ()), department)
    with at_work() as (store, actor, settings):
        token = store.tokens.create(scope, settings.seat_rules.token_for, actor)
    typer.echo(token)


@tokens.command("revoke")
def revoke_token(name: str) -> None:
    """By its name or id; it opens nothing from now on."""
    with at_work() as (store, actor, _):
        store.tokens.revoke(name, actor)


@contextmanager
def at_work() -> Iterator[tuple[Store, Actor, Settings]]:
    """The store, who does it, the settings; whatever is refused ends in one sentence and code 2."""
    settings = load_or_exit()
    actor = Actor(ROOT, "local", datetime.now(UTC))
    try:
        with city_store(settings) as store:
            yield store, actor, settings
    except (Refusal, StoreUnreachable, doorstep.CannotStart) as trouble:
        sys.stderr.write(f"{trouble}\n")
        raise typer.Exit(MISCONFIGURED) from None


@contextmanager
def city_store(settings: Settings) -> Iterator[Store]:
    """The store of the city; our own server is started for this duty where it does not run."""
    running = settings.redis_url or running_url(settings.data_dir)
    if running:
        yield open_store(running)
        return
    with doorstep.lock(settings.data_dir):
        plan = doorstep.embedded_store(settings.data_dir)
        server = subprocess.Popen(plan.command, stdout=subprocess.PIPE, text=True)
        try:
            await_ready(server, plan.ready)
            yield open_store(plan.url)
        finally:
            server.terminate()
            server.wait()


def await_ready(server: "subprocess.Popen[str]", word: str) -> None:
    """Until the server says that it is there."""
    assert server.stdout is not None
    if not any(word in line for line in server.stdout):
        raise StoreUnreachable("our own Redis server does not start")
