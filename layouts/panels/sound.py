"""Sound in the top bar: what rings, silence for some minutes, a test, desktop notices."""

import json
from dataclasses import asdict
from typing import Any

from dash import dcc, html

from city.sounds import TONES, Call, Ringing
from layouts import ids, parts
from layouts.words import Words

MINUTES = (2, 5, 10)
Json = dict[str, Any]


def control(words: Words) -> html.Details:
    """A button that opens the panel; assets/sound.js fills what is heard."""
    summary = html.Summary(
        [parts.icon("sound"), html.Span("", className="num", **{"data-sound": "short"})],
        className="sound-button",
        title=words("sound.title"),
        **{"aria-label": words("sound.title")},
    )
    return html.Details(
        [summary, panel(words), dcc.Store(id=ids.RING), html.Span(id=ids.SOUND_STATE, hidden=True)],
        className="sound",
        **{"data-tones": tones(), "data-texts": texts(words)},
    )


def panel(words: Words) -> html.Div:
    """State, mute, test, desktop."""
    state: dict[str, Any] = {"data-sound": "state"}
    test: dict[str, Any] = {"data-sound-test": ""}
    desktop: dict[str, Any] = {"data-sound-desktop": ""}
    return html.Div(
        [
            html.P("", className="sound-state", role="status", **state),
            html.Div(mutes(words), className="sound-row"),
            html.P(words("sound.mute_note"), className="meta"),
            html.Div(
                [
                    html.Button(words("sound.test"), type="button", className="button", **test),
                    html.Button(
                        words("sound.desktop"), type="button", className="button", **desktop
                    ),
                ],
                className="sound-row",
            ),
        ],
        className="sound-panel float",
    )


def mutes(words: Words) -> list[html.Button]:
    """Silence for some minutes, and its end."""
    minutes = [mute(m, words("sound.mute", n=m)) for m in MINUTES]
    return [*minutes, mute(0, words("sound.unmute"))]


def mute(minutes: int, label: str) -> html.Button:
    """One choice."""
    return html.Button(
        label,
        id=ids.mute(minutes),
        type="button",
        className="button is-small",
        **{"data-mute": str(minutes)},
    )


def tones() -> str:
    """The table of tones for the browser, as JSON in an attribute."""
    rows = [{**asdict(tone), "sound": str(tone.sound)} for tone in TONES]
    return dumps(rows)


def texts(words: Words) -> str:
    """What the browser says by itself."""
    names = ("on", "blocked", "muted", "ringing", "elsewhere", "heard", "desktop_on", "desktop_off")
    return dumps({name: words(f"sound.{name}") for name in names})


def shown(ringing: Ringing, words: Words) -> Json:
    """What this seat is to hear, as the browser takes it."""
    repeat = ringing.repeat
    return {
        "repeat": called(repeat) if repeat else None,
        "waiting": ringing.waiting,
        "once": [called(call) for call in ringing.once],
        "muted_until": ringing.muted_until_ms,
        "lang": words.lang,
    }


def called(call: Call) -> Json:
    """One call."""
    return {"sound": str(call.sound), "at": call.at_ms, "text": call.text, "mine": call.is_mine}


def dumps(value: Any) -> str:
    """Compact JSON, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
