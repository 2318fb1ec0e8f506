"""Units answer to their call sign, however it is written."""

import pytest

from city.unit_search import answering
from city.units import Source, Status, Unit


def unit(number: str, zh: str = "") -> Unit:
    return Unit(f"zhzf/patrol/{number}", "patrol", "zhzf", zh or number, number, Status.AVAILABLE,
                0, Source.DEVICE)  # fmt: skip


FLEET = [unit("P-0007"), unit("P-0017"), unit("PT-0007", "排涝 7 号"), unit("P-0070")]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("P07", "P-0007"), ("p7", "P-0007"), ("P-0017", "P-0017"), ("pt7", "PT-0007"),
        ("排涝", "PT-0007"), ("PT-0007", "PT-0007"),
    ],
)  # fmt: skip
def test_a_call_sign_finds_its_unit_first(text: str, first: str) -> None:
    assert next(answering(text, FLEET)).en == first


@pytest.mark.parametrize("text", ["", " ", "X9", "没有"])
def test_what_nobody_is_called_finds_nobody(text: str) -> None:
    assert list(answering(text, FLEET)) == []
