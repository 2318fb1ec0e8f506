"""Stories: what the sky and the strait do, minute by minute; everything else follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Notice(NamedTuple):
    """A warning that the weather service issues; level 1 (Ⅰ red) … 4 (Ⅳ blue)."""

    kind: str
    level: int
    zh: str
    en: str


class Scene(NamedTuple):
    """What holds from a minute on; rain and gusts run on a straight line to the next scene."""

    minute: float
    rain_mmh: float
    gust_mps: float
    sailing: bool
    warning: Notice | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A run of scenes; the last one stays."""

    name: str
    zh: str
    en: str
    scenes: Sequence[Scene]

    def sky(self, minute: float) -> tuple[float, float]:
        """Rain in mm/h and gusts in m/s."""
        minutes = [scene.minute for scene in self.scenes]
        rain = np.interp(minute, minutes, [scene.rain_mmh for scene in self.scenes])
        gust = np.interp(minute, minutes, [scene.gust_mps for scene in self.scenes])
        return float(rain), float(gust)

    def scene(self, minute: float) -> Scene:
        """The scene that has begun last."""
        begun = [scene for scene in self.scenes if scene.minute <= minute]
        return begun[-1] if begun else self.scenes[0]

    def warnings_between(self, after: float, until: float) -> list[Notice]:
        """Those issued after one minute and until another."""
        return [
            scene.warning
            for scene in self.scenes
            if scene.warning is not None and after < scene.minute <= until
        ]


BLUE_WIND = Notice("typhoon", 4, "台风蓝色预警信号", "Typhoon warning: blue")
YELLOW_RAIN = Notice("rain", 3, "暴雨黄色预警信号", "Rainstorm warning: yellow")
ORANGE_WIND = Notice("typhoon", 2, "台风橙色预警信号", "Typhoon warning: orange")
RED_RAIN = Notice("rain", 1, "暴雨红色预警信号", "Rainstorm warning: red")
ALL_CLEAR = Notice("rain", 4, "暴雨预警信号降级为蓝色", "Rainstorm warning lowered to blue")

CALM = Story("calm", "平日", "An ordinary day", (
    Scene(0, 0, 5, sailing=True),
))  # fmt: skip

TYPHOON = Story("typhoon", "台风", "Typhoon", (
    #     minute  rain  gust
    Scene(0,      0,    8,   sailing=True),
    Scene(1,      4,    12,  sailing=True,  warning=BLUE_WIND),
    Scene(3,      25,   17,  sailing=True,  warning=YELLOW_RAIN),
    Scene(5,      70,   24,  sailing=False, warning=ORANGE_WIND),
    Scene(8,      130,  30,  sailing=False, warning=RED_RAIN),
    Scene(16,     140,  35,  sailing=False),
    Scene(20,     60,   28,  sailing=False),
    Scene(25,     15,   20,  sailing=False, warning=ALL_CLEAR),
    Scene(30,     2,    13,  sailing=True),
    Scene(40,     0,    7,   sailing=True),
))  # fmt: skip

STORIES = {story.name: story for story in (CALM, TYPHOON)}
