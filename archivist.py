"""The audit trail from the command line: whether its chain holds. Nothing here changes it."""

import sys
from typing import Annotated

import typer

import clerk
from city.refusal import Refusal
from store.audit_chain import Verdict
from store.store import Store

BROKEN = 2

trail = typer.Typer(no_args_is_help=True, help="The audit trail.")

Known = Annotated[str, typer.Option(help="NUMBER:DIGEST that was noted before; must still be so.")]


@trail.callback()
def about() -> None:
    """The audit trail."""


@trail.command()
def verify(known: Known = "") -> None:
    """Recomputes the whole chain; exit 2 names the first record that is not as it was written."""
    with clerk.at_work() as (store, _actor, _settings):
        verdict = store.audit.chain.verify()
        trouble = broken(verdict) or (forgery(store, known) if known else "")
    if trouble:
        sys.stderr.write(f"{trouble}\n")
        raise typer.Exit(BROKEN)
    head, start = verdict.head, verdict.start.number
    dropped = f", {start} before them dropped after their time" if start else ""
    typer.echo(f"{verdict.count} records hold{dropped}; the newest is {head.number}:{head.digest}")


def broken(verdict: Verdict) -> str:
    """The sentence of a broken chain; empty where it holds."""
    if verdict.broken is None:
        return ""
    return (
        f"The audit trail is broken at record {verdict.broken}: it was altered, removed or "
        f"inserted; the {verdict.count} records before it hold."
    )


def forgery(store: Store, known: str) -> str:
    """The sentence of a chain that was computed anew; empty where the noted digest is still so."""
    number, _, digest = known.partition(":")
    if not (number.isascii() and number.isdigit() and digest):
        return f"--known is NUMBER:DIGEST, not {known!r}."
    try:
        now = store.audit.get(int(number)).digest
    except Refusal:
        return f"There is no record {number} any more."
    return "" if now == digest else f"Record {number} had another digest when it was noted."
