/* The keyboard: letters printed on controls, regions, the key map, and switches of theme and language. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const YEAR_S = 31536000;
  const CHORD_MS = 900;
  const PAGES = { s: "/situation", c: "/cases", d: "/dispatch", m: "/mode", h: "/handover" };
  let chord = 0;
  let help = null;

  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable=true]");
  const shown = (element) => element && element.getClientRects().length > 0;

  function remember(name, value) {
    document.cookie = `city_${name}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
  }

  city.switchTheme = () => {
    const theme = city.theme() === "dark" ? "light" : "dark";
    remember("theme", theme);
    document.documentElement.dataset.theme = theme;
  };

  city.switchLang = () => {
    remember("lang", city.lang() === "en" ? "zh" : "en");
    location.reload();
  };

  const ACTIONS = {
    theme: city.switchTheme, lang: city.switchLang, keys: () => toggleHelp(), logout: () => city.logOut(),
  };

  function search() {
    const field = document.querySelector("#search, [data-role=search]");
    field?.focus();
    field?.select?.();
    return Boolean(field);
  }

  function nextRegion(step) {
    const regions = [...document.querySelectorAll("[data-region]")].filter(shown);
    if (!regions.length) return false;
    const now = regions.findIndex((region) => region.contains(document.activeElement));
    const region = regions[(now + step + regions.length) % regions.length];
    if (!region.hasAttribute("tabindex")) region.tabIndex = -1;
    region.focus();
    return true;
  }

  function pressControl(key) {
    const name = key.length === 1 ? key.toUpperCase() : key;
    const controls = [...document.querySelectorAll("[data-key]")].filter((one) => one.dataset.key === name && shown(one) && !one.disabled);
    // Two regions may print the same letter: the one that has the focus is meant; of several that close, the innermost.
    const region = document.activeElement?.closest?.("[data-region]");
    const near = controls.filter((one) => region?.contains(one));
    const meant = near.length ? near : controls;
    const control = name === "Escape" ? meant.at(-1) : meant[0];
    if (!control) return false;
    const field = control.matches("button") ? null : control.querySelector("input:not([type=checkbox])");
    if (field) field.focus();
    else control.click();
    return true;
  }

  function helpRow([key, words]) {
    const row = city.make("div", "keys-row");
    row.append(city.make("kbd", "keycap", key), city.make("span", "", words));
    return row;
  }

  // What is printed on controls that are there now: their key and what they say.
  function printedKeys() {
    const controls = [...document.querySelectorAll("[data-key]")].filter((one) => shown(one) && one.dataset.key !== "Escape");
    return new Map(controls.reverse().map((one) => [one.dataset.key, saidBy(one)]).reverse());
  }

  function saidBy(control) {
    const copy = control.cloneNode(true);
    copy.querySelectorAll(".keycap, .mark, .sr").forEach((part) => part.remove());
    const text = control.getAttribute("aria-label") ?? copy.textContent;
    return text.trim() || copy.querySelector("input")?.placeholder || "";
  }

  function helpPart(name, rows) {
    const part = city.make("section");
    part.append(city.make("h2", "panel-title", city.text(name)), ...rows.map(helpRow));
    return part;
  }

  function makeHelp() {
    help = city.make("dialog", "keys-dialog float");
    help.setAttribute("aria-label", city.text("keys"));
    document.body.append(help);
    help.addEventListener("click", ({ target }) => target === help && help.close());
  }

  function toggleHelp() {
    if (!help) makeHelp();
    if (help.open) return help.close();
    // What a page can do beside its buttons, then what is printed on them.
    const printed = Object.entries({ ...city.pageHelp?.(), ...Object.fromEntries(printedKeys()) });
    help.replaceChildren(helpPart("everywhere", Object.entries(city.text("help"))));
    if (printed.length) help.append(helpPart("here", printed));
    help.showModal();
    return true;
  }

  // Esc goes one step back: field, list of a cluster, then whatever closes by data-key="Escape".
  function back(target) {
    if (typing(target)) {
      target.blur();
      return false;
    }
    return pressControl("Escape");
  }

  function go(key) {
    const page = PAGES[key];
    if (page && location.pathname !== page) location.assign(page);
    return Boolean(page);
  }

  function take(press) {
    const { key, target, shiftKey } = press;
    if (help?.open) return false;
    if (key === "F6") return nextRegion(shiftKey ? -1 : 1);
    if (key === "Escape") return back(target);
    if (typing(target)) return false;
    if (Date.now() - chord < CHORD_MS && go(key)) return true;
    chord = key === "g" ? Date.now() : 0;
    if (key === "/") return search();
    if (key === "?") return toggleHelp();
    return pressControl(key);
  }

  document.addEventListener("keydown", (press) => {
    if (press.defaultPrevented || press.ctrlKey || press.metaKey || press.altKey) return;
    if (take(press)) press.preventDefault();
  });

  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("[data-print]")) window.print();
    const name = target.closest?.("[data-action]")?.dataset.action;
    ACTIONS[name]?.();
  });
})();
