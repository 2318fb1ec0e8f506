"""Every key of the store, and nothing else knows them.

A shard is the log of one ingest worker with all that is folded from it. Its keys carry one hash
tag, so that a transaction stays on one server of a Redis Cluster; readers read all shards.
"""

SHARDS = 6
LEASE_WATCH = "lease:watch"
LEASE_OUTBOUND = "lease:outbound"
PARTS = "parts:{parts}"
FEEDS = "feeds:{feeds}"


def log(shard: int) -> str:
    """Stream of packed batches: what happened, in the order the store took it."""
    return f"log:{{s{shard}}}"


def applied(shard: int, run: str) -> str:
    """Number of the last batch of a worker's run that the store has."""
    return f"applied:{{s{shard}}}:{run}"


def health(shard: int) -> str:
    """Hash of counters per feed."""
    return f"health:{{s{shard}}}"


def relay(shard: int) -> str:
    """Stream: what came in that others are to be told, on its way to `RELAYED`."""
    return f"relay:{{s{shard}}}"


def relay_place(shard: int) -> str:
    """How far that way has been gone."""
    return f"relay-place:{{desk}}:{shard}"


def dead(shard: int) -> str:
    """Stream of dead letters."""
    return f"dead:{{s{shard}}}"


def newest(shard: int) -> str:
    """Hash: thing → its newest records, settled."""
    return f"newest:{{s{shard}}}"


def cursor(shard: int) -> str:
    """Hash: how far the log is settled, and how far it was trimmed."""
    return f"cursor:{{s{shard}}}"


# Whoever reads the logs on a place of his own; see `store.following`.
FOLLOWERS = ("alarms", "reports", "field")


def follower(shard: int, name: str) -> str:
    """How far one of them has read a log."""
    return f"follower:{{s{shard}}}:{name}"


def segments(shard: int) -> str:
    """Sorted set of history segments by the time of their last write."""
    return f"segments:{{s{shard}}}"


def sizes(shard: int) -> str:
    """Hash: history segment → about how many bytes it takes."""
    return f"sizes:{{s{shard}}}"


def segment(shard: int, bucket: int) -> str:
    """Hash: thing → its readings of ten minutes."""
    return f"segment:{{s{shard}}}:{bucket}"


def part(name: str) -> str:
    """What a running part says of itself, until it stops saying it."""
    return f"part:{{parts}}:{name}"


