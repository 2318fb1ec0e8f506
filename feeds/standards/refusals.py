"""Why a message cannot be read: a stable word for counting, a sentence its sender can act on."""

from enum import StrEnum


class Reason(StrEnum):
    """The words that rejected messages are counted under."""

    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    NOT_FINITE = "not_finite"
    DUPLICATE_KEY = "duplicate_key"
    TOO_DEEP = "too_deep"
    TOO_LARGE = "too_large"
    BAD_TOPIC = "bad_topic"
    UNKNOWN_VERSION = "unknown_version"
    UNKNOWN_CHANNEL = "unknown_channel"
    BAD_SHAPE = "bad_shape"
    BAD_TIME = "bad_time"
    BAD_POSITION = "bad_position"
    BAD_DATUM = "bad_datum"
    BAD_VALUES = "bad_values"
    NO_FEED = "no_feed"


class BadMessage(ValueError):
    """A message that says nothing we could store."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(f"{reason}: {sentence}")
        self.reason = reason
        self.sentence = sentence


MEANINGS = {
    Reason.NOT_UTF8: "the payload is not UTF-8",
    Reason.NOT_JSON: "the payload is not JSON",
    Reason.NOT_FINITE: "a number is NaN, infinite, or too large for any computer",
    Reason.DUPLICATE_KEY: "a field stands twice in one object",
    Reason.TOO_DEEP: "objects and lists are nested more than 32 deep",
    Reason.TOO_LARGE: "the payload is larger than 64 KiB",
    Reason.BAD_TOPIC: "the topic has the wrong levels, or letters that are not allowed",
    Reason.UNKNOWN_VERSION: "the topic names another version than `v1`",
    Reason.UNKNOWN_CHANNEL: "the topic does not end in data, state, meta or event",
    Reason.BAD_SHAPE: "a field is missing, or has the wrong type",
    Reason.BAD_TIME: "the time is missing, is not RFC 3339, has no zone, or cannot be true",
    Reason.BAD_POSITION: "the position is not [longitude, latitude] on the earth",
    Reason.BAD_DATUM: "the datum is not one of wgs84, cgcs2000, gcj02, bd09",
    Reason.BAD_VALUES: "a value is not one that the field can have",
    Reason.NO_FEED: "no feed listens to the topic",
}
