"""The names of what callbacks of the page of accounts speak to."""

from typing import Any

MAIN = "main"
ROWS = "account-rows"
TOKENS = "token-rows"
PANEL = "account-panel"
SAID = "account-said"  # what came of the last deed, a one-time secret too
FIND = "account-find"
OPEN = "account-open"  # Store: `account/li`, `token/…`, `new/account`, `new/token`, or ""
DONE = "account-done"  # Store: counts what was done, so that the lists are read anew
NEW_ACCOUNT, NEW_TOKEN = "new/account", "new/token"


def row(name: Any) -> dict[str, Any]:
    """Opens an account, a token or a form; "" closes."""
    return {"type": "account-row", "name": name}


def field(name: Any) -> dict[str, Any]:
    """One answer of the open form."""
    return {"type": "account-field", "name": name}


def deed(name: Any) -> dict[str, Any]:
    """What is done: create, assign, disable, enable, unlock, reset, new_token, revoke."""
    return {"type": "account-deed", "name": name}
