/* The command bar does what the chosen result says: open, go, fly, switch, filter, or ask the server. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const CLOSE_ZOOM = 15;

  const DOES = {
    href: (path) => location.assign(path),
    fly: flyTo,
    set: (changes) => Object.entries(changes).forEach(([id, props]) => city.setProps(id, props)),
    levels: (text) => city.filterQueue(text),
    run: (said) => city.setProps("command", { data: { ...said, at: Date.now() } }),
    alarm: openAlarm,
    type: fillIn,
    send: sendUnit,
  };

  function flyTo([lon, lat]) {
    if (!city.map) return location.assign(`/situation?at=${lon},${lat},${CLOSE_ZOOM}`);
    city.map.map.jumpTo({ center: [lon, lat], zoom: CLOSE_ZOOM });
    city.turn?.("map");
  }

  function openAlarm(id, { thing }) {
    if (!document.getElementById("queue")) return location.assign(`/situation?alarm=${id}${thing ? `&thing=${thing}` : ""}`);
    city.setProps("queue", { chosen: id });
    city.setProps("map", { selected: thing });
  }

  // Where the page of dispatch is, it is sent and can be taken back; elsewhere that page is opened with it.
  function sendUnit({ unit, case: id }) {
    if (!city.dispatch.here()) return location.assign(`/dispatch/${encodeURIComponent(id)}?unit=${encodeURIComponent(unit)}`);
    city.dispatch.show(id);
    city.dispatch.send([unit], {}, id);
  }

  function fillIn(text) {
    city.setProps("search", { value: text });
    const field = document.getElementById("search");
    field?.focus();
    requestAnimationFrame(() => field?.setSelectionRange(text.length, text.length));
  }

  city.perform = (does) => {
    for (const [name, about] of Object.entries(does)) DOES[name]?.(about, does);
    return "type" in does; // the bar stays open
  };

  // Before the other listeners: they would close the bar.
  document.addEventListener("click", (press) => {
    const row = press.target.closest?.(".search-row[data-does]");
    if (!row) return;
    press.stopPropagation();
    const stays = city.perform(JSON.parse(row.dataset.does));
    if (!stays) city.setProps("search", { value: "" });
  }, true);

  // A thing chosen where there is no map is shown on the page that has one.
  document.addEventListener("click", ({ target }) => {
    const row = target.closest?.(".search-row[data-thing]:not([data-does])");
    if (row && !document.querySelector(".map")) location.assign(`/situation?thing=${row.dataset.thing}`);
  });
})();
