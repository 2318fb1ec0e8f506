"""What is behind the masks of one case: asked for with a reason, and on record either way."""

from city.case_scope import sees
from city.cases import Case, Reporter
from city.refusal import Forbidden, Malformed
from city.roles import Actor, Right
from store.books import Page
from store.ledger import Ledger

LEAST_REASON = 2  # characters; a dot is no reason
WHAT = ("理由", "reason")


def unmask(ledger: Ledger, case: Case, reason: str, actor: Actor) -> Reporter:
    """Who told us, in clear; a refusal is on record too."""
    said = reason.strip()

    def act(page: Page) -> Reporter:
        actor.seat.require(Right.UNMASK)
        if not sees(actor.seat, case):
            raise Forbidden("other_scope")
        if len(said) < LEAST_REASON:
            raise Malformed("missing", what=WHAT)
        page.detail["fields"] = ["reporter.name", "reporter.phone", "description"]
        return case.reporter

    return ledger.write(act, actor.draft("case.unmask", f"case/{case.id}", reason=said))
