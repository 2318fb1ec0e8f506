"""The duties of the clockwork, in the order in which they are done."""

import logging
import time
from datetime import UTC, datetime, timedelta
from functools import partial

from city.audit import LEAST_RETENTION_DAYS
from city.profile import Profile
from store import keys
from store.store import Store
from watch.clockwork import Duty
from watch.closures import Water
from watch.deadlines import Deadlines
from watch.effects import all_effects
from watch.reports import Reports
from watch.traffic import Traffic
from watch.units import Field, listeners_of

log = logging.getLogger("watch")

REPORTS_EVERY_S, RETIRE_EVERY_S, FIELD_EVERY_S, TRAFFIC_EVERY_S = 0.5, 600.0, 0.25, 60.0
FORGET_AUDIT_EVERY_S, SWEEP_EVERY_S, MODE_REPORTS_EVERY_S = 21_600.0, 3600.0, 1.0
DEADLINES_EVERY_S, SETTLE_EVERY_S, FORGET_EVERY_S, CALENDAR_EVERY_S = 0.5, 30.0, 60.0, 86_400.0
CALENDAR_AHEAD = timedelta(days=45)


def all_duties(
    store: Store, profile: Profile, audit_days: int = LEAST_RETENTION_DAYS
) -> list[Duty]:
    """Fire what is due, follow the field, take reports in, settle the logs, then forget."""
    shards = range(keys.SHARDS)
    deadlines, reports = Deadlines(store, all_effects(store, profile)), Reports(store)
    field = Field(store, listeners_of(store))
    return [
        Duty("deadlines", DEADLINES_EVERY_S, deadlines.fire),
        Duty("field", FIELD_EVERY_S, field.follow),
        Duty("reports", REPORTS_EVERY_S, reports.take_in),
        Duty("alarm-events", REPORTS_EVERY_S, reports.take_alarms),
        *(Duty(f"settle-{one}", SETTLE_EVERY_S, partial(settle, store, one)) for one in shards),
        Duty("water", REPORTS_EVERY_S, Water(store).look),
        Duty("traffic", TRAFFIC_EVERY_S, Traffic(store).look),
        Duty("forget", FORGET_EVERY_S, partial(forget, store, profile)),
        Duty("forget-audit", FORGET_AUDIT_EVERY_S, partial(forget_audit, store, audit_days)),
        Duty("sweep-sessions", SWEEP_EVERY_S, partial(sweep_sessions, store)),
        Duty("sweep-handset", SWEEP_EVERY_S, partial(sweep_handset, store)),
        Duty("mode-reports", MODE_REPORTS_EVERY_S, partial(report_emergencies, store)),
        Duty("retire", RETIRE_EVERY_S, reports.retire),
        Duty("calendar", CALENDAR_EVERY_S, partial(look_ahead, profile)),
    ]


def settle(store: Store, shard: int) -> bool:
    """Moves a part of the log into history; whether there is more."""
    return not store.history.settle(shard).is_all


def forget(store: Store, profile: Profile) -> bool:
    """Drops history beyond the profile's hours and megabytes."""
    now_ms = int(time.time() * 1000)
    store.history.forget(now_ms, profile.retention_hours, profile.retention_mb)
    store.closures.forget(now_ms)
    return False


def forget_audit(store: Store, days: int) -> bool:
    """Drops records of the trail that are older than so many days."""
    return store.audit.chain.forget(int(time.time() * 1000), days)


def sweep_sessions(store: Store) -> bool:
    """Drops sessions that are over, and failed logins of yesterday."""
    store.sessions.sweep(int(time.time() * 1000))
    return False


def report_emergencies(store: Store) -> bool:
    """Makes the report of an emergency that is over and has none."""
    for episode in store.mode_reports.missing():
        store.mode_reports.write(store.mode_reports.gather(episode, int(time.time() * 1000)))
    return False


def sweep_handset(store: Store) -> bool:
    """Drops the keys of deeds that no phone says any more."""
    store.handset.sweep(int(time.time() * 1000))
    return False


def look_ahead(profile: Profile) -> bool:
    """Says in time that next year's holidays are not there yet."""
    then = datetime.now(UTC) + CALENDAR_AHEAD
    if not profile.calendar.knows(then):
        log.warning("holidays not installed year=%s see=docs/deadlines.md", then.year)
    return False
