"""Normal and emergency mode: what two persons decided, who is on duty, what was reported."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from city.audit import Record
from city.case_bounds import CityFacts
from city.mode import (
    WHAT,
    Asked,
    Episode,
    Mode,
    Proposal,
    Span,
    Standing,
    confirmed,
    field_message,
    mode_at,
    proposed,
    rejected,
    span_of,
    withdrawn,
)
from city.mode_duty import OnDuty, must_be_post
from city.mode_reporting import Report, Sent, next_due, reports, sent_with
from city.refusal import NotFound
from city.roles import Actor, Right
from store import accounts, keys
from store.audit import AuditStore
from store.books import Page, spelled
from store.client import Client
from store.field import FieldStore
from store.ledger import Ledger, encode
from store.reach import reaching

MODE, NOW, LAPSE, LATE = "mode", "now", "lapse", "late"
LETTERS = "YJ"  # 应急
PERSON = ("值守人员", "person on duty")


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies under `now`: the number of the emergency that lasts, and what waits."""

    episode: str = ""
    proposal: Proposal | None = None


Turn = Callable[[Page, Standing], Standing]
Change = Callable[[Page, Episode], Episode]
_kept = msgspec.json.Decoder(Kept).decode
_episode = msgspec.json.Decoder(Episode).decode


class ModeStore:
    """The room of the switch."""

    def __init__(
        self,
        client: Client,
        ledger: Ledger,
        audit: AuditStore,
        field: FieldStore,
        city: Callable[[], CityFacts],
    ) -> None:
        self._redis = client
        self._ledger = ledger
        self._audit = audit
        self._field = field
        self._city = city

    def standing(self) -> Standing:
        """How the city stands at this moment."""
        with reaching():
            packed = self._redis.hget(keys.MODE, NOW)
            kept = _kept(packed) if packed else Kept()
            said = self._redis.hget(keys.EPISODES, kept.episode) if kept.episode else None
        return Standing(_episode(said) if said else None, kept.proposal)

    def get(self, episode_id: str) -> Episode:
        """An emergency, past or present; NotFound where there is none."""
        with reaching():
            packed = self._redis.hget(keys.EPISODES, episode_id)
        return known(packed, episode_id)

    def all(self) -> list[Episode]:
        """Every emergency and exercise, the newest first."""
        with reaching():
            found = map(_episode, self._redis.hgetall(keys.EPISODES).values())
        return sorted(found, key=lambda one: -one.began_ms)

    def spans(self) -> list[Span]:
        """When they were, to keep the figures of the modes apart."""
        return [span_of(one) for one in self.all()]

    def mode_at(self, at_ms: int) -> Mode:
        """The mode at an instant."""
        return mode_at(self.spans(), at_ms)

    def log(self, most: int = 200) -> list[Record]:
        """What was done with the switch, the newest first."""
        return self._audit.of(f"{MODE}/{NOW}", most)

    def reports_of(self, episode: Episode) -> list[Report]:
        """Its reporting clock, by the city's table."""
        return reports(episode.began_ms, episode.ended_ms, episode.level, episode.sent,
                       self._city().mode.reporting)  # fmt: skip

    def propose(self, asked: Asked, actor: Actor) -> Standing:
        """The first of two persons; durable when it returns."""

        def turn(page: Page, standing: Standing) -> Standing:
            page.detail |= {"turn": str(asked.turn), "level": asked.level, "plan": asked.plan,
                            "is_exercise": asked.is_exercise}  # fmt: skip
            return proposed(standing, asked, actor)

        return self._turn("propose", turn, actor, asked.reason)

    def confirm(self, actor: Actor) -> tuple[Standing, Episode]:
        """The second person; the emergency that began, changed or ended by it."""
        found: list[Episode] = []

        def turn(page: Page, standing: Standing) -> Standing:
            after, episode = confirmed(standing, self._next_id(page, standing, actor), actor)
            self._keep_episode(page, episode)
            self._tell_field(page, after, episode)
            step = episode.steps[-1]
            page.detail |= {"episode": episode.id, "turn": str(step.asked.turn),
                            "level": episode.level, "proposed_by": step.by.account}  # fmt: skip
            found[:] = [episode]
            return after

        return self._turn("confirm", turn, actor), found[0]

    def withdraw(self, actor: Actor) -> Standing:
        """Who proposed takes it back."""
        return self._turn("withdraw", lambda _page, one: withdrawn(one, actor), actor)

    def reject(self, reason: str, actor: Actor) -> Standing:
        """The second person says no."""
        return self._turn("reject", lambda _page, one: rejected(one, reason, actor), actor, reason)

    def put_on_duty(self, episode_id: str, post: str, account: str, actor: Actor) -> Episode:
        """Somebody fills a post of the duty list."""
        actor.seat.require(Right.SWITCH_MODE)

        def change(page: Page, episode: Episode) -> Episode:
            rule = must_be_post(post, self._city().mode.duty)
            page.detail |= {"post": post, "account": account}
            one = OnDuty(rule.post, account, accounts.get(page, account).name, actor.at_ms)
            here = (one.post, one.account)
            is_there = any((o.post, o.account) == here and not o.until_ms for o in episode.duty)
            return episode if is_there else replace(episode, duty=(*episode.duty, one))

        return self._change(episode_id, "duty_on", change, actor)

    def take_off_duty(self, episode_id: str, post: str, account: str, actor: Actor) -> Episode:
        """He goes off."""
        actor.seat.require(Right.SWITCH_MODE)

        def change(page: Page, episode: Episode) -> Episode:
            page.detail |= {"post": post, "account": account}
            duty = tuple(replace(one, until_ms=actor.at_ms) if is_on(one, post, account) else one
                         for one in episode.duty)  # fmt: skip
            if duty == episode.duty:
                raise NotFound("not_found", name=account, what=PERSON)
            return replace(episode, duty=duty)

        return self._change(episode_id, "duty_off", change, actor)

    def sent(self, episode_id: str, name: str, note: str, actor: Actor) -> Episode:
        """A report went out."""

        def change(page: Page, episode: Episode) -> Episode:
            page.detail |= {"report": name, "note": note.strip()}
            waiting = [one.name for one in self.reports_of(episode) if not one.sent_ms]
            one = Sent(name, actor.at_ms, actor.seat.name, note.strip())
            return replace(episode, sent=sent_with(episode.sent, one, waiting))

        return self._change(episode_id, "sent", change, actor)

    def lapse(self, page: Page, now_ms: int) -> None:
        """Nobody confirmed in time; silent where somebody did."""
        kept = kept_in(page)
        if kept.proposal is None or now_ms < kept.proposal.until_ms:
            page.is_silent = True
            return
        page.put(keys.MODE, NOW, encode(replace(kept, proposal=None)))
        page.changed(MODE, NOW)

    def note_late(self, page: Page, episode_id: str, now_ms: int) -> None:
        """A report is late; the next one is looked forward to."""
        packed = page.get(keys.EPISODES, episode_id)
        found = self.reports_of(_episode(packed)) if packed else []
        late = [one.name for one in found if not one.sent_ms and one.due_ms <= now_ms]
        page.is_silent = not late
        page.detail["reports"] = late
        ahead = [one.due_ms for one in found if not one.sent_ms and one.due_ms > now_ms]
        if ahead:
            page.due(spelled(MODE, episode_id, LATE), min(ahead))
        page.changed(MODE, episode_id)

    def _turn(self, deed: str, turn: Turn, actor: Actor, reason: str = "") -> Standing:
        def act(page: Page) -> Standing:
            after = turn(page, standing_in(page))
            keep(page, after)
            return after

        draft = actor.draft(f"{MODE}.{deed}", f"{MODE}/{NOW}", reason=reason)
        return self._ledger.write(act, draft)

    def _change(self, episode_id: str, deed: str, change: Change, actor: Actor) -> Episode:
        def act(page: Page) -> Episode:
            packed = page.get(keys.EPISODES, episode_id)
            episode = change(page, known(packed, episode_id))
            self._keep_episode(page, episode)
            return episode

        return self._ledger.write(act, actor.draft(f"{MODE}.{deed}", f"{MODE}/{episode_id}"))

    def _keep_episode(self, page: Page, episode: Episode) -> None:
        page.put(keys.EPISODES, episode.id, encode(episode))
        page.changed(MODE, episode.id)
        following = next_due(self.reports_of(episode))
        member = spelled(MODE, episode.id, LATE)
        if following is None:
            page.undue(member)
        else:
            page.due(member, following.due_ms)

    def _tell_field(self, page: Page, standing: Standing, episode: Episode) -> None:
        """Every department hears it; who comes later too, for the message is retained."""
        city, told = self._city(), encode(field_message(standing, episode))
        for department in sorted(city.departments):
            topic = f"cb/v1/{city.mode.adcode}/{department}/mode/city/cmd"
            self._field.post_in(page, topic, told, retain=True)

    def _next_id(self, page: Page, standing: Standing, actor: Actor) -> str:
        if standing.episode:
            return standing.episode.id
        day = self._city().day_of(actor.at)
        count = int(page.get(keys.MODE, day) or 0) + 1
        page.put(keys.MODE, day, b"%d" % count)
        return f"{LETTERS}{day}-{count:02d}"


