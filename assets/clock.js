/* The server's clock on screen: time, ages at 1 Hz for elements that carry data-at (ms epoch). */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const LATE_AFTER = 1.5;
  const STALE_AFTER = 2;
  const LOST_AFTER = 5;
  const STATES = ["is-late", "is-stale", "is-lost"];
  let offset_ms = 0;
  let best_ms = Infinity;

  city.now = () => Date.now() + offset_ms;
  city.clockOffset = () => offset_ms;

  // The smallest difference seen is the one with the least delay on the way.
  city.hearTime = (server_ms) => {
    const difference = Date.now() - server_ms;
    if (difference > best_ms && difference - best_ms < 2000) return;
    best_ms = difference;
    offset_ms = -difference;
  };

  const formats = new Map();
  function formatter(kind) {
    const key = `${kind} ${city.lang()}`;
    if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(city.lang(), FORMATS[kind]));
    return formats.get(key);
  }
  const FORMATS = {
    time: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai" },
    day: { month: "2-digit", day: "2-digit", timeZone: "Asia/Shanghai" },
    weekday: { weekday: "short", timeZone: "Asia/Shanghai" },
  };

  city.timeText = (ms) => formatter("time").format(ms);
  city.dateText = (ms) =>
    `${formatter("day").format(ms).replace(/[\u6708/]/g, "-").replace(/\u65e5/g, "")} ${formatter("weekday").format(ms)}`;

  city.freshness = (age_s, period_s) => {
    const multiple = period_s > 0 ? age_s / period_s : 0;
    if (multiple > LOST_AFTER) return 3;
    if (multiple > STALE_AFTER) return 2;
    return multiple > LATE_AFTER ? 1 : 0;
  };

  function tickAge(element, now_ms) {
    const age_s = (now_ms - Number(element.dataset.at)) / 1000;
    if (!Number.isFinite(age_s)) return;
    city.fill(element, city.ageText(age_s));
    const state = STATES[city.freshness(age_s, Number(element.dataset.period ?? 0)) - 1];
    for (const name of STATES) element.classList.toggle(name, name === state);
  }

  function tick() {
    const now_ms = city.now();
    const shown_ms = city.frozenAt?.() ?? now_ms;
    for (const element of document.querySelectorAll("[data-clock]")) {
      city.fill(element, element.dataset.clock === "date" ? city.dateText(now_ms) : city.timeText(now_ms));
    }
    for (const element of document.querySelectorAll("[data-at]")) tickAge(element, shown_ms);
    city.tell("second", now_ms);
    setTimeout(tick, 1000 - (city.now() % 1000) + 5);
  }
  setTimeout(tick, 0);
})();
