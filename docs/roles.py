"""The page of posts: what `city/roles.py` says, as tables."""

from city.roles import (
    ALONE,
    OWN_DEPARTMENT,
    RIGHT_NAMES,
    RIGHTS,
    ROLE_NAMES,
    Right,
    Role,
    holders,
)

HEAD = """# Posts and rights

This page is generated from `city/roles.py`.

"""
TAIL = """
## Where, and never together

An account sees the whole city, or the districts (or longer codes below them) that it was given;
what lies nowhere is everybody's. The posts {narrow} see only what their department has to do
with, and need one. One person never holds one of {alone} together with any other post.
"""


def roles_markdown() -> str:
    """The whole page."""
    narrow = ", ".join(f"`{role}`" for role in Role if role in OWN_DEPARTMENT)
    alone = ", ".join(f"`{role}`" for role in Role if role in ALONE)
    tail = TAIL.format(narrow=narrow, alone=alone)
    return HEAD + posts() + rights() + tail


def posts() -> str:
    """Every post and its rights."""
    rows = [f"| `{role}` | {' '.join(ROLE_NAMES[role])} | {listed(role)} |" for role in Role]
    return "\n".join(["## Posts", "", "| post | name | rights |", "|---|---|---|", *rows, "", ""])


def listed(role: Role) -> str:
    """The rights of a post in their order."""
    return ", ".join(f"`{right}`" for right in Right if right in RIGHTS[role]) or "–"


def rights() -> str:
    """Every right and who has it."""
    rows = [
        f"| `{right}` | {RIGHT_NAMES[right][0]} {RIGHT_NAMES[right][1]} | "
        f"{', '.join(f'`{role}`' for role in holders(right)) or '–'} |"
        for right in Right
    ]
    return "\n".join(["## Rights", "", "| right | means | posts |", "|---|---|---|", *rows, ""])
