/* The view in the address: place, zoom, hidden layers, filter and thing; a link opens the same. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const WRITE_WAIT_MS = 300;

  const numbers = (text, count) => {
    const parts = (text ?? "").split(",").map(Number);
    return parts.length === count && parts.every(Number.isFinite) ? parts : null;
  };

  city.readView = (search = location.search) => {
    const query = new URLSearchParams(search);
    const at = numbers(query.get("at"), 3);
    const view = {};
    if (at) Object.assign(view, { center: [at[0], at[1]], zoom: at[2] });
    if (query.has("hide")) view.hidden = query.get("hide").split(",").filter(Boolean);
    if (query.has("only")) view.abnormalOnly = query.get("only") === "abnormal";
    if (query.get("thing")) view.selected = query.get("thing");
    return view;
  };

  function set(query, key, value) {
    if (value) query.set(key, value);
    else query.delete(key);
  }

  // Slashes and commas stay readable: links are read aloud and written down.
  const plain = (query) => query.toString().replace(/%2F/g, "/").replace(/%2C/g, ",");

  city.writeView = city.later(WRITE_WAIT_MS, ({ center, zoom, hidden, abnormalOnly, selected }) => {
    const query = new URLSearchParams(location.search);
    set(query, "at", center && `${center[0].toFixed(5)},${center[1].toFixed(5)},${zoom.toFixed(2)}`);
    const chooses = !document.querySelector(".main.dispatch"); // there the page itself says what its map shows
    set(query, "hide", chooses && hidden?.length && hidden.join(","));
    set(query, "only", chooses && abnormalOnly && "abnormal");
    set(query, "thing", selected);
    const text = plain(query);
    history.replaceState(history.state, "", `${location.pathname}${text && `?${text}`}${location.hash}`);
  });
})();
