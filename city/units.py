"""The base types of a unit's status, as dispatch systems share them."""

# Position in this tuple is the code in a record; 0 says nothing, 255 a word of the sender's own.
STATUSES = (
    "",
    "available",
    "assigned",
    "en_route",
    "on_scene",
    "busy",
    "returning",
    "off_duty",
    "out_of_contact",
)
OWN_WORD = 255
CODES = {word: code for code, word in enumerate(STATUSES) if word}


def status_code(word: str | None) -> int:
    """The code of a status word."""
    return CODES.get(word, OWN_WORD) if word else 0
