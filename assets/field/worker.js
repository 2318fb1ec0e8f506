/* The service worker of the phone page: the page opens without a network, and what waits is sent.
   SHELL (what the page is made of) and VERSION are written above by the server. */
importScripts(...SENDERS);
const NAME = `field-${VERSION}`;
const PAGE = "/m";
const PATIENCE_MS = 4000;
const KEPT = /^\/(assets\/|city\/\w+\.geojson$)/;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

async function install() {
  const cache = await caches.open(NAME);
  await cache.addAll(SHELL);
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("field-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === PAGE) event.respondWith(page(request));
  } else if (KEPT.test(pathname)) event.respondWith(kept(request));
});

// The newest page where the network answers in time; whoever is logged out is shown the login.
async function page(request) {
  const cache = await caches.open(NAME);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok && !answer.redirected) await cache.put(PAGE, answer.clone());
    if (answer.status < 500) return answer;
  } catch { /* no network */ }
  return (await cache.match(PAGE)) ?? Response.error();
}

async function kept(request) {
  const cache = await caches.open(NAME);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

self.addEventListener("sync", (event) => {
  if (event.tag === "queue") event.waitUntil(sendWaiting());
});

// Fails where something still waits, so that the browser wakes us again.
async function sendWaiting() {
  self.field.queue.account = (await self.field.vault.get("account")) ?? "";
  if ((await self.field.queue.drain()) === "later") throw new Error("still waiting");
}
