"""The manual says what is so: generated pages are current, links lead somewhere."""

import re
from pathlib import Path

import pytest

import settings
from docs import orders
from docs.generate import PAGES

ROOT = Path(__file__).parent.parent
MANUAL = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_generated_page_is_current(path: Path) -> None:
    assert path.read_text() == PAGES[path](), "run `python -m docs.generate`"


@pytest.mark.parametrize("path", MANUAL, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    dead = [
        target
        for target in LINK.findall(path.read_text())
        if "://" not in target and not (path.parent / target).exists()
    ]

    assert dead == []


@pytest.mark.parametrize("path", MANUAL, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_the_manual_names_exists(path: Path) -> None:
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_0-9.-]+\.(?:py|md|toml|sh|js|css))`", path.read_text())

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_page_on_orders_has_the_tables_of_the_house() -> None:
    page = (ROOT / "docs" / "orders.md").read_text()

    assert [table for table in (orders.states(), orders.moves(), orders.acks())
            if table not in page] == []  # fmt: skip


def test_every_setting_stands_in_the_manual() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()

    assert [name for name in settings.names() if f"`{name}`" not in page] == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md"))

    assert numbers == list(range(1, len(numbers) + 1))
