"""The ground under a batch: area, cell and the doubt about places outside the city."""

import numpy as np
from shapely.geometry import box

from city.quality import Quality
from city.records import NOWHERE, RECORD
from geo import ground
from geo.areas import AreaIndex
from geo.cells import cells
from geo.ground import Ground

HERE = Ground(AreaIndex([460106], [box(110.2, 19.9, 110.4, 20.1)]), (110.0, 19.5, 110.8, 20.2))


def records(*positions: tuple[int, int]) -> np.ndarray:
    found = np.zeros(len(positions), RECORD)
    found["lon"], found["lat"] = np.array(positions).T
    found["area"] = 460108
    return found


def test_a_position_decides_area_and_cell_over_what_the_topic_said() -> None:
    batch = records((1_103_000_000, 200_000_000))

    HERE.locate(batch)

    assert batch["area"][0] == 460106
    assert batch["cell"][0] == cells(batch["lon"], batch["lat"])[0] > 0
    assert batch["quality"][0] == 0


def test_without_a_position_the_declared_area_stays() -> None:
    batch = records((NOWHERE, NOWHERE), (1_103_000_000, 200_000_000))

    HERE.locate(batch)

    assert list(batch["area"]) == [460108, 460106]
    assert batch["cell"][0] == 0


def test_outside_the_bounds_is_doubted_and_keeps_other_doubts() -> None:
    batch = records((249_400_000, 601_700_000))
    batch["quality"] = Quality.OUT_OF_RANGE

    HERE.locate(batch)

    assert batch["quality"][0] == Quality.OUT_OF_RANGE | Quality.OUT_OF_BOUNDS
    assert batch["area"][0] == 0


def test_an_empty_batch_is_no_trouble() -> None:
    HERE.locate(np.zeros(0, RECORD))


def test_the_words_borrowed_from_the_city_have_not_moved() -> None:
    assert (ground.NOWHERE, ground.OUT_OF_BOUNDS) == (NOWHERE, Quality.OUT_OF_BOUNDS)
