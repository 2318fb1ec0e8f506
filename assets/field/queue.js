/* What was done on the phone, sent once and in its order as soon as there is a network.

   Every item has its own key and its own time: the server knows a key again, so an answer that was
   lost on the way doubles nothing. One sender at a time, over all tabs and the service worker. */
(() => {
  "use strict";
  const field = (self.field ??= {});
  const ADDRESS = "/api/v1/field";
  const WORD_MS = 15000;
  const PHOTO_MS = 90000;
  const WAITS_MS = [2000, 5000, 15000, 30000];
  const LATER = new Set([401, 408, 425, 429]);
  const ANOTHER = "another_account";
  const channel = new BroadcastChannel("citybrain-field");
  const queue = (field.queue = { items: [], state: "idle", tries: 0, account: "" });
  let timer = 0;

  channel.onmessage = async ({ data }) => {
    await queue.reload();
    if (data === "sent") field.tell?.("sent");
  };

  queue.reload = async () => {
    queue.items = await field.vault.items();
    field.tell?.("queue");
  };

  function told(what = "moved") {
    channel.postMessage(what);
    return queue.reload();
  }

  queue.waiting = () => mine().filter((item) => item.state === "waiting");
  queue.returned = () => mine().filter((item) => item.state === "returned");
  const mine = () => queue.items.filter((item) => item.account === queue.account);

  // Kept first, sent afterwards.
  queue.add = async (item) => {
    await field.vault.add({ ...item, state: "waiting" });
    await told();
    askForSync();
    queue.drain();
  };

  queue.dismiss = async (id) => {
    await field.vault.drop(id);
    await told();
  };

  queue.again = async (item) => {
    await field.vault.put({ ...item, state: "waiting", reason: "" });
    await told();
    queue.drain();
  };

  // Where the browser can, it wakes the service worker when the network is back.
  function askForSync() {
    self.navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("queue")).catch(() => {});
  }

  queue.drain = () => {
    clearTimeout(timer);
    const locks = self.navigator.locks;
    return locks ? locks.request("field-queue", sendAll) : (queue.turn = (queue.turn ?? Promise.resolve()).then(sendAll));
  };

  async function sendAll() {
    queue.items = await field.vault.items();
    let item = queue.waiting()[0];
    while (item) {
      const outcome = await send(item);
      if (outcome === "later" || outcome === "seat") return rest(outcome);
      await told(outcome);
      if (outcome === "sent") field.tell?.("sent", item);
      item = queue.waiting()[0];
    }
    return rest("idle");
  }

  function rest(state) {
    queue.state = state;
    queue.tries = state === "later" ? queue.tries + 1 : 0;
    const wait_ms = WAITS_MS[Math.min(queue.tries, WAITS_MS.length) - 1];
    if (state === "later") timer = setTimeout(queue.drain, wait_ms);
    field.tell?.("queue");
    return state;
  }

  async function send(item) {
    let answer;
    try {
      answer = await fetch(...asked(item));
    } catch {
      return "later";
    }
    if (answer.ok) {
      await field.vault.drop(item.id);
      return "sent";
    }
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 401 || told.reason === ANOTHER) return "seat";
    if (answer.status >= 500 || LATER.has(answer.status)) return "later";
    await field.vault.put({ ...item, state: "returned", reason: told.detail ?? String(answer.status) });
    return "returned";
  }

  function asked({ key, account, at, action, lang, blob, body }) {
    const word = JSON.stringify({ ...body, key, account, action, at: new Date(at).toISOString() });
    const headers = { "Accept-Language": lang };
    if (blob) return [`${ADDRESS}/photos`, { method: "POST", headers, body: formOf(word, blob), signal: AbortSignal.timeout(PHOTO_MS) }];
    headers["Content-Type"] = "application/json";
    return [`${ADDRESS}/actions`, { method: "POST", headers, body: word, signal: AbortSignal.timeout(WORD_MS) }];
  }

  function formOf(word, blob) {
    const form = new FormData();
    form.append("word", word);
    form.append("file", blob, "photo.jpg");
    return form;
  }
})();
