"""Every text of the pages, in Chinese and English; read once, at import."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from city.naming import EN, LANGUAGES, ZH

HERE = Path(__file__).parent


class Words:
    """The texts of one language by their keys, `panel.word`."""

    def __init__(self, lang: str, texts: Mapping[str, Any]) -> None:
        self.lang = lang
        self._texts = dict(flat("", texts))

    def __call__(self, key: str, **values: object) -> str:
        """The text, with its {places} filled in."""
        text = self._texts[key]
        return text.format(**values) if values else text

    def get(self, key: str, otherwise: str) -> str:
        """The text where there is one: for words that suppliers may add to."""
        return self._texts.get(key, otherwise)

    def pick(self, zh: str, en: str) -> str:
        """One of two names."""
        return (en or zh) if self.lang == EN else (zh or en)

    def keys(self) -> set[str]:
        """All that can be said."""
        return set(self._texts)


def flat(prefix: str, texts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Nested tables as dotted keys."""
    found: list[tuple[str, str]] = []
    for key, text in texts.items():
        name = f"{prefix}{key}"
        found += flat(f"{name}.", text) if isinstance(text, Mapping) else [(name, text)]
    return found


def texts(lang: str) -> dict[str, Any]:
    """All files of a language; a table stands in one of them only."""
    found: dict[str, Any] = {}
    for path in sorted((HERE / lang).glob("*.toml")):
        told = tomllib.loads(path.read_text())
        if twice := found.keys() & told.keys():
            raise ValueError(f"{path.name}: {', '.join(sorted(twice))} is said elsewhere too")
        found |= told
    return found


ALL = {lang: Words(lang, texts(lang)) for lang in LANGUAGES}


def words(lang: str | None) -> Words:
    """The texts of a language; Chinese for any we do not have."""
    return ALL.get(lang or ZH, ALL[ZH])
