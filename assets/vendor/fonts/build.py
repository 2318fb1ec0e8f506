"""Builds the small core font (characters of our own words and base map) and the style sheet.

Run `python assets/vendor/fonts/build.py` after words or the base map changed. It needs fonttools
and brotli, reads only files of this repository, and gives the same bytes every time.
"""

import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SLICES = HERE / "slices"
# Two families, the core first: faces of unlike weight ranges do not fill each other's gaps.
CORE, WHOLE = "City Sans Core", "City Sans SC"
# What an operator's first screen shows: its words, the kinds, the profile, the base map's names.
# What other pages need besides comes from the slices.
WORDS = (
    "layouts/words/*/panels.toml",
    "layouts/*.py",
    "simulator/callers.py",
    "simulator/stories.py",
    "simulator/roster.py",
    "simulator/population.py",
    "city/kinds.py",
    "deploy/cities/*.toml",
    "assets/format.js",
)
PLACES = ("deploy/cities/*/*.geojson",)
ALWAYS = {
    *map(chr, range(0x20, 0x7F)),
    *"°µ²³·×–—…‘’“”←↑→↓−≤≥≈％℃Ⅰ Ⅱ Ⅲ Ⅳ、。〈〉《》「」【】・！（），：；？～￥",
}
# The package numbers its slices by how often their characters are used, the commonest last:
# names of things and places come from there.
COMMON, COMMON_BOLD = ("[119]", "[118]", "[117]", "[116]", "[115]"), ("[119]", "[118]")
DROPPED_TABLES = ["GPOS", "GSUB", "GDEF", "BASE", "STAT", "vhea", "vmtx", "DSIG"]
EPOCH = 3_600_000_000  # a fixed "modified" date keeps the bytes the same


def characters(patterns: Iterable[str]) -> set[str]:
    """Every character beyond ASCII that the files contain."""
    files = (path for pattern in patterns for path in sorted(ROOT.glob(pattern)))
    return {char for path in files for char in path.read_text("utf-8") if ord(char) > 0x7E}


def slice_name(key: str) -> str:
    return f"noto-sans-sc-{key.strip('[]')}-wght-normal.woff2"


def parse_ranges(text: str) -> set[int]:
    """The code points of a CSS unicode-range."""
    points: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().upper().removeprefix("U+").partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return points


def format_ranges(points: Iterable[int]) -> str:
    runs: list[list[int]] = []
    for point in sorted(points):
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in runs)


def cut(path: Path, wanted: set[int], weight: int) -> bytes | None:
    """The wanted glyphs of one slice at one weight, without layout tables."""
    font = TTFont(path, recalcTimestamp=False)
    here = wanted & set(font.getBestCmap())
    if not here:
        return None
    font = instantiateVariableFont(font, {"wght": weight})
    options = Options(
        drop_tables=DROPPED_TABLES, layout_features=[], hinting=False, notdef_outline=True
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=here)
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def build_core(wanted: set[int], weight: int) -> set[int]:
    """Writes core-<weight>.woff2 and returns the code points it really has."""
    rest, pieces = set(wanted), []
    for path in sorted(SLICES.glob("*.woff2")):
        piece = cut(path, rest, weight)
        if piece:
            pieces.append(io.BytesIO(piece))
            rest -= set(TTFont(io.BytesIO(piece)).getBestCmap())
    core = Merger().merge(pieces)
    core["head"].created = core["head"].modified = EPOCH
    core.recalcTimestamp = False
    core.flavor = "woff2"
    core.save(HERE / f"core-{weight}.woff2", reorderTables=True)
    return set(core.getBestCmap())


def face(family: str, url: str, weight: str, ranges: str) -> str:
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;'
        f'src:url({url}) format("woff2");unicode-range:{ranges}}}\n'
    )


def common(ranges: dict[str, str], keys: Iterable[str]) -> set[int]:
    return {point for key in keys for point in parse_ranges(ranges[key])}


def build() -> None:
    ranges = json.loads((SLICES / "unicode.json").read_text("utf-8"))
    words = {ord(char) for char in characters(WORDS) | ALWAYS}
    places = {ord(char) for char in characters(PLACES)}
    regular = build_core(words | places | common(ranges, COMMON), 400)
    bold = build_core(words | common(ranges, COMMON_BOLD), 700)
    sheet = [
        "/* Noto Sans SC (OFL) under names of its own; made by build.py. */\n",
        face(CORE, "core-400.woff2", "100 599", format_ranges(regular)),
        face(CORE, "core-700.woff2", "600 900", format_ranges(bold)),
    ]
    sheet += [face(WHOLE, f"slices/{slice_name(k)}", "100 900", r) for k, r in ranges.items()]
    (HERE / "city-sans.css").write_text("".join(sheet), "utf-8")
    sys.stdout.write(f"core: {len(regular)} and {len(bold)} characters\n")


if __name__ == "__main__":
    build()
