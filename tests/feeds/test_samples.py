"""Every message under `tests/samples` means what stands beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from feeds.standards.rfc3339 import instant
from tests.feeds.readers import careful_decoder, decode, decoder, told

SAMPLES = Path(__file__).parents[1] / "samples"
FILES = sorted(SAMPLES.glob("*/*.json"))
DECODERS = {"bulk": decoder(), "careful": careful_decoder()}


@pytest.mark.parametrize("way", DECODERS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_sample_means_what_stands_beside_it(path: Path, way: str) -> None:
    sample = json.loads(path.read_text())
    received_ms = round(instant(sample["received_at"], "received_at").timestamp() * 1000)

    decoded = decode(
        (sample["topic"], sample["payload"]), by=DECODERS[way], received_ms=received_ms
    )

    assert meaning(decoded) == {
        name: sample[name] for name in ("fact", "refused") if name in sample
    }


def meaning(decoded: Any) -> dict[str, Any]:
    if decoded.dead:
        return {"refused": decoded.dead[0].reason}
    [fact] = told(decoded)
    return {"fact": fact}