# What people do lies under one tag: a command changes a case, its log, its deadlines and the
# trail in one transaction, on a cluster too.
CHAIN = "chain:{desk}"  # hash: number and digest of the newest audit record, and of the dropped
AUDIT = "audit:{desk}"  # stream of audit records
DUE = "due:{desk}"  # sorted set of what has to be done when
CHANGES = "changes:{desk}"  # stream: subject and name of what changed
ACCOUNTS = "accounts:{desk}"
SESSIONS = "sessions:{desk}"
SEEN = "seen:{desk}"  # hash: session → ms it was last used
FAILURES = "failures:{desk}"  # hash: name → its failed logins
TOKENS = "tokens:{desk}"
CASES = "cases:{desk}"  # hash: case → its present fold
CASE_NUMBERS = "case-numbers:{desk}"  # hash: day → how many cases it has
EXTERNAL = "external:{desk}"  # hash: source|external id → case
ALARMS = "alarms:{desk}"  # hash: alarm → how it stands
JUDGED = "judged:{desk}"  # hash: shard → how far its log has been judged
WATCHES = "watches:{desk}"  # hash: thing under watch → the judge's state before the bound
EVENTS = "events:{desk}"  # hash: event → its present fold
MUTES = "mutes:{desk}"  # hash: account → until when it hears little (ms)
HANDOVERS = "handovers:{desk}"  # hash: number → handover; `last`: the newest number
EVENT_NUMBERS = "event-numbers:{desk}"  # hash: day → how many events it has
OPEN_EVENTS = "open-events:{desk}"  # hash: event that is not over → when it was last told of
MEMBERS = "members:{desk}"  # hash: report or alarm → its event
ALARMS_SEEN = "alarms-seen:{desk}"  # hash: how far the changes of alarms were followed by events
SHELF = "shelf:{desk}"  # hash: mark (city.nearby) → the open events under it
ONLOOKERS = "onlookers:{desk}"  # hash: case|account → who looks at it, for some seconds
OWN_VIEWS = "own-views:{desk}"  # hash: account → its saved views of the list of cases
WEBHOOKS = "webhooks:{desk}"  # hash: id → webhook
WEBHOOK_PLACES = "webhook-places:{desk}"  # hash: webhook → how far it has read the changes
WEBHOOK_STANDINGS = "webhook-standings:{desk}"  # hash: webhook → how it is doing
GROUPS = "groups:{desk}"  # hash: command group → how it stands
GROUP_NUMBERS = "group-numbers:{desk}"  # hash: day → how many groups it has
LOANS = "loans:{desk}"  # hash: account → what which group lends it
MODE = "mode:{desk}"  # hash: `now`: episode and proposal; day → how many; report|… → made
EPISODES = "episodes:{desk}"  # hash: episode (应急时段) → it as it stands
EPISODE_REPORTS = "episode-reports:{desk}"  # hash: episode → its report
CLOSURES = "closures:{desk}"  # hash: closure of roads → it as it stands
CLOSURE_NUMBERS = "closure-numbers:{desk}"  # hash: day → how many closures it has
ROADS = "roads:{desk}"  # hash: `version` of the closures; day and hour → how fast roads were
UNITS = "units:{desk}"  # hash: unit → what the desk keeps of it
RESOURCES = "resources:{desk}"  # hash: resource → what was said of it
HANDSET = "handset:{desk}"  # hash: account|key → the deed of a phone that was done
CREWS = "crews:{desk}"  # hash: account → the unit that it serves on
NOTICES_SEEN = "notices-seen:{desk}"  # hash: notice → who has read it
PLAN_RUNS = "plan-runs:{desk}"  # hash: case → its plans under way
TRANSFERS = "transfers:{desk}"  # hash: case → its hand-overs
WARNINGS = "warnings:{desk}"  # hash: number → public warning; `last`: the newest number
FIELD = "field:{desk}"  # stream: what we tell the field, in the order it was decided
RELAYED = "relayed:{desk}"  # stream: what clients of the intake tell one another
OUTBOUND = "outbound:{desk}"  # how far of it a customer's broker has acknowledged
RETAINED = "retained:{desk}"  # hash: topic → the message that a new subscriber is told
ORDERS = "orders:{desk}"  # hash: order → it as it stands, with its log
ORDER_NUMBERS = "order-numbers:{desk}"  # hash: case → how many orders it has had
IN_HAND = "in-hand:{desk}"  # hash: unit → the ids of its open orders
SUBSCRIBERS = "subscribers:{desk}"  # hash: client id → what it is subscribed to
SUBSCRIBER_OWNERS = "subscriber-owners:{desk}"  # hash: client id → the worker that serves it
STANDINGS = "standings:{desk}"  # hash: client id → how far it has been told
REPORTS = "reports:{desk}"  # hash: source|external id → the report as it was told


def trail_of(subject: str) -> str:
    """List: the numbers of the records of one case or command group (`case/…`, `group/…`)."""
    return f"trail:{{desk}}:{subject}"


def case_log(case_id: str) -> str:
    """List of a case's log entries."""
    return f"case:{{desk}}:{case_id}"


def notices(department: str) -> str:
    """List of what a department was told of cases."""
    return f"notices:{{desk}}:{department}"


def outbox(webhook_id: str) -> str:
    """Hash: case → what a webhook still has to be told of it."""
    return f"outbox:{{desk}}:{webhook_id}"


def undelivered(webhook_id: str) -> str:
    """Hash: message → that a webhook was not told of it, and why."""
    return f"undelivered:{{desk}}:{webhook_id}"


def orders_of(unit_id: str) -> str:
    """List: the ids of a unit's orders, the oldest first."""
    return f"orders-of:{{desk}}:{unit_id}"


def unit_log(unit_id: str) -> str:
    """List: what people did with a unit, and said on the radio."""
    return f"unit:{{desk}}:{unit_id}"


def event_log(event_id: str) -> str:
    """List of an event's log entries."""
    return f"event:{{desk}}:{event_id}"


def rate(name: str, who: str, window: int) -> str:
    """How often somebody asked in one window of time."""
    return f"rate:{{rate}}:{name}:{who}:{window}"
