/* The list of alarms as a Dash component. What is in it comes from the server; when it moves is decided
   here: while somebody points into it or walks through it, rows change in place but none comes or goes.
   After ten seconds new ones are put in, and the row in hand stays where it is on the screen. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const { createElement: make, memo, useEffect, useLayoutEffect, useRef, useState } = window.React;
  const HELD_MS = 10000;
  const CHOOSE_MS = 180;
  const queue = (city.queue = { fresh: 0, rows: 0 });

  const idsOf = (groups) => groups.flatMap(({ rows }) => rows.map(({ id }) => id));
  const rowOf = (element) => element?.closest?.(".alarm-row");

  function Mark({ level, label }) {
    return make("span", { className: `mark is-level-${level}`, role: "img", "aria-label": label }, String(level));
  }

  function Source([name, count, title]) {
    return make("span", { key: name, className: "alarm-source", title },
      make("span", { className: `icon is-source-${name}`, "aria-hidden": true }), make("span", { className: "num" }, count));
  }

  function Own({ row }) {
    if (row.owner) return make("span", { className: "alarm-owner clip", title: row.owner }, `✓ ${row.owner}`);
    if (row.state.includes("is-unacknowledged")) return make("span", { className: "icon is-bell", "aria-hidden": true });
    return null;
  }

  // Seconds tick by themselves (below); React only sets where they start.
  function Since({ since }) {
    if (!since) return null;
    const text = city.spanText((city.now() - since) / 1000);
    return make("span", { className: "alarm-age num", "data-since": since, suppressHydrationWarning: true }, text);
  }

  const Row = memo(({ row, isChosen, isGone }) => {
    const style = `alarm-row is-level-${row.level} ${row.state}${isChosen ? " is-selected" : ""}${isGone ? " is-gone" : ""}`;
    const attributes = { className: style, role: "listitem", tabIndex: isChosen ? 0 : -1, "data-alarm": row.id,
      "data-thing": row.thing, "aria-label": row.said, "aria-current": isChosen };
    return make("li", attributes,
      make("span", { className: "alarm-bar" }), make(Mark, { level: row.level }),
      make("div", { className: "alarm-text" },
        make("div", { className: "alarm-title clip" }, row.title, row.times && make("small", { className: "num" }, ` ${row.times}`)),
        make("div", { className: "alarm-place clip" }, row.place)),
      make("div", { className: "alarm-side" }, make(Since, { since: row.since }),
        make("span", { className: "alarm-sources" }, row.sources.map(Source), row.merged && make("span", { className: "tag" }, row.merged))),
      make("div", { className: "alarm-own" }, make(Own, { row }), row.note && make("div", { className: "alarm-note clip" }, row.note)));
  }, (one, other) => one.isChosen === other.isChosen && one.isGone === other.isGone && same(one.row, other.row));

  const same = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

  function Head({ group }) {
    return make("li", { className: "queue-level", role: "presentation" }, make(Mark, { level: group.level }),
      make("b", {}, group.label), make("span", { className: "clip" }, group.word), make("span", { className: "spacer" }),
      group.all && make("button", { type: "button", className: "button is-quiet is-small", "data-acknowledge": group.level }, group.all),
      make("span", { className: "num" }, group.sum));
  }

  /* When rows move */

  // The drawn order stays; rows take what is new about them, and what has left stays grey until released.
  function held(drawn, data) {
    const now = new Map(data.groups.flatMap(({ rows }) => rows.map((row) => [row.id, row])));
    const heads = new Map(data.groups.map((group) => [group.level, group]));
    const groups = drawn.groups.map((group) => ({ ...group, ...heads.get(group.level),
      rows: group.rows.map((row) => now.get(row.id) ?? { ...row, isGone: true }) }));
    return { ...data, groups, empty: null };
  }

  const freshOf = (drawn, data) => {
    const known = new Set(idsOf(drawn.groups));
    return data.groups.flatMap(({ rows }) => rows.filter(({ id, state }) => !known.has(id) && state.includes("is-unack")));
  };

  class Holder {
    constructor() {
      Object.assign(this, { data: null, drawn: null, since: 0, unseen: new Map(), anchor: null, timer: 0 });
    }

    inHand() {
      const list = this.list;
      return rowOf(list?.querySelector(".alarm-row:hover")) ?? rowOf(list?.contains(document.activeElement) && document.activeElement);
    }

    take(data) {
      const isSame = this.data && this.data.tab === data.tab && String(this.data.levels) === String(data.levels);
      this.data = data;
      const busy = isSame && this.drawn && this.list?.matches(":hover, :focus-within");
      if (!busy) return this.release(isSame);
      for (const row of freshOf(this.drawn, data)) this.unseen.set(row.id, row);
      this.drawn = held(this.drawn, data);
      if (this.unseen.size) this.since ||= Date.now();
      if (this.since && Date.now() - this.since >= HELD_MS) this.insert();
      else if (this.since) this.wake();
      this.draw();
    }

    // What waited too long goes in around the row in hand.
    insert() {
      const row = this.inHand();
      const stays = !row || idsOf(this.data.groups).includes(row.dataset.alarm);
      if (!stays) return this.wake();
      this.since = 0;
      this.keep(row);
      this.drawn = this.data;
    }

    wake() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.data && this.take(this.data), Math.max(250, HELD_MS - (Date.now() - this.since)));
    }

    keep(row) {
      this.anchor = row && { id: row.dataset.alarm, top: row.getBoundingClientRect().top };
    }

    release(isSame = true) {
      clearTimeout(this.timer);
      this.since = 0;
      const scrolled = (this.list?.scrollTop ?? 0) > 0;
      if (isSame && scrolled) this.keep(this.firstSeen());
      if (!scrolled || !isSame) this.unseen.clear();
      this.padding("");
      this.drawn = this.data;
      this.draw();
    }

    firstSeen() {
      const edge = this.list.getBoundingClientRect().top;
      return [...this.list.querySelectorAll(".alarm-row")].find((row) => row.getBoundingClientRect().top >= edge);
    }

    padding(top, bottom = top) {
      if (this.list) Object.assign(this.list.style, { paddingTop: top, paddingBottom: bottom });
    }

    // After React has drawn: the row in hand goes back to where it was on the screen.
    settle() {
      const { anchor, list } = this;
      this.anchor = null;
      const row = anchor && list?.querySelector(`[data-alarm="${CSS.escape(anchor.id)}"]`);
      if (!row) return;
      const moved = row.getBoundingClientRect().top - anchor.top;
      const wanted = list.scrollTop + moved;
      const room = list.scrollHeight - list.clientHeight;
      if (wanted < 0) this.padding(`${-wanted}px`, "");
      else if (wanted > room) this.padding("", `${wanted - room}px`);
      list.scrollTop = wanted;
    }

    showFresh() {
      this.unseen.clear();
      this.since = 0;
      this.padding("");
      this.anchor = null;
      this.drawn = this.data;
      this.list.scrollTop = 0;
      this.draw();
      (this.list.querySelector(".alarm-row") ?? this.list).focus();
    }
  }

  function Fresh({ holder }) {
    const rows = [...holder.unseen.values()];
    if (!rows.length) return null;
    const worst = Math.min(...rows.map(({ level }) => level));
    const text = holder.data.texts.fresh.replace("{n}", rows.length);
    return make("button", { type: "button", className: "queue-fresh", "data-key": "U", onClick: () => holder.showFresh() },
      make(Mark, { level: worst }), text, make("kbd", { className: "keycap", "aria-hidden": true }, "U"));
  }

  const choose = (holder, row) => {
    city.setProps(holder.id, { chosen: row.dataset.alarm });
    city.setProps("map", { selected: row.dataset.thing || null });
    city.turn?.("map"); // phones see one region at a time
  };
  const chooseSoon = city.later(CHOOSE_MS, choose);
  const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -1e6, End: 1e6 };

  // Into the list: to the open alarm, else to the first.
  function enter() {
    const list = document.querySelector(".queue-list");
    const row = list?.querySelector(".alarm-row.is-selected") ?? list?.querySelector(".alarm-row");
    row?.focus();
    if (row && queue.holder) chooseSoon(queue.holder, row);
  }
  queue.enter = enter;

  function press(event, holder) {
    const row = rowOf(event.target);
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!row) return;
    if (event.key === "Enter" || event.key === " ") choose(holder, row);
    else if (event.key in STEPS) {
      const rows = [...holder.list.querySelectorAll(".alarm-row")];
      const next = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(row) + STEPS[event.key]))];
      next.focus();
      chooseSoon(holder, next);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function AlarmList({ id, data, chosen }) {
    const holder = useRef(null);
    holder.current ??= new Holder();
    const mine = holder.current;
    const [, redraw] = useState(0);
    Object.assign(mine, { id, draw: () => redraw((n) => n + 1) });
    useEffect(() => { if (data) mine.take(data); }, [data]);
    useEffect(() => { city.queue.chosen = chosen; }, [chosen]);
    useEffect(() => city.on("second", () => tick(mine.list)), []);
    useLayoutEffect(() => mine.settle());
    const { drawn } = mine;
    Object.assign(queue, { fresh: mine.unseen.size, rows: drawn ? idsOf(drawn.groups).length : 0, holder: mine });
    const list = { ref: (element) => { mine.list = element; }, className: "panel-body queue-list", role: "list", tabIndex: -1,
      "aria-label": data?.texts.label, onKeyDown: (event) => press(event, mine), onClick: ({ target }) => rowOf(target) && choose(mine, rowOf(target)),
      onMouseLeave: () => mine.data && !mine.list.matches(":focus-within") && mine.take(mine.data),
      onBlur: () => setTimeout(() => mine.data && mine.list && !mine.list.matches(":hover, :focus-within") && mine.take(mine.data)) };
    return make("div", { id, className: "queue-frame" }, make(Fresh, { holder: mine }), make("ul", list, drawn ? body(drawn, chosen) : null));
  }

  function body(drawn, chosen) {
    if (drawn.empty) return make("li", { className: "empty" }, make("strong", {}, drawn.empty.text), make("span", {}, drawn.empty.hint));
    const parts = drawn.groups.filter(({ rows }) => rows.length).flatMap((group) => [make(Head, { key: `level ${group.level}`, group }),
      ...group.rows.map((row) => make(Row, { key: row.id, row, isChosen: row.id === chosen, isGone: Boolean(row.isGone) }))]);
    const first = drawn.groups.flatMap(({ rows }) => rows)[0];
    if (first && !idsOf(drawn.groups).includes(chosen)) queue.first = first.id;
    return parts;
  }

  function tick(list) {
    const now_ms = city.frozenAt?.() ?? city.now();
    for (const age of list?.querySelectorAll("[data-since]") ?? []) city.fill(age, city.spanText((now_ms - age.dataset.since) / 1000));
  }

  window.city_queue = { AlarmList };
})();
