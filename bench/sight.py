"""From a publisher's send to the typed arrays that a real browser draws from, under load."""

from collections.abc import Iterator
from typing import Any

from bench.browser import page
from bench.live import RATE, SECONDS, quantile, river
from bench.onlookers import BASE_LON_E7
from bench.rows import Row
from tests.browser.conftest import sit_down

TICK_MS, P50_GOAL_MS, P99_GOAL_MS = 250, 300, 700
# Keeps every frame with the moment when the page had read it.
KEEP = """() => {
  const read = city.hearFrame;
  window.kept = [];
  city.hearFrame = (buffer) => { read(buffer); kept.push([Date.now(), buffer]); };
}"""
# Longitudes and moments of all deltas; the sections are those of docs/live.md.
TELL = """() => kept.flatMap(([at, buffer]) => {
  const view = new DataView(buffer), told = [];
  for (let start = 0; start + 24 <= buffer.byteLength; ) {
    const count = view.getUint32(start + 4, true), lons = start + 24 + 4 * count;
    const is_delta = view.getUint8(start) === 2;
    for (let k = 0; is_delta && k < count; k++) told.push([view.getInt32(lons + 4 * k, true), at]);
    start += 24 + view.getUint32(start + 20, true);
  }
  return told;
})"""


def measure() -> Iterator[Row]:
    """The page as an operator has it open, while vehicles send without a pause."""
    with river(TICK_MS, RATE) as (web, drivers), page() as visitor:
        address = f"http://127.0.0.1:{web.port}/situation"
        sit_down(visitor, address, "chief")
        visitor.goto(address)
        visitor.wait_for_function("() => window.city?.map && city.things.count > 1000")
        seen = watch(visitor)
        sent = dict(drivers.sent)
    ages = sorted(
        at - 1000 * sent[lon - BASE_LON_E7] for lon, at in seen if lon - BASE_LON_E7 in sent
    )
    p50, p99 = quantile(ages, 0.5), quantile(ages, 0.99)
    yield Row(
        f"Publish → frame read by the browser, {RATE:,} msg/s, tick {TICK_MS} ms",
        f"p50 ≤ {P50_GOAL_MS} ms, p99 ≤ {P99_GOAL_MS} ms", f"p50 {p50:.0f} ms, p99 {p99:.0f} ms",
        p50 <= P50_GOAL_MS and p99 <= P99_GOAL_MS,
        f"{len(ages):,} readings in an open page, 1920 × 1080, software GL",
    )  # fmt: skip


def watch(visitor: Any) -> list[tuple[int, float]]:
    """Longitude and moment of every reading, after the page has come to rest."""
    visitor.wait_for_timeout(6000)
    visitor.evaluate(KEEP)
    visitor.wait_for_timeout(SECONDS * 1000)
    found: list[tuple[int, float]] = visitor.evaluate(TELL)
    return found
