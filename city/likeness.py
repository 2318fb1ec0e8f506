"""How alike two texts are, and which places they name; nothing but counting characters."""

import re
from collections.abc import Set

# Words of one script only: punctuation, digits and latin letters part them.
HAN = re.compile(r"[\u4e00-\u9fff]+")
LATIN = re.compile(r"[a-z0-9]+")
# A name of two to six characters before one of these; what people add before it is cut off.
PLACE = re.compile(
    r"[\u4e00-\u9fff]{2,6}?(?:大道|大桥|立交|下穿|隧道|广场|小区|公园|市场|学校|医院|路|街|巷|桥|村)"
)
BEFORE_A_NAME = re.compile(r"^(?:位于|靠近|反映|发现|就在|我在|我家|在|到|从|往|和|与)(?=.{3})")
DISTRICT = re.compile(r"^.*[区市县镇](?=.{3})")

Texts = frozenset[str]


def bigrams(text: str) -> Texts:
    """All pairs of neighbouring Chinese characters, and all latin words."""
    pairs = {run[i : i + 2] for run in HAN.findall(text) for i in range(len(run) - 1)}
    return frozenset(pairs | set(LATIN.findall(text.lower())))


def overlap(one: Set[str], other: Set[str]) -> float:
    """The Dice coefficient of two sets, 0 to 1; 0 where one is empty."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def places_in(text: str) -> Texts:
    """The roads, bridges, markets … that a text names."""
    return frozenset(_bare(name) for name in PLACE.findall(text))


def _bare(name: str) -> str:
    return BEFORE_A_NAME.sub("", DISTRICT.sub("", name))
