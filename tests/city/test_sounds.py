"""What a seat hears: the most urgent thing, once at a time, and never a muted level Ⅰ."""

import pytest

from city.refusal import Malformed
from city.sounds import BY_SOUND, ONCE_FOR_MS, TONES, Call, Sound, muted_until, ringing

NOW = 1_000_000_000


def call(sound: Sound, age_ms: int = 0) -> Call:
    return Call(sound, NOW - age_ms, sound)


def test_the_highest_level_wins() -> None:
    heard = ringing([call(Sound.LEVEL_2), call(Sound.LEVEL_1, 500), call(Sound.LEVEL_1)], 0, NOW)

    assert heard.repeat == call(Sound.LEVEL_1, 500)
    assert heard.waiting == 2


def test_level_three_is_heard_once_and_not_for_ever() -> None:
    recent, past = call(Sound.LEVEL_3, 1000), call(Sound.LEVEL_3, ONCE_FOR_MS + 1)

    heard = ringing([past, recent], 0, NOW)

    assert heard.repeat is None
    assert heard.once == (recent,)


def test_calls_that_are_heard_once_come_in_their_order() -> None:
    near, lost = call(Sound.NEAR, 10), call(Sound.FEED_LOST, 20)

    assert ringing([near, lost], 0, NOW).once == (lost, near)


def test_only_level_one_cannot_be_muted() -> None:
    assert [tone.sound for tone in TONES if not tone.can_mute] == [Sound.LEVEL_1]


def test_every_sound_has_its_own_tones() -> None:
    assert len({tone.notes for tone in TONES}) == len(TONES) == len(Sound)
    assert set(BY_SOUND) == set(Sound)


def test_a_mute_that_is_over_is_told_as_none() -> None:
    assert ringing([], NOW - 1, NOW).muted_until_ms == 0
    assert ringing([], NOW + 1, NOW).muted_until_ms == NOW + 1


@pytest.mark.parametrize("minutes", [0, 11, -1])
def test_nobody_mutes_for_longer_than_ten_minutes(minutes: int) -> None:
    with pytest.raises(Malformed, match="1 to 10 minutes"):
        muted_until(minutes, NOW)
