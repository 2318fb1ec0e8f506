/* Around the list of alarms: tabs, levels, figures, and what is said to those who do not see it. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const STORE = "queue-view";
  const view = (city.queueView = { tab: "active", levels: [] });
  const linked = new URLSearchParams(location.search);
  const panel = () => document.querySelector(".queue");

  function show(change) {
    Object.assign(view, change);
    city.setProps(STORE, { data: { ...view } });
    document.documentElement.dataset.levels = view.levels.join(" ");
    for (const button of document.querySelectorAll(".level-count")) {
      button.setAttribute("aria-pressed", view.levels.includes(Number(button.dataset.levels)));
    }
  }

  function turn(name) {
    const box = panel();
    if (!box) return;
    box.dataset.list = name;
    for (const tab of box.querySelectorAll("[data-list][role=tab]")) tab.setAttribute("aria-selected", tab.dataset.list === name);
    if (name !== "things") show({ tab: name });
  }
  city.turnQueue = turn;

  // The same again shows every level; elsewhere the count leads to the queue.
  function filter(text) {
    if (!panel()) return location.assign(`/situation?level=${text.replace(/ /g, ",")}`);
    const levels = text.split(" ").map(Number).filter(Boolean);
    const again = String(levels) === String(view.levels);
    if (panel().dataset.list === "things") turn("active");
    show({ levels: again ? [] : levels });
  }
  city.filterQueue = filter;

  document.addEventListener("click", ({ target }) => {
    const tab = target.closest?.("[role=tab][data-list]");
    const levels = target.closest?.("[data-levels]:not(html)");
    if (tab) turn(tab.dataset.list);
    else if (levels) filter(levels.dataset.levels);
  });

  // From the region (F6) one step down is the list.
  document.addEventListener("keydown", (press) => {
    if (press.key !== "ArrowDown" || !press.target.matches?.(".queue, .queue-list")) return;
    city.queue.enter();
    press.preventDefault();
  });

  // Left and right walk through tabs, as everywhere.
  document.addEventListener("keydown", (press) => {
    const tab = press.target.closest?.("[role=tab][data-list]");
    const by = { ArrowRight: 1, ArrowLeft: -1 }[press.key];
    if (!tab || !by) return;
    const tabs = [...tab.parentElement.children];
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
    next.focus();
    turn(next.dataset.list);
    press.preventDefault();
  });

  const waiting = new MutationObserver(() => {
    if (!panel() || !document.getElementById("queue")) return;
    waiting.disconnect();
    if (linked.get("level")) show({ levels: linked.get("level").split(",").map(Number).filter(Boolean) });
    if (linked.get("alarm")) city.setProps("queue", { chosen: linked.get("alarm") });
    if (linked.get("list")) turn(linked.get("list"));
  });
  waiting.observe(document.documentElement, { childList: true, subtree: true });

  /* Figures around the list, filled in place. */

  function fill(name, text) {
    for (const box of document.querySelectorAll(`[data-queue="${name}"]`)) city.fill(box, text);
  }

  function show_figures(data) {
    for (const [tab, count] of Object.entries(data.counts)) fill(tab, count);
    fill("waiting", data.waiting);
    fill("load", data.load.text);
    fill("flood", data.load.flood);
    fill("foot", data.foot);
    fill("levels", data.texts.levels.replace("{levels}", data.levels.map((level) => city.ROMAN[level]).join(" ")));
    const bar = document.querySelector('[data-queue="load-bar"]');
    if (bar) bar.style.width = `${data.load.share * 100}%`;
    bar?.parentElement.parentElement.classList.toggle("is-over", data.load.is_flood);
    const [flood, filtered] = [document.querySelector(".queue-flood"), document.querySelector(".queue-filter")];
    if (flood) flood.hidden = !data.load.is_flood;
    if (filtered) filtered.hidden = !data.levels.length;
  }

  /* Read aloud: the worst new alarm, at most one a second. */

  let known = null;
  let said_ms = 0;
  function announce({ groups }) {
    const rows = groups.flatMap((group) => group.rows);
    const fresh = known ? rows.filter(({ id, state }) => !known.has(id) && state.includes("is-unacknowledged")) : [];
    known = new Set([...(known ?? []), ...rows.map(({ id }) => id)]);
    if (!fresh.length || Date.now() - said_ms < 1000) return;
    said_ms = Date.now();
    const box = live(fresh[0].level === 1 ? "assertive" : "polite");
    box.textContent = fresh[0].said;
  }

  const boxes = {};
  function live(manner) {
    boxes[manner] ??= document.body.appendChild(city.make("div", "sr"));
    boxes[manner].setAttribute("aria-live", manner);
    return boxes[manner];
  }

  function hear(data) {
    if (!data) return window.dash_clientside.no_update;
    show_figures(data);
    if (data.tab === "active") announce(data);
    return window.dash_clientside.no_update;
  }

  window.dash_clientside = Object.assign(window.dash_clientside ?? {}, { city_alarms: { hear } });
})();
