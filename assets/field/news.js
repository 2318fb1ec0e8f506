/* What the server says of one's tasks, kept on the phone, with what was done here laid over it. */
(() => {
  "use strict";
  const field = window.field;
  const ADDRESS = "/api/v1/field";
  const WITHIN_MS = 12000;
  const ASK_EVERY_MS = 30000; // when the socket says nothing
  const SOON_MS = 300;
  const UNCHANGED = 304;
  const SOCKET_WAIT_MS = 5000;
  const HEARD = ["orders", "plans", "closures", "mode"]; // cases come with the next question
  const news = (field.news = { told: null, heard_ms: 0, state: "asking" });
  let soon = 0;
  let socket = null;

  // Before anything is asked: what the phone still knows.
  news.recall = async () => {
    const [kept, types] = await Promise.all([field.vault.get("news"), field.vault.get("types")]);
    news.types = types ?? null;
    if (kept) take(kept.told, kept.heard_ms);
    await field.queue.reload();
  };

  function take(told, heard_ms) {
    Object.assign(news, { told, heard_ms });
    field.queue.account = told.account;
    field.tell("news");
  }

  // At most one question on the way; who asks meanwhile is answered by the next.
  news.ask = async () => {
    if (news.asking) {
      news.again = true;
      return;
    }
    news.asking = true;
    news.state = await learn();
    news.asking = false;
    field.tell("news");
    if (news.again) news.soon();
    news.again = false;
  };

  async function learn() {
    let answer;
    try {
      const headers = { "Accept-Language": field.lang, ...(news.tag ? { "If-None-Match": news.tag } : {}) };
      answer = await fetch(ADDRESS, { headers, signal: AbortSignal.timeout(WITHIN_MS) });
    } catch {
      return "offline";
    }
    if (answer.status === UNCHANGED) return stillSo();
    if (answer.status === 401 || answer.status === 403) return "seat";
    if (!answer.ok) return "offline";
    const told = await answer.json();
    news.tag = answer.headers.get("ETag");
    field.hearTime(Date.parse(told.now));
    await keep(told);
    take(told, field.now());
    if (!news.types && told.may_report) await learnTypes();
    field.queue.drain();
    return "live";
  }

  async function learnTypes() {
    const answer = await fetch(`${ADDRESS}/types`, { headers: { "Accept-Language": field.lang } }).catch(() => null);
    if (!answer?.ok) return;
    news.types = (await answer.json()).items;
    await field.vault.set("types", news.types);
  }

  // Nothing changed: what was told is as fresh as if it were told now.
  function stillSo() {
    news.heard_ms = field.now();
    field.queue.drain();
    return "live";
  }

  // Nothing of somebody else stays: only what he has not sent, for when he is back.
  async function keep(told) {
    const before = await field.vault.get("account");
    if (before && before !== told.account) await field.vault.forget();
    await field.vault.set("account", told.account);
    await field.vault.set("news", { told, heard_ms: Date.parse(told.now) });
  }

  news.soon = () => {
    clearTimeout(soon);
    soon = setTimeout(news.ask, SOON_MS);
  };

  /* Listening: the live socket says that something moved, and what it is is asked then. */

  news.listen = () => {
    connect();
    setInterval(() => document.hidden || news.ask(), ASK_EVERY_MS);
    document.addEventListener("visibilitychange", () => document.hidden || wake());
    window.addEventListener("online", wake);
    window.addEventListener("offline", () => { news.state = "offline"; field.tell("news"); });
    field.on("sent", news.soon);
  };

  function wake() {
    news.ask();
    if (!socket) connect();
  }

  function connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/live`);
    socket.onopen = () => socket.send(JSON.stringify({ look: { layers: [], bbox: null } }));
    socket.onmessage = ({ data }) => typeof data === "string" && hear(JSON.parse(data));
    socket.onclose = () => {
      socket = null;
      setTimeout(() => document.hidden || socket || connect(), SOCKET_WAIT_MS);
    };
  }

  function hear({ pulse }) {
    if (pulse && HEARD.some((name) => name in pulse)) news.soon();
  }

  /* What is shown: an order as the server told it, then each action that still waits. */

  const LAID = {
    accept: (order) => ({ ...order, state: "accepted" }),
    refuse: (order) => ({ ...order, state: "refused" }),
    depart: (order, item) => ({ ...order, state: "en_route", departed_at: item.at }),
    arrive: (order, item) => ({ ...order, state: "on_scene", arrived_at: item.at }),
    finish: (order) => ({ ...order, state: "done", returned: null }),
    feedback: (order) => ({ ...order, returned: null }),
    photo: (order, item) => ({ ...order, slots: order.slots.map((one) => filled(one, item)) }),
  };

  function filled(slot, item) {
    if (slot.slot !== item.body.slot) return slot;
    return { ...slot, photos: [...slot.photos, { at: item.at, distance_m: item.body.distance_m, blob: item.blob, waits: true }] };
  }

  news.orders = () => (news.told?.orders ?? []).map(overlaid);

  function overlaid(order) {
    const waiting = field.queue.waiting().filter((item) => item.body.order === order.id);
    const laid = waiting.reduce((known, item) => LAID[item.action]?.(known, item) ?? known, order);
    return { ...laid, waits: waiting.length };
  }

  news.order = (id) => news.orders().find((order) => order.id === id);
  news.isOffered = (order) => ["sent", "unanswered"].includes(order.state);
  news.isActive = (order) => ["accepted", "en_route", "on_scene"].includes(order.state);
  news.isOver = (order) => !news.isOffered(order) && !news.isActive(order);

  // Everything that is done passes here: its time is now, its key its own.
  field.act = (action, body, blob = null) => {
    const item = { key: field.newKey(), account: field.queue.account, at: Math.round(field.now()), lang: field.lang, action, body };
    if (blob) item.blob = blob;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(20);
    return field.queue.add(item).then(() => item.key);
  };
})();
