"""Who asks: the language of the page that a callback answers."""

from dash import ctx

from layouts.words import Words, words


def words_asked() -> Words:
    """The texts in the language of this browser's cookie."""
    return words(ctx.cookies.get("city_lang"))


def pressed() -> str | None:
    """The name of the control that was pressed; None where one only appeared."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return None
    found = ctx.triggered_id
    return str(found["name"]) if found else None
