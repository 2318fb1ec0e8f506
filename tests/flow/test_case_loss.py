"""A move that was acknowledged is in its case's log once, whatever is killed meanwhile."""

import pytest

from bench.case_loss import killed

pytestmark = pytest.mark.flow


@pytest.mark.parametrize("victim", ["redis", "writer", "watch", "web"])
def test_no_acknowledged_move_is_lost_or_doubled_when_a_part_is_killed(victim: str) -> None:
    loss = killed(victim, kills=2, moves=600)

    assert loss.acknowledged >= 600
    assert loss.reminded or victim == "web"  # there nothing has come due
    assert (loss.lost, loss.doubled, loss.broken) == (0, 0, [])
