/* What the phone keeps through a dead spot: the last news, and what waits to be sent.
   Read by the page and by its service worker alike. */
(() => {
  "use strict";
  const field = (self.field ??= {});
  const NAME = "citybrain-field";
  let opened = null;

  const answer = (request) => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });

  function open() {
    opened ??= new Promise((done, fail) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("facts");
        request.result.createObjectStore("queue", { keyPath: "id", autoIncrement: true });
      };
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
    return opened;
  }

  // Done when it is on the phone's disk, not merely asked for.
  async function change(store, act) {
    const transaction = (await open()).transaction(store, "readwrite", { durability: "strict" });
    const made = answer(act(transaction.objectStore(store)));
    await new Promise((done, fail) => {
      transaction.oncomplete = done;
      transaction.onabort = () => fail(transaction.error);
    });
    return made;
  }

  async function look(store, act) {
    return answer(act((await open()).transaction(store).objectStore(store)));
  }

  field.vault = {
    get: (name) => look("facts", (facts) => facts.get(name)),
    set: (name, value) => change("facts", (facts) => facts.put(value, name)),
    forget: () => change("facts", (facts) => facts.clear()),
    items: () => look("queue", (queue) => queue.getAll()),
    add: (item) => change("queue", (queue) => queue.add(item)),
    put: (item) => change("queue", (queue) => queue.put(item)),
    drop: (id) => change("queue", (queue) => queue.delete(id)),
  };
})();
