"""The pulse of a feed is what came between looks."""

from callbacks.beats import Beats
from store.health import FeedCounts


def test_a_slot_beats_when_messages_came_in_it() -> None:
    beats = Beats()
    for slot, accepted in enumerate((5, 9, 9, 12)):
        beats.note({"rain": FeedCounts(accepted=accepted)}, slot * 6000)
        beats.note({"rain": FeedCounts(accepted=accepted)}, slot * 6000 + 3000)

    assert beats.of("rain") == (None,) * 7 + (True, False, True)
    assert beats.of("wind") == (None,) * 7 + (False,) * 3


def test_only_the_last_minute_is_kept() -> None:
    beats = Beats()
    for slot in range(30):
        beats.note({"rain": FeedCounts(accepted=slot)}, slot * 6000)

    assert beats.of("rain") == (True,) * 10