def kept_in(page: Page) -> Kept:
    """What lies under `now`."""
    packed = page.get(keys.MODE, NOW)
    return _kept(packed) if packed else Kept()


def standing_in(page: Page) -> Standing:
    """How the city stands, within a command."""
    kept = kept_in(page)
    packed = page.get(keys.EPISODES, kept.episode) if kept.episode else None
    return Standing(_episode(packed) if packed else None, kept.proposal)


def facts_in(page: Page, city: CityFacts) -> CityFacts:
    """The city as a command finds it: whether an emergency lasts at that moment."""
    is_emergency = standing_in(page).mode is Mode.EMERGENCY
    return replace(city, is_emergency=True) if is_emergency else city


def keep(page: Page, standing: Standing) -> None:
    """Writes how the city stands, and when what waits lapses."""
    kept = Kept(standing.episode.id if standing.episode else "", standing.proposal)
    page.put(keys.MODE, NOW, encode(kept))
    if kept.proposal:
        page.due(spelled(MODE, NOW, LAPSE), kept.proposal.until_ms)
    else:
        page.undue(spelled(MODE, NOW, LAPSE))
    page.changed(MODE, NOW)


def known(packed: bytes | None, episode_id: str) -> Episode:
    """An emergency as it was kept; NotFound where there was none."""
    if packed is None:
        raise NotFound("not_found", name=episode_id, what=WHAT)
    return _episode(packed)


def is_on(one: OnDuty, post: str, account: str) -> bool:
    """Whether that is who fills a post now."""
    return (one.post, one.account) == (post, account) and not one.until_ms
