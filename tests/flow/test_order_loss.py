"""An order that was acknowledged reaches the field as one order, whatever is killed meanwhile."""

import pytest

from bench.order_loss import killed

pytestmark = pytest.mark.flow


@pytest.mark.parametrize("victim", ["web", "ingest", "redis", "broker", "outbound"])
def test_no_acknowledged_order_is_lost_or_doubled_when_a_part_is_killed(victim: str) -> None:
    loss = killed(victim, kills=2, orders=150)

    assert loss.acknowledged == 150
    assert (loss.lost, loss.doubled) == (0, 0), loss
