"""What is served beside the pages: complete, unchanged, readable, and from nowhere else."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "assets"
VENDOR = ASSETS / "vendor"
OURS = [
    path
    for folder in (ASSETS, ASSETS / "field")
    for path in sorted(folder.iterdir())
    if path.suffix in (".js", ".css")
]
LONGEST = 300
TOKEN = re.compile(r"(--[\w-]+):\s*(#[0-9A-Fa-f]{6})")
SURFACES = ("--surface-0", "--surface-1", "--surface-2", "--surface-3")


def test_everything_from_outside_is_as_it_was_recorded() -> None:
    recorded = dict(
        reversed(line.split("  ", 1))
        for line in (VENDOR / "SHA256SUMS").read_text("utf-8").splitlines()
    )

    found = {f"./{path.relative_to(VENDOR)}": path for path in VENDOR.rglob("*") if path.is_file()}

    assert recorded
    for name, sum_ in recorded.items():
        assert hashlib.sha256(found[name].read_bytes()).hexdigest() == sum_, name


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_own_files_are_short_and_name_no_foreign_address(path: Path) -> None:
    text = path.read_text("utf-8")

    assert len(text.splitlines()) <= LONGEST
    assert set(re.findall(r"https?://[\w.]+", text)) <= {"http://www.w3.org"}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens(theme: str) -> dict[str, str]:
    text = (ASSETS / "1-tokens.css").read_text("utf-8")
    dark, light = text.split('[data-theme="light"]', 1)
    return dict(TOKEN.findall(dark)) | (dict(TOKEN.findall(light)) if theme == "light" else {})


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_text_can_be_read_on_every_surface(theme: str) -> None:
    values = tokens(theme)
    inks = ["--ink-1", "--ink-2", "--ink-3", *(f"--severity-{n}-ink" for n in (1, 2, 3, 4))]

    too_faint = {
        (ink, surface): contrast(values[ink], values[surface])
        for ink in inks
        for surface in SURFACES
        if contrast(values[ink], values[surface]) < 4.5
    }

    assert too_faint == {}


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_marks_stand_out_from_map_and_panels(theme: str) -> None:
    values = tokens(theme)
    grounds = ["--map-land", "--map-sea", "--surface-1", "--surface-2"]

    for level in (1, 2, 3, 4):
        edge = values[f"--severity-{level}-edge"]
        assert min(contrast(edge, values[ground]) for ground in grounds) >= 3
        digit, fill = values[f"--severity-{level}-on"], values[f"--severity-{level}-fill"]
        assert contrast(digit, fill) >= 4.5


def letters_of(font: str) -> set[int]:
    """The characters of the fonts so named, as their style sheet tells the browser."""
    sheet = (VENDOR / "fonts" / "city-sans.css").read_text("utf-8")
    letters: set[int] = set()
    for rule in sheet.split("@font-face")[1:]:
        if font in rule:
            for part in rule.split("unicode-range:")[1].rstrip("}\n").split(","):
                first, _, last = part.strip().removeprefix("U+").partition("-")
                letters.update(range(int(first, 16), int(last or first, 16) + 1))
    return letters


def chinese_in(paths: Iterable[Path]) -> set[str]:
    text = "".join(path.read_text("utf-8") for path in paths)
    return {char for char in text if "\u3400" <= char <= "\u9fff"}


def test_the_core_font_has_every_character_of_the_first_screen() -> None:
    """After new words: python assets/vendor/fonts/build.py && sh assets/vendor/sums.sh."""
    words = (ROOT / "layouts" / "words").glob("*/panels.toml")
    places = (ROOT / "deploy" / "cities").glob("*/*.geojson")
    needed = chinese_in([*words, *places, ROOT / "city" / "kinds.py", ASSETS / "format.js"])

    assert {char for char in needed if ord(char) not in letters_of("core-400")} == set()


def test_every_character_of_every_page_is_in_some_font_of_ours() -> None:
    tables = [*(ROOT / "city").rglob("*.py"), *(ROOT / "city").rglob("*.toml")]
    words = (ROOT / "layouts" / "words").glob("*/*.toml")
    needed = chinese_in([*words, *tables, *ASSETS.glob("*.js")])

    ours = letters_of("core-400") | letters_of("slices/")
    assert {char for char in needed if ord(char) not in ours} == set()


def test_the_core_font_is_small() -> None:
    cores = (VENDOR / "fonts").glob("core-*.woff2")

    assert sum(path.stat().st_size for path in cores) <= 250_000
