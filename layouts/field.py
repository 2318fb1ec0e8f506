"""The phone page 掌上办: a frame of HTML that its own scripts fill, and what makes it installable.

Nothing personal stands in it, so a phone may keep it for a dead spot; its texts and addresses are
given as JSON.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from layouts.words import Words

TABLE = "field."  # of the words that the scripts say
STYLES = ("1-tokens", "2-base", "field/field")
# In this order; the first before anything is drawn.
FIRST = "field/look"
SCRIPTS = (
    "field/base", "field/vault", "field/queue", "field/news", "field/place", "field/photo",
    "field/map", "field/map-hand", "field/parts", "field/tasks", "field/task", "field/feedback",
    "field/way", "field/report", "field/mine", "field/app",
)  # fmt: skip
SENDERS = ("field/vault", "field/queue")  # what its service worker needs of them
ICONS = "field/icons.svg"
BASE_LAYERS = ("land", "water", "roads")
DARK, LIGHT = "#181B1E", "#F3F4F5"


@dataclass(frozen=True, slots=True)
class Handset:
    """How the page is shown: words, theme, the city, where its map begins, addresses of assets."""

    words: Words
    theme: str
    city: str
    centre: tuple[float, float]
    addresses: Mapping[str, str]  # file in assets → where it is served, with its version

    def at(self, name: str) -> str:
        """The address of a script or a style."""
        return escape(self.addresses[name])


def files() -> list[str]:
    """Everything in assets that the page is made of."""
    styles = [f"{name}.css" for name in STYLES]
    return [*styles, f"{FIRST}.js", *(f"{name}.js" for name in SCRIPTS), ICONS]


def field_page(shown: Handset) -> str:
    """The frame; where no script runs it says so."""
    words, lang = shown.words, "en" if shown.words.lang == "en" else "zh-CN"
    styles = "".join(f'<link rel="stylesheet" href="{shown.at(f"{one}.css")}">' for one in STYLES)
    scripts = "".join(f'<script src="{shown.at(f"{one}.js")}" defer></script>' for one in SCRIPTS)
    return (
        f'<!doctype html><html lang="{lang}" data-theme="{shown.theme}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, '
        'initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">'
        f"<title>{escape(words('field.title'))} · {escape(shown.city)}</title>{metas()}"
        f'<script src="{shown.at(f"{FIRST}.js")}"></script>{styles}'
        f'<script type="application/json" id="given">{given(shown)}</script>{scripts}'
        f'</head><body class="handset"><div id="app"><noscript>{escape(words("field.no_script"))}'
        '</noscript></div><div id="toast" role="status" aria-live="polite" hidden></div>'
        "</body></html>"
    )


def metas() -> str:
    """What makes it installable, and the colour of the phone's own bars."""
    return (
        f'<meta name="theme-color" content="{DARK}" media="(prefers-color-scheme: dark)">'
        f'<meta name="theme-color" content="{LIGHT}" media="(prefers-color-scheme: light)">'
        '<meta name="mobile-web-app-capable" content="yes">'
        '<meta name="apple-mobile-web-app-capable" content="yes">'
        '<link rel="manifest" href="/m/manifest.webmanifest">'
        '<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">'
    )


def given(shown: Handset) -> str:
    """What the scripts are told: their words, where the icons are, where the map begins."""
    told = {
        "words": said_by_scripts(shown.words),
        "icons": shown.addresses[ICONS],
        "centre": list(shown.centre),
    }
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")


def said_by_scripts(words: Words) -> dict[str, str]:
    """All texts of the page, by their short keys."""
    known = sorted(key for key in words.keys() if key.startswith(TABLE))  # noqa: SIM118
    return {key.removeprefix(TABLE): words(key) for key in known}


def manifest(words: Words, city: str) -> dict[str, Any]:
    """The page as an app of its own (W3C Web Application Manifest)."""
    return {
        "id": "/m", "start_url": "/m", "scope": "/m", "display": "standalone",
        "lang": "en" if words.lang == "en" else "zh-CN",
        "name": f"{words('field.title')} · {city}", "short_name": words("field.title"),
        "orientation": "portrait", "background_color": DARK, "theme_color": DARK,
        "icons": [{"src": "/assets/icon.svg", "type": "image/svg+xml", "sizes": "any",
                   "purpose": "any maskable"}],
    }  # fmt: skip


def worker_head(version: str, shell: Sequence[str], senders: Sequence[str]) -> str:
    """The first lines of the service worker: what it keeps, and under which name."""
    told = {"VERSION": version, "SHELL": list(shell), "SENDERS": list(senders)}
    return "".join(f"const {name} = {json.dumps(value)};\n" for name, value in told.items())
