/* What every part of the phone page uses: its words, the making of elements, time and distance. */
(() => {
  "use strict";
  const field = (window.field ??= {});
  const given = JSON.parse(document.getElementById("given").textContent);
  Object.assign(field, { given, views: {}, lang: document.documentElement.lang === "en" ? "en" : "zh" });

  field.say = (key, values = {}) =>
    (given.words[key] ?? key).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

  // A tag with its classes, attributes and children: `make("p.meta.num", {hidden: true}, "text")`.
  field.make = (what, attributes = {}, ...children) => {
    const [tag, ...classes] = what.split(".");
    const made = document.createElement(tag);
    if (classes.length) made.className = classes.join(" ");
    for (const [name, value] of Object.entries(attributes)) put(made, name, value);
    made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
    return made;
  };

  function put(made, name, value) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }

  field.icon = (name, size = 22, label = "") => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${given.icons}#${name}`);
    for (const [key, value] of [["width", size], ["height", size], ["class", label ? "icon is-level" : "icon"]]) svg.setAttribute(key, value);
    svg.setAttribute(label ? "aria-label" : "aria-hidden", label || "true");
    if (label) svg.setAttribute("role", "img");
    svg.append(use);
    return svg;
  };

  field.level = (severity, size = 22) =>
    field.icon(`level-${severity}`, size, field.say(`level_${severity}`));

  /* Time: the server's, as far as the last answer told; the phone's own clock may be wrong. */

  let ahead_ms = 0;
  field.hearTime = (server_ms) => { ahead_ms = server_ms - Date.now(); };
  field.now = () => Date.now() + ahead_ms;
  field.ms = (written) => (typeof written === "number" ? written : written ? Date.parse(written) : null);

  const two = (number) => String(number).padStart(2, "0");
  field.clock = (ms) => {
    const at = new Date(ms);
    return `${two(at.getHours())}:${two(at.getMinutes())}`;
  };
  field.day = (ms) => {
    const at = new Date(ms);
    const today = new Date(field.now()).toDateString() === at.toDateString();
    return today ? field.clock(ms) : `${two(at.getMonth() + 1)}-${two(at.getDate())} ${field.clock(ms)}`;
  };
  field.stamp = (ms) => {
    const at = new Date(ms);
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${field.clock(ms)}:${two(at.getSeconds())}`;
  };

  // 04:09, 1:04:09; days once they are many.
  field.span = (ms) => {
    const s = Math.max(0, Math.round(Math.abs(ms) / 1000));
    const hours = Math.floor(s / 3600);
    if (hours >= 48) return field.say("days", { n: Math.floor(hours / 24) });
    const rest = `${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
    return hours ? `${hours}:${rest}` : rest;
  };

  field.age = (ms) => {
    const s = Math.max(0, Math.round((field.now() - ms) / 1000));
    if (s < 90) return field.say("ago_s", { n: s });
    return s < 5400 ? field.say("ago_min", { n: Math.round(s / 60) }) : field.say("ago_h", { n: Math.round(s / 3600) });
  };

  field.metres = (m) => (m < 950 ? `${Math.round(m / 10) * 10 || Math.round(m)} m` : `${(m / 1000).toFixed(1)} km`);
  field.minutes = (s) => field.say("minutes", { n: Math.max(1, Math.round(s / 60)) });

  const RADIUS_M = 6371008.8;
  field.between = ([lon1, lat1], [lon2, lat2]) => {
    const rad = Math.PI / 180;
    const half = (a, b) => Math.sin(((b - a) * rad) / 2) ** 2;
    const h = half(lat1, lat2) + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * half(lon1, lon2);
    return 2 * RADIUS_M * Math.asin(Math.sqrt(h));
  };

  /* Elements that count: data-until counts down, data-used-from … fills a bar. */

  field.tick = () => {
    const now = field.now();
    for (const one of document.querySelectorAll("[data-until]")) tickOne(one, Number(one.dataset.until) - now);
    for (const one of document.querySelectorAll("[data-share-of]")) {
      const left = (Number(one.dataset.shareUntil) - now) / Number(one.dataset.shareOf);
      one.style.width = `${Math.max(0, Math.min(1, left)) * 100}%`;
    }
  };

  function tickOne(one, left_ms) {
    const said = left_ms < 0 ? one.dataset.late ?? "{t}" : one.dataset.left ?? "{t}";
    const text = said.replace("{t}", field.span(left_ms));
    if (one.textContent !== text) one.textContent = text;
    const box = one.closest("[data-clock]") ?? one;
    box.classList.toggle("is-overdue", left_ms < 0);
    box.classList.toggle("is-near", left_ms >= 0 && left_ms < Number(one.dataset.near ?? 0));
  }

  /* One part tells the others that something changed. */

  field.tell = (name, detail) => document.dispatchEvent(new CustomEvent(`field-${name}`, { detail }));
  field.on = (name, act) => document.addEventListener(`field-${name}`, ({ detail }) => act(detail));

  field.newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  };
})();
