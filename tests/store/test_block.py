"""Blocks of the log: what was packed comes out, and nothing else is taken for one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.records import RECORD, Batch
from store import block
from store.block import BadBlock

NAMES = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), max_size=20)


@st.composite
def batches(draw) -> Batch:
    things = draw(st.lists(NAMES, min_size=1, max_size=5))
    payloads = draw(st.lists(st.binary(max_size=400), max_size=12))
    records = np.zeros(len(payloads), RECORD)
    records["size"] = [len(payload) for payload in payloads]
    for place in range(len(payloads)):
        records["thing"][place] = draw(st.integers(0, len(things) - 1))
        records["observed_ms"][place] = draw(st.integers(-(2**62), 2**62))
    return Batch(things if payloads else [], records, payloads)


@given(batches())
def test_a_batch_comes_back_whole(batch: Batch) -> None:
    back = block.unpack(block.pack(batch))

    assert list(back.things) == list(batch.things)
    assert back.records.tobytes() == batch.records.tobytes()
    assert list(back.payloads) == list(batch.payloads)


@given(batches(), st.data())
def test_a_block_cut_short_or_with_more_behind_it_is_refused(batch: Batch, data) -> None:
    packed = block.pack(batch)
    cut = data.draw(st.integers(0, len(packed) - 1))

    for broken in (packed[:cut], packed + b"\0"):
        with pytest.raises(BadBlock):
            block.unpack(broken)


@given(st.binary(max_size=200))
def test_rubbish_is_refused(rubbish: bytes) -> None:
    with pytest.raises(BadBlock):
        block.unpack(rubbish)


@given(batches(), st.data())
def test_a_flipped_bit_is_refused_or_harmless(batch: Batch, data) -> None:
    packed = bytearray(block.pack(batch))
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= 1 << data.draw(st.integers(0, 7))

    try:
        back = block.unpack(bytes(packed))
    except (BadBlock, UnicodeDecodeError):
        return
    assert len(back.records) == len(back.payloads)


def test_a_block_tells_quickly_that_it_does_not_hold_a_thing() -> None:
    packed = block.pack(Batch(["sw/rain/R-1"], np.zeros(1, RECORD), [b""]))

    assert block.may_tell_of(packed, "sw/rain/R-1")
    assert not block.may_tell_of(packed, "sw/rain/R-2")
    assert not block.may_tell_of(b"", "sw/rain/R-1")
