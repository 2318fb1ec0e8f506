"""Every message that was acknowledged is in the history once, whatever is killed meanwhile."""

import pytest

from bench.loss import killed

pytestmark = pytest.mark.flow


@pytest.mark.parametrize("behind_broker", [False, True], ids=["intake", "mosquitto"])
@pytest.mark.parametrize("victim", ["ingest", "redis"])
def test_nothing_acknowledged_is_lost_or_doubled_when_a_part_is_killed(victim, behind_broker):
    loss = killed(victim, behind_broker, kills=2, rate=1_000)

    assert loss.acknowledged == 4_000
    assert loss.lost == 0
    assert loss.doubled == 0
