"""An alarm becomes a case, or joins one, in one transaction."""

from city.alarm_orders import AlarmOrder
from city.alarms import Deed
from city.cases import Case, Order
from city.roles import Actor
from store.alarms import ALARM, AlarmStore
from store.books import Page
from store.cases import CaseStore
from store.ledger import Ledger


class AlarmFiling:
    """Over the rooms of both."""

    def __init__(self, ledger: Ledger, cases: CaseStore, alarms: AlarmStore) -> None:
        self._ledger = ledger
        self._cases = cases
        self._alarms = alarms

    def file(self, alarm_id: str, order: Order, actor: Actor) -> Case:
        """Opens the case and links the alarm to it, or neither; one record."""

        def act(page: Page) -> Case:
            case, _ = self._cases.create_in(page, order, actor)
            link = AlarmOrder(Deed.LINK_CASE, case_id=case.id)
            self._alarms.order_in(page, alarm_id, link, actor)
            page.detail["alarm"] = alarm_id
            page.is_silent = False  # a case that was there before is linked now
            return case

        return self._ledger.write(act, actor.draft(f"{ALARM}.file", f"{ALARM}/{alarm_id}"))
