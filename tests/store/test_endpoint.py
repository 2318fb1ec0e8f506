"""One URL for every kind of store."""

import pytest

from store.endpoint import BadEndpoint, read_servers


def test_a_cluster_is_named_by_some_of_its_hosts():
    servers = read_servers("redis+cluster://city:a%40b@one:7000,[::1]:7001,two?tls=yes")

    assert servers.hosts == (("one", 7000), ("::1", 7001), ("two", 6379))
    assert servers.options == {"username": "city", "password": "a@b", "ssl": True}


def test_a_guarded_pair_is_named_by_its_sentinels_and_its_service():
    servers = read_servers("redis+sentinel://:secret@one,two:26380/city/2")

    assert servers.hosts == (("one", 26379), ("two", 26380))
    assert (servers.service, servers.options) == ("city", {"password": "secret", "db": 2})


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://one:26379",
        "redis+cluster://",
        "redis+cluster://one,,two",
        "redis+cluster://one?colour=red",
    ],
)
def test_a_url_that_names_no_store_is_refused(url):
    with pytest.raises(BadEndpoint):
        read_servers(url)
