/* Deadlines tick here: text at 1 Hz, the pie by its share, state at 75 % and at the end (layouts/deadlines.py). */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const DAY_S = 86400;
  const WARN_SHARE = 75;
  const STATES = ["is-ok", "is-near", "is-overdue"];
  const WORDS = { "zh-CN": { left: "剩", over: "超", days: "天" }, en: { left: "left", over: "over", days: "d" } };
  const two = (n) => String(n).padStart(2, "0");

  city.deadlineText = (due_ms, now_ms) => {
    const words = WORDS[city.lang()];
    const word = due_ms > now_ms ? words.left : words.over;
    const seconds = Math.floor(Math.abs(due_ms - now_ms) / 1000);
    const [days, hours, minutes] = [Math.floor(seconds / DAY_S), Math.floor((seconds % DAY_S) / 3600), Math.floor((seconds % 3600) / 60)];
    const span = days ? `${days} ${words.days} ${two(hours)}:${two(minutes)}` : `${two(hours)}:${two(minutes)}:${two(seconds % 60)}`;
    return city.lang() === "en" ? `${span} ${word}` : `${word} ${span}`;
  };

  city.deadlineShare = ({ start, warn, due }, now_ms) => {
    if (now_ms >= due) return 100;
    if (now_ms >= warn) return WARN_SHARE + ((100 - WARN_SHARE) * (now_ms - warn)) / Math.max(1, due - warn);
    return Math.max(0, (WARN_SHARE * (now_ms - start)) / Math.max(1, warn - start));
  };

  function tickDeadline(element, now_ms) {
    const clock = { start: Number(element.dataset.start), warn: Number(element.dataset.warn), due: Number(element.dataset.due) };
    const isFar = element.dataset.fixed && clock.due - now_ms > DAY_S * 1000;
    city.fill(element.querySelector(".deadline-text"), isFar ? element.dataset.fixed : city.deadlineText(clock.due, now_ms));
    element.querySelector(".deadline-pie")?.style.setProperty("--used", Math.round(city.deadlineShare(clock, now_ms)));
    const state = now_ms >= clock.due ? 2 : now_ms >= clock.warn ? 1 : 0;
    STATES.forEach((name, k) => element.classList.toggle(name, k === state));
  }

  const UNITS = { "zh-CN": ["天", "小时", "分", "秒", "已 {}"], en: ["d", "h", "min", "s", "for {}"] };
  city.lastedText = (ms) => {
    const [day, hour, minute, second, said] = UNITS[city.lang()];
    const s = Math.max(0, Math.floor(ms / 1000));
    let text = `${s} ${second}`;
    if (s >= DAY_S) text = `${Math.floor(s / DAY_S)} ${day} ${Math.floor((s % DAY_S) / 3600)} ${hour}`;
    else if (s >= 3600) text = `${Math.floor(s / 3600)} ${hour} ${Math.floor((s % 3600) / 60)} ${minute}`;
    else if (s >= 60) text = `${Math.floor(s / 60)} ${minute} ${s % 60} ${second}`;
    return said.replace("{}", text);
  };

  city.tickDeadlines = (root = document, now_ms = city.frozenAt?.() ?? city.now()) => {
    for (const element of root.querySelectorAll("[data-due]")) tickDeadline(element, now_ms);
    for (const element of root.querySelectorAll("[data-since]")) city.fill(element, city.lastedText(now_ms - Number(element.dataset.since)));
  };
  city.on("second", (now_ms) => city.tickDeadlines(document, city.frozenAt?.() ?? now_ms));
})();
