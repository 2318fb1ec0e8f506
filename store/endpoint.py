"""Where the store is: one URL for a server, a cluster or a guarded pair, asked by redis-py."""

import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.connection import Connection, ConnectionPool
from redis.exceptions import RedisError
from redis.retry import Retry
from redis.sentinel import Sentinel

CLUSTER, SENTINEL = "redis+cluster", "redis+sentinel"
SENTINEL_PORT, REDIS_PORT = 26379, 6379
CONNECT_WITHIN_S = 2.0
TRUE_WORDS = {"1", "true", "yes", "on"}


class BadEndpoint(ValueError):
    """A store URL that names no store; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Servers:
    """What a cluster or sentinel URL says."""

    hosts: tuple[tuple[str, int], ...]
    service: str  # the name that sentinels watch
    options: dict[str, Any]  # user, password, db, TLS: as redis-py names them


def read_servers(url: str) -> Servers:
    """The parts of `redis+cluster://` and `redis+sentinel://[user:password@]host[:port],…`."""
    parts = urlsplit(url)
    credentials, _, hosts = parts.netloc.rpartition("@")
    port = SENTINEL_PORT if parts.scheme == SENTINEL else REDIS_PORT
    service, _, db = parts.path.strip("/").partition("/")
    options = _credentials(credentials) | _query(parts.query)
    if parts.scheme == SENTINEL:
        if not service:
            raise BadEndpoint("redis+sentinel:// needs the service after the hosts: …/mymaster")
        options["db"] = int(db or 0)
    return Servers(tuple(_host(text, port) for text in hosts.split(",")), service, options)


def _credentials(text: str) -> dict[str, Any]:
    user, _, password = text.partition(":")
    pairs = {"username": unquote(user), "password": unquote(password)}
    return {name: value for name, value in pairs.items() if value}


def _query(text: str) -> dict[str, Any]:
    """`tls` and the redis-py options that begin with `ssl_`."""
    options: dict[str, Any] = {}
    for name, (value, *_) in parse_qs(text).items():
        if name == "tls":
            options["ssl"] = value.lower() in TRUE_WORDS
        elif name.startswith("ssl_"):
            options[name] = value
        else:
            raise BadEndpoint(f"{name} is not an option of a store URL; tls and ssl_… are")
    return options


def _host(text: str, port: int) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise BadEndpoint("a store URL needs at least one host")
    return parts.hostname, parts.port or port


def open_client(url: str, **options: Any) -> redis.Redis | RedisCluster:
    """A redis-py client for any store URL; `options` are redis-py's."""
    scheme = urlsplit(url).scheme
    if scheme == CLUSTER:
        return _cluster(read_servers(url), **options)
    if scheme == SENTINEL:
        servers = read_servers(url)
        return _sentinel(servers).master_for(  # type: ignore[no-untyped-call, no-any-return]
            servers.service, **servers.options, **options
        )
    return redis.Redis.from_url(url, **options)


def _cluster(servers: Servers, **options: Any) -> RedisCluster:
    nodes = [ClusterNode(*host) for host in servers.hosts]  # type: ignore[no-untyped-call]
    return RedisCluster(startup_nodes=nodes, **{**servers.options, **options})


def _sentinel(servers: Servers) -> Sentinel:
    return Sentinel(  # type: ignore[no-untyped-call]
        servers.hosts, socket_timeout=CONNECT_WITHIN_S, **_tls(servers.options)
    )


def _tls(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name.startswith("ssl")}


def socket_of(connection: Connection) -> socket.socket:
    """The socket under a connection; redis-py has no public way to it."""
    found = connection._sock
    assert isinstance(found, socket.socket)
    return found


class Endpoint:
    """The one server that holds a key, looked up anew for each connection."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._key = key
        self._scheme = urlsplit(url).scheme

    def connect(self) -> Connection:
        """A connection with TLS, user and database settled; ConnectionError when there is none."""
        try:
            connection = self._connection()
            connection.connect()  # type: ignore[no-untyped-call]
        except (RedisError, OSError) as error:
            raise ConnectionError(str(error)) from error
        return connection

    def _connection(self) -> Connection:
        quick = {
            "socket_connect_timeout": CONNECT_WITHIN_S,
            "socket_timeout": CONNECT_WITHIN_S,
            "retry": Retry(NoBackoff(), 0),
            "protocol": 2,
        }
        if self._scheme not in (CLUSTER, SENTINEL):
            return ConnectionPool.from_url(self._url, **quick).make_connection()  # type: ignore[return-value]
        servers = read_servers(self._url)
        find = self._in_cluster if self._scheme == CLUSTER else self._by_sentinel
        host, port = find(servers)
        scheme = "rediss" if servers.options.get("ssl") else "redis"
        options = {name: value for name, value in servers.options.items() if name != "ssl"}
        pool = ConnectionPool.from_url(f"{scheme}://{_bracketed(host)}:{port}", **options, **quick)
        return pool.make_connection()  # type: ignore[return-value]

    def _in_cluster(self, servers: Servers) -> tuple[str, int]:
        cluster = _cluster(servers, socket_timeout=CONNECT_WITHIN_S)
        try:
            node = cluster.get_node_from_key(self._key)  # type: ignore[no-untyped-call]
            return node.host, node.port
        finally:
            cluster.close()

    def _by_sentinel(self, servers: Servers) -> tuple[str, int]:
        master = _sentinel(servers).discover_master  # looked up at each failover
        host, port = master(servers.service)  # type: ignore[no-untyped-call]
        return str(host), int(port)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
