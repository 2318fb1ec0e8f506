/* The status bar and the bar of a lost connection: texts at 1 Hz, never a moving box. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const SHOWN_MS = 5000;
  const STATE_CLASS = { live: "is-live", lost: "is-lost", connecting: "is-connecting" };
  let bar = null;
  let toast = null;

  const WORDS = {
    rate: (status) => Math.round(status.rate).toLocaleString("en-US"),
    delay: (status) => (Number.isFinite(status.delay_p95_ms) ? `${(status.delay_p95_ms / 1000).toFixed(2)}\u2009s` : "—"),
    entities: (status) => Number(status.entities ?? 0).toLocaleString("en-US"),
    late: (status) => String(status.late ?? 0),
    lost: (status) => String(status.lost ?? 0),
    offset: () => `${Math.round(city.clockOffset())}\u2009ms`.replace("-", "−"),
    feed: (status) => status.worst_feed ?? "",
  };

  function fillAll(name, text) {
    for (const element of document.querySelectorAll(`[data-status="${name}"]`)) city.fill(element, text);
  }

  city.on("status", (status) => {
    for (const [name, word] of Object.entries(WORDS)) fillAll(name, word(status));
  });

  function gone() {
    return city.spanText((Date.now() - city.live.lostAt) / 1000);
  }

  function connectionText() {
    const { state } = city.live;
    if (state === "lost") return `${city.text("lost")} ${gone()}`;
    return city.text(state === "live" ? "connected" : "connecting");
  }

  function showConnection() {
    const text = connectionText();
    for (const element of document.querySelectorAll('[data-status="connection"]')) {
      city.fill(element, text);
      const item = element.closest(".status-item") ?? element;
      for (const [state, name] of Object.entries(STATE_CLASS)) item.classList.toggle(name, state === city.live.state);
    }
    showBar();
  }

  function barText() {
    const { attempt, retryAt } = city.live;
    const wait = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
    const facts = { gone: gone(), frozen: city.timeText(city.frozenAt()), attempt, wait };
    return city.text(retryAt ? "offline" : "retrying", facts);
  }

  function showBar() {
    const lost = city.live.state === "lost";
    if (lost && !bar) {
      bar = city.make("div", "offline-bar");
      bar.setAttribute("role", "alert");
      document.body.append(bar);
    }
    if (bar) bar.hidden = !lost;
    if (lost) city.fill(bar, barText());
  }

  const showToast = (city.toast = (text) => {
    toast ??= document.body.appendChild(city.make("div", "toast"));
    toast.setAttribute("role", "status");
    toast.textContent = text;
    toast.hidden = false;
    hideToast();
  });
  const hideToast = city.later(SHOWN_MS, () => (toast.hidden = true));

  city.on("connection", showConnection);
  city.on("second", showConnection);
  city.on("recovered", (gone_s) => showToast(city.text("recovered", { gone: city.spanText(gone_s) })));
})();
