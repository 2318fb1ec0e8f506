"""An administrator's duties, from the command line."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import archivist
import clerk
import postroom
import surveyor
from city.profile import parse_profile
from city.rulebook import Rulebook
from city.watches import dry_run
from city.watching import Finding
from feeds.catalog import all_feeds
from feeds.player import NotPlayed, Progress, Reader, calls, publish_recording, traffic
from settings import Settings, load_or_exit
from store import embedded
from store.history import HistoryStore
from store.store import StoreUnreachable, open_store

MISCONFIGURED = 2
RECORDING = "Lines of `<receive time> <topic> <payload>`, or a .csv of a fire service's calls."

duties = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Duties of an administrator of the city."
)
duties.add_typer(clerk.users, name="user")
duties.add_typer(clerk.tokens, name="token")
duties.add_typer(postroom.webhooks, name="webhook")
duties.add_typer(surveyor.roads, name="roads")
duties.add_typer(archivist.trail, name="audit")

case_duties = typer.Typer(no_args_is_help=True, help="Cases and their logs.")
duties.add_typer(case_duties, name="cases")


@duties.command()
def feeds() -> None:
    """The catalogue: every feed, its topic filter and its agreed period."""
    for feed in sorted(all_feeds(), key=lambda feed: feed.name):
        typer.echo(
            f"{feed.name:<14} {feed.topic_filter:<38} {feed.period_s:>5g} s  {feed.zh} {feed.en}"
        )


@duties.command()
def replay(
    file: Annotated[Path, typer.Argument(help=RECORDING)],
    speed: Annotated[float, typer.Option(min=0, help="Times as fast; 0: without a pause.")] = 1.0,
    now: Annotated[bool, typer.Option("--now", help="As if the last message were of now.")] = False,
    to: Annotated[str, typer.Option(help="mqtt://… or mqtts://…; default: the city's own.")] = "",
) -> None:
    """Publishes a recording at QoS 1: topics as recorded, calls in the words of our contract."""
    settings = load_or_exit()
    url = to or address(settings)
    at = datetime.now(UTC) if now else None
    try:
        with typer.progressbar(length=1, label=file.name, file=sys.stderr) as bar:
            read = reader_of(file, settings)
            played = publish_recording(file, url, speed, at, progress_on(bar), read)
    except (OSError, ValueError, NotPlayed) as trouble:
        typer.echo(f"{file} was not replayed: {trouble}", err=True)
        raise typer.Exit(MISCONFIGURED) from None
    typer.echo(
        f"{played.messages} messages acknowledged in {played.seconds:.1f} s, "
        f"{played.unreadable} lines were no message."
    )


def reader_of(file: Path, settings: Settings) -> Reader:
    """How a file is read, by the end of its name."""
    if file.suffix.lower() != ".csv":
        return traffic
    return calls(parse_profile(settings.profile.read_text(encoding="utf-8")).adcode)


@duties.command()
def rules(
    hours: Annotated[float, typer.Option(min=0.1, help="How far back to judge.")] = 24.0,
    profile: Annotated[Path | None, typer.Option(help="Another profile, to try its rules.")] = None,
) -> None:
    """Judges the history by the rules of a profile, without raising anything."""
    settings = load_or_exit()
    try:
        facts = parse_profile((profile or settings.profile).read_text(encoding="utf-8"))
        store = open_store(settings.redis_url or embedded.url_of(settings.data_dir), facts.kinds)
        found = tried(facts.rulebook, store.history, hours)
    except (OSError, ValueError, StoreUnreachable) as trouble:
        typer.echo(f"the rules were not tried: {trouble}", err=True)
        raise typer.Exit(MISCONFIGURED) from None
    for one in found:
        typer.echo(line_of(one))
    typer.echo(f"{len(found)} alarms in {hours:g} h by the rules of {facts.en}.")


def tried(book: Rulebook, history: HistoryStore, hours: float) -> list[Finding]:
    """The alarms that a rulebook makes of the last hours, in the order in which they began."""
    now_ms = round(datetime.now(UTC).timestamp() * 1000)
    batches = history.everything(now_ms - round(hours * 3_600_000), now_ms)
    return dry_run(book, batches)


def line_of(one: Finding) -> str:
    """One alarm as a line."""
    assert one.span is not None
    began = datetime.fromtimestamp(one.span.raised_ms / 1000, UTC)
    return (
        f"{began:%Y-%m-%dT%H:%M:%SZ} {one.span.highest} {one.rule.id:<28} "
        f"{one.rule.version:<10} {one.thing:<36} x{one.span.times} {one.span.peak:g}"
    )


@case_duties.command()
def verify() -> None:
    """Folds every case again from its log; names those that are not as they are kept."""
    settings = load_or_exit()
    store = open_store(settings.redis_url or embedded.url_of(settings.data_dir))
    try:
        doubtful = list(store.cases.doubtful())
    except StoreUnreachable as trouble:
        typer.echo(f"the cases cannot be read: {trouble}", err=True)
        raise typer.Exit(MISCONFIGURED) from None
    if doubtful:
        typer.echo(f"{len(doubtful)} cases differ from their logs: {', '.join(doubtful)}", err=True)
        raise typer.Exit(MISCONFIGURED)
    typer.echo("every case is the fold of its log")


def progress_on(bar: Any) -> Progress:
    """Moves a bar, whose length is known once the recording is read."""

    def move(done: int, of: int) -> None:
        bar.length = of
        bar.update(done - bar.pos)

    return move


def address(settings: Settings) -> str:
    """The customer's broker, or our own intake."""
    return settings.mqtt_url or f"mqtt://127.0.0.1:{settings.mqtt_port}"


if __name__ == "__main__":
    duties()
