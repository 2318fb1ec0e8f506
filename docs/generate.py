"""Writes the generated pages of the manual: `python -m docs.generate`; tests hold them true."""

from pathlib import Path

from docs.case_life import cases_markdown
from docs.merging import merging_markdown
from docs.roles import roles_markdown
from feeds.manual import catalogue_markdown
from settings import Settings, setting_name

HERE = Path(__file__).parent


def settings_markdown() -> str:
    """Every setting: name, default, meaning, as the class says them."""
    rows = [
        f"| `{setting_name(name)}` | {_default(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join([_SETTINGS_HEAD, *rows, ""])


def env_example() -> str:
    """The same as a file to copy to `.env`."""
    lines = ["# Copy to .env and change what you need; what stays commented keeps its default."]
    for name, field in Settings.model_fields.items():
        lines += ["", f"# {field.description}", f"#{setting_name(name)}={_plain(field.default)}"]
    return "\n".join([*lines, ""])


PAGES = {
    HERE / "settings.md": settings_markdown,
    HERE.parent / ".env.example": env_example,
    HERE / "feeds.md": catalogue_markdown,
    HERE / "cases.md": cases_markdown,
    HERE / "merging.md": merging_markdown,
    HERE / "roles.md": roles_markdown,
}

_SETTINGS_HEAD = """# Settings

The environment, or a file `.env` in the working directory; the environment wins. A name that begins
with `CITY_` and is not in this table is refused at the start, with the nearest known name.
This page is generated from `settings.py`.

| name | default | meaning |
|---|---|---|"""


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else str(value)


def _default(value: object) -> str:
    return f"`{_plain(value)}`" if _plain(value) else "empty"


def main() -> None:
    """Writes every generated page."""
    for path, page in PAGES.items():
        path.write_text(page())


if __name__ == "__main__":
    main()
