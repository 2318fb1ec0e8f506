"""`python -m simulator.staff`: the pretend staff at its posts, until it is told to stop."""

import argparse
import json
import logging
import os
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import logs
from city.profile import BadProfile, Profile, parse_profile
from city.roles import ROLE_NAMES, SYSTEM, Actor, Role
from parts import asked_to_end
from settings import Settings, load_or_exit
from simulator.staff.office import Office
from simulator.staff.team import Post, Team
from store.store import Store, StoreUnreachable, open_store
from store.tokens import Scope

log = logging.getLogger("staff")

MISCONFIGURED = 2
LOOK_EVERY_S = 2.0
HOLD_FOR = timedelta(days=30)
KEPT = "staff.json"  # in the data dir, for its owner alone
CENTRE = (Role.ACCEPTOR, Role.CHIEF, Role.DISPATCHER, Role.COLLECTOR)


def main() -> int:
    """Looks at the cases every other second until SIGTERM."""
    wanted = arguments(sys.argv[1:])
    settings = load_or_exit()
    logs.configure(settings.log_level, settings.log_format)
    stopping = asked_to_end()
    try:
        team = gather(settings, wanted.pace)
    except (OSError, BadProfile) as error:
        sys.stderr.write(f"CITY_PROFILE cannot be used by the staff: {error}.\n")
        return MISCONFIGURED
    except StoreUnreachable as error:
        sys.stderr.write(f"CITY_REDIS_URL cannot be reached: {error}.\n")
        return MISCONFIGURED
    sys.stdout.write(f"ready {len(team.offices)} posts, pace {wanted.pace:g}\n")
    sys.stdout.flush()
    work(team, stopping)
    return 0


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m simulator.staff", description=__doc__)
    parser.add_argument("--pace", type=float, default=1.0, help="2: everybody is twice as fast")
    return parser.parse_args(given)


def work(team: Team, stopping: threading.Event) -> None:
    """Turn after turn."""
    while not stopping.wait(LOOK_EVERY_S):
        team.turn(datetime.now(UTC))
    log.info("leaving moves=%d", team.done.total())


def gather(settings: Settings, pace: float) -> Team:
    """The staff with the tokens that an administrator would have given it."""
    profile = parse_profile(settings.profile.read_text(encoding="utf-8"))
    store = open_store(settings.redis_url, profile.kinds)
    store.ping()
    tokens = hand_out(store, posts(profile), settings.data_dir / KEPT)
    url = f"http://{settings.host}:{settings.port}"
    offices = {post: Office(url, token) for post, token in tokens.items()}
    return Team(offices, profile.filing, accounts(offices), pace)


def accounts(offices: Iterable[Post]) -> frozenset[str]:
    """How the log of a case names the staff, and the city itself."""
    return frozenset([SYSTEM.account, *(f"token/{named(post)}" for post in offices)])


def posts(profile: Profile) -> list[Post]:
    """The centre, and a unit for each department."""
    units = [(Role.UNIT, department.code) for department in profile.departments]
    return [*((role, "") for role in CENTRE), *units]


def named(post: Post) -> str:
    """What the token of a post is called, and its holder on the pages."""
    role, department = post
    return f"演示{ROLE_NAMES[role][0]}{f' {department}' if department else ''}"


def hand_out(store: Store, wanted: Sequence[Post], kept: Path) -> Mapping[Post, str]:
    """A token for each post: as kept from before where it still holds, else a new one."""
    known: dict[str, str] = json.loads(kept.read_text()) if kept.is_file() else {}
    now = datetime.now(UTC)
    tokens = {}
    for post in wanted:
        token = store.tokens.find(known.get(named(post), ""))
        is_good = token is not None and token.holds(int(now.timestamp() * 1000))
        tokens[post] = known[named(post)] if is_good else new_token(store, post, now)
    keep(kept, {named(post): token for post, token in tokens.items()})
    return tokens


def new_token(store: Store, post: Post, now: datetime) -> str:
    """One that replaces any of its name."""
    actor = Actor(SYSTEM, "simulator", now)
    for old in store.tokens.all():
        if old.name == named(post) and old.holds(actor.at_ms):
            store.tokens.revoke(old.id, actor)
    return store.tokens.create(Scope(named(post), post[0], (), post[1]), HOLD_FOR, actor)


def keep(path: Path, tokens: Mapping[str, str]) -> None:
    """Readable for its owner alone."""
    with open(path, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        json.dump(tokens, file)


if __name__ == "__main__":
    raise SystemExit(main())
