"""An administrator's duties, from the command line."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from feeds.catalog import all_feeds
from feeds.player import NotPlayed, Progress, publish_recording
from settings import Settings, load_or_exit

MISCONFIGURED = 2

duties = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Duties of an administrator of the city."
)


@duties.command()
def feeds() -> None:
    """The catalogue: every feed, its topic filter and its agreed period."""
    for feed in sorted(all_feeds(), key=lambda feed: feed.name):
        typer.echo(
            f"{feed.name:<14} {feed.topic_filter:<38} {feed.period_s:>5g} s  {feed.zh} {feed.en}"
        )


@duties.command()
def replay(
    file: Annotated[Path, typer.Argument(help="Lines of `<receive time> <topic> <payload>`.")],
    speed: Annotated[float, typer.Option(min=0, help="Times as fast; 0: without a pause.")] = 1.0,
    now: Annotated[bool, typer.Option("--now", help="As if the last message were of now.")] = False,
    to: Annotated[str, typer.Option(help="mqtt://… or mqtts://…; default: the city's own.")] = "",
) -> None:
    """Publishes a recording, topics as recorded, at QoS 1."""
    url = to or address(load_or_exit())
    at = datetime.now(UTC) if now else None
    try:
        with typer.progressbar(length=1, label=file.name, file=sys.stderr) as bar:
            played = publish_recording(file, url, speed, at, progress_on(bar))
    except (OSError, ValueError, NotPlayed) as trouble:
        typer.echo(f"{file} was not replayed: {trouble}", err=True)
        raise typer.Exit(MISCONFIGURED) from None
    typer.echo(
        f"{played.messages} messages acknowledged in {played.seconds:.1f} s, "
        f"{played.unreadable} lines were no message."
    )


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
