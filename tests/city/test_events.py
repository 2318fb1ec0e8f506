"""Events: the fold of their log; whatever was merged can be taken apart."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from city.events import DEEDS, Deed, Entry, Event, Member, apply, came_with, fold

members = st.builds(
    Member,
    id=st.integers(0, 30).map("report/{}".format),
    what=st.sampled_from(["event/0406", "event/0404", "sensor/waterlogging"]),
    at_ms=st.integers(0, 1_000),
    title=st.sampled_from(["道路积水", "下水道堵塞", "积水点"]),
    pos=st.none() | st.tuples(st.floats(110, 111), st.floats(19, 20)),
    area=st.sampled_from(["", "460105", "460106"]),
    severity=st.integers(1, 4),
)
groups = st.lists(members, min_size=1, max_size=6, unique_by=lambda one: one.id)


def event_of(name: str, group: list[Member]) -> tuple[Event, list[Entry]]:
    entries = [Entry(Deed.JOIN, member.at_ms, member=member) for member in group]
    return fold(name, entries), entries


def like(event: Event) -> Event:
    """All but how often and when it was written to."""
    return replace(event, version=0, updated_ms=0)


def others(group: list[Member]) -> list[Member]:
    return [replace(member, id=f"other-{member.id}") for member in group]


def merged(into: Event, other: Event) -> Event:
    return apply(into, Entry(Deed.MERGE, 2_000, other=other.id, members=other.members))


@given(groups, st.randoms())
def test_an_event_does_not_depend_on_the_order_its_members_came_in(
    group: list[Member], chance: Random
) -> None:
    shuffled = chance.sample(group, len(group))

    first, second = event_of("E1", group)[0], event_of("E1", shuffled)[0]

    assert first.members == second.members
    assert (first.title, first.what, first.area) == (second.title, second.what, second.area)
    assert (first.centre, first.severity) == (second.centre, second.severity)


@given(groups, groups)
def test_a_merge_that_is_undone_leaves_no_trace_but_in_the_logs(
    ours: list[Member], theirs: list[Member]
) -> None:
    here, there = event_of("E1", ours)[0], event_of("E2", others(theirs))[0]

    both = merged(here, there)
    gone = apply(there, Entry(Deed.ABSORBED, 2_000, other="E1"))
    back = came_with(both, "E2")

    assert len(both.members) == len(ours) + len(theirs)
    assert gone.is_merged
    assert like(apply(both, Entry(Deed.UNMERGE, 3_000, other="E2"))) == like(here)
    assert like(apply(gone, Entry(Deed.RELEASED, 3_000, members=back))) == like(there)


@given(groups, groups, members)
def test_who_joined_meanwhile_stays_and_who_was_split_off_does_not_come_back(
    ours: list[Member], theirs: list[Member], late: Member
) -> None:
    here, there = event_of("E1", ours)[0], event_of("E2", others(theirs))[0]
    late, lost = replace(late, id="late"), there.members[0]
    both = apply(merged(here, there), Entry(Deed.JOIN, 2_100, member=late))
    both = apply(both, Entry(Deed.LEAVE, 2_200, member=lost))

    back = came_with(both, "E2")
    ends = apply(both, Entry(Deed.UNMERGE, 3_000, other="E2"))
    gone = apply(there, Entry(Deed.ABSORBED, 2_000, other="E1"))

    assert ends.has("late")
    assert not apply(gone, Entry(Deed.RELEASED, 3_000, members=back)).has(lost.id)
    assert len(ends.members) + len(back) == len(ours) + len(theirs)


def test_a_merge_of_what_was_merged_comes_apart_in_turn() -> None:
    one, two, three = (
        event_of(name, [Member(f"report/{name}", "event/0406", 1, "道路积水")])[0]
        for name in ("E1", "E2", "E3")
    )
    two_three = merged(two, three)

    all_three = merged(one, two_three)
    back = came_with(all_three, "E2")

    assert {member.id for member in back} == {"report/E2", "report/E3"}
    released = apply(two_three, Entry(Deed.RELEASED, 9, members=back))
    assert [member.id for member in came_with(released, "E3")] == ["report/E3"]


def test_a_report_names_an_event_before_an_older_alarm() -> None:
    alarm = Member("alarm/1", "sensor/waterlogging", 1, "积水点", severity=2)
    call = Member("report/1", "event/0406", 5, "道路积水", severity=4)

    event = event_of("E1", [alarm, call])[0]

    assert (event.title, event.what, event.severity) == ("道路积水", "event/0406", 2)
    assert (event.first_ms, event.last_ms) == (1, 5)


def test_every_deed_has_its_words() -> None:
    assert set(DEEDS) == set(Deed)
