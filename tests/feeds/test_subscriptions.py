"""The tree of filters says what the plain comparison says, whatever came and went."""

from hypothesis import given
from hypothesis import strategies as st

from feeds.subscriptions import Tree
from feeds.topics import covers, is_filter, is_topic, matches
from store.subscribers import Subscription

LEVELS = st.sampled_from(["", "a", "b", "$s", "中"])
TOPICS = st.lists(LEVELS, min_size=1, max_size=4).map("/".join).filter(bool)
FILTERS = (
    st.lists(st.one_of(LEVELS, st.just("+"), st.just("#")), min_size=1, max_size=4)
    .map("/".join)
    .filter(is_filter)
)
CLIENTS = st.sampled_from(["one", "two", "three"])


@given(st.lists(st.tuples(CLIENTS, st.sets(FILTERS, max_size=4)), max_size=8), TOPICS)
def test_who_hears_a_topic_is_who_has_a_filter_that_matches(steps, topic):
    tree, held = Tree(), dict[str, set[str]]()
    for client, filters in steps:
        tree.put(client, [Subscription(one, 1) for one in filters])
        held[client] = filters

    found = {name: {one.filter for one in heard} for name, heard in tree.find(topic).items()}

    wanted = {name: {one for one in filters if matches(one, topic)}
              for name, filters in held.items()}  # fmt: skip
    assert found == {name: filters for name, filters in wanted.items() if filters}
    assert tree.hears(topic) == bool(found)
    assert bool(tree) == any(held.values())


@given(FILTERS, FILTERS, TOPICS)
def test_what_a_filter_covers_it_hears(wide, narrow, topic):
    if covers(wide.split("/"), narrow.split("/")) and matches(narrow, topic):
        assert matches(wide, topic) or topic.startswith("$")


def test_a_tree_that_everybody_has_left_is_empty():
    tree = Tree()
    tree.put("one", [Subscription("a/+/b", 1), Subscription("a/#", 0)])
    tree.put("one", [])

    assert not tree
    assert tree._root.below == {}


def test_nobody_is_told_of_a_topic_that_is_none():
    assert is_topic("龙昆南/下穿".encode())
    assert not any(map(is_topic, [b"", b"a/+", b"a/#", b"a\0", b"\xff"]))
