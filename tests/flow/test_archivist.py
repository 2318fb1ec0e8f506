"""The chain of the trail, verified from the command line."""

import subprocess
import sys
from pathlib import Path

import pytest

from city.audit import Draft
from store import keys
from store.books import Page
from store.store import Store

pytestmark = pytest.mark.flow
ROOT = Path(__file__).parents[2]


def nothing(_page: Page) -> None:
    """Only the record is written."""


@pytest.fixture
def trail(store: Store, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("CITY_REDIS_URL", redis_url)
    for number in range(5):
        draft = Draft("li", "李四", "unit", "case.sign", f"case/HK{number}", 1_788_678_600_000)
        store.ledger.write(nothing, draft)
    return store


def verify(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", "audit", "verify", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_a_whole_chain_is_one_line_with_how_many_and_the_newest_digest(trail: Store) -> None:
    head = trail.audit.head()

    ended = verify()

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"5 records hold; the newest is 5:{head.digest}\n"


def test_a_broken_chain_is_one_sentence_that_names_the_record(trail: Store) -> None:
    found = trail.redis.xrange(keys.AUDIT)
    with trail.redis.pipeline(transaction=True) as pipe:
        pipe.unlink(keys.AUDIT)
        for name, fields in [*found[:2], *found[3:]]:
            pipe.xadd(keys.AUDIT, fields, id=name.decode())
        pipe.execute()

    ended = verify()

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "The audit trail is broken at record 3: it was altered, removed or inserted; "
        "the 2 records before it hold.\n"
    )


def test_a_digest_that_was_noted_must_still_be_so(trail: Store) -> None:
    noted = f"3:{trail.audit.get(3).digest}"

    assert verify("--known", noted).returncode == 0
    for other in (f"4:{noted[2:]}", "9:00", "nonsense"):
        ended = verify("--known", other)
        assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
