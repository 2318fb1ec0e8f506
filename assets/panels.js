/* What panels need of the browser: the list held still, rows by keyboard, scope, sparkline of the rate. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const HELD_MS = 10000; // nothing moves under the pointer, but not for ever
  const RATES = 60;
  const NOTICE_MS = 8000;
  const rates = [];
  let held = null;
  let due = 0;

  const list = () => document.querySelector(".things .panel-body");
  const busy = () => list()?.matches(":hover, :focus-within");

  function release() {
    clearTimeout(due);
    due = 0;
    if (held !== null) city.setProps("things-due", { data: held });
    held = null;
  }

  // The newest version waits while somebody points into the list or walks through it.
  function hold(version) {
    if (!busy()) return version ?? window.dash_clientside.no_update;
    held = version;
    due ||= setTimeout(release, HELD_MS);
    return window.dash_clientside.no_update;
  }
  document.addEventListener("pointerout", ({ relatedTarget }) => {
    if (held !== null && !list()?.contains(relatedTarget) && !busy()) release();
  });

  city.hasScope = () => new URLSearchParams(location.search).has("area");

  // The scope stands in the address like the rest of the view.
  let opened = false;
  function keepScope(area) {
    const query = new URLSearchParams(location.search);
    const linked = query.get("area") ?? "";
    if (!opened && linked && linked !== area) {
      opened = true;
      setTimeout(() => city.setProps("scope", { data: linked }));
      return window.dash_clientside.no_update;
    }
    opened = true;
    if (area) query.set("area", area);
    else query.delete("area");
    const text = query.toString().replace(/%2F/g, "/").replace(/%2C/g, ",");
    history.replaceState(history.state, "", `${location.pathname}${text && `?${text}`}${location.hash}`);
    return window.dash_clientside.no_update;
  }

  window.dash_clientside = Object.assign(window.dash_clientside ?? {}, { city_page: { hold, keepScope } });

  const rowsOf = (row) => [...row.parentElement.children].filter((one) => one.matches(".thing-row, .search-row"));
  function step(row, by) {
    const rows = rowsOf(row);
    rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(row) + by))]?.focus();
  }
  const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e6, End: 1e6 };

  function pressRow(press, row) {
    if (press.key in STEPS) step(row, STEPS[press.key]);
    else if (press.key === "Enter" || press.key === " ") row.click();
    else if (press.key === "Escape" && row.matches(".search-row")) closeSearch();
    else return;
    press.preventDefault();
  }

  const results = () => document.getElementById("search-results");
  function closeSearch() {
    city.setProps("search", { value: "" });
    document.getElementById("search")?.focus();
  }

  function pressSearch(press) {
    const first = results()?.querySelector(".search-row");
    if (press.key === "ArrowDown" && first) first.focus();
    else if (press.key === "Enter" && first) first.click();
    else return;
    press.preventDefault();
  }

  document.addEventListener("keydown", (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey) return;
    const row = press.target.closest?.(".thing-row, .search-row");
    if (row && row === press.target) pressRow(press, row);
    else if (press.target.id === "search") pressSearch(press);
  }, true);

  // Phones see one region at a time; what was chosen is seen on the map.
  function turn(name) {
    document.querySelector(".main").dataset.tab = name;
    for (const tab of document.querySelectorAll("[data-turn]")) tab.setAttribute("aria-selected", tab.dataset.turn === name);
  }

  city.turn = turn;

  // Here and not on the server: a list that is drawn anew meanwhile must not swallow the choice.
  function choose(thing) {
    city.setProps("map", { selected: thing });
    turn("map");
  }

  document.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-turn]")?.dataset.turn;
    const row = target.closest(".thing-row, .search-row");
    if (name) turn(name);
    else if (row) choose(row.dataset.thing);
    if (results()?.childElementCount && (row || !target.closest(".command-bar"))) city.setProps("search", { value: "" });
  });

  // While the store is away everything ages, and the page says why; then notices of that time go.
  function tellStore(store) {
    const bar = document.querySelector(".store-away");
    if (!bar || bar.hidden === (store !== "away")) return;
    bar.hidden = store !== "away";
    if (bar.hidden) city.setProps("notice", { children: null });
  }
  let dropping = 0;
  function dropNotice() {
    dropping = 0;
    city.setProps("notice", { children: null });
  }

  city.on("status", ({ rate, feeds, late, lost, store }) => {
    tellStore(store);
    if (document.getElementById("notice")?.childElementCount) dropping ||= setTimeout(dropNotice, NOTICE_MS);
    for (const box of document.querySelectorAll('[data-status="feeds"]')) {
      city.fill(box, Number.isFinite(feeds) ? `${feeds - late - lost}/${feeds}` : "—");
    }
    if (!Number.isFinite(rate)) return;
    rates.push(rate);
    if (rates.length > RATES) rates.shift();
    for (const box of document.querySelectorAll('[data-spark="rate"]')) drawRates(box);
  });

  function drawRates(box) {
    const svg = box.firstElementChild ?? box.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
    const line = svg.firstElementChild ?? svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "polyline"));
    const most = Math.max(1, ...rates);
    svg.setAttribute("viewBox", `0 0 ${RATES} 16`);
    svg.setAttribute("preserveAspectRatio", "none");
    line.setAttribute("points", rates.map((rate, k) => `${RATES - rates.length + k},${15 - (14 * rate) / most}`).join(" "));
  }

  const tellTheme = () => city.setProps("theme", { data: city.theme() });
  city.on("theme", tellTheme);
  city.on("hello", tellTheme);
})();
