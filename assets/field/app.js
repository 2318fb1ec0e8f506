/* Draws the view that the address names, again whenever something changed, and ticks the clocks. */
(() => {
  "use strict";
  const field = window.field;
  const { make, icon, say } = field;
  const TABS = [["tasks", "cases"], ["map", "map"], ["report", "photo"], ["news", "chat"], ["mine", "user"]];
  const box = document.getElementById("app");
  let shown = null;
  let drawn = "";

  /* where one is */

  const here = () => {
    const [name, id] = decodeURIComponent(location.hash.slice(1)).split("/");
    return { name: field.views[name] ? name : "tasks", id };
  };
  field.go = (where) => {
    if (location.hash === `#${where}`) field.draw();
    else location.hash = where;
  };
  field.back = () => {
    const { name, id } = here();
    field.go(id && name !== "task" ? `task/${id}` : "tasks");
  };

  field.tabbar = (current) => {
    const counts = { tasks: field.news.orders().filter((one) => !field.news.isOver(one)).length, news: field.queue.returned().length };
    return make("nav.tabbar", { "aria-label": say("tabs") }, TABS.map(([name, glyph]) =>
      make(`a.tabbar-item${name === current ? ".is-current" : ""}${name === "report" ? ".is-report" : ""}`, { href: `#${name}`, "aria-current": name === current ? "page" : false },
        make("span.tabbar-mark", {}, icon(glyph)), make("span", {}, say(`bar_${name}`)), counts[name] ? make("b.num", {}, String(counts[name])) : null)));
  };

  /* drawing: a map that is under a finger is not drawn anew, only what stands on it */

  field.draw = () => {
    const place = here();
    const address = `${place.name}/${place.id ?? ""}`;
    if (shown?.isMap && drawn === address) {
      box.querySelector(".sync")?.replaceWith(field.sync(place.name === "way"));
      return shown.refresh();
    }
    const kept = keepWhatIsTyped();
    const scroll = drawn === address ? box.querySelector("main")?.scrollTop ?? 0 : 0;
    shown = field.views[place.name](place.id);
    box.replaceChildren(shown.top, make(`main.scroll${shown.isMap ? ".is-map" : ""}`, { id: "main" }, ...shown.body.filter(Boolean)), shown.bottom);
    box.querySelector("main").scrollTop = scroll;
    if (drawn === address) giveBack(kept);
    else if (drawn) announce();
    drawn = address;
    field.place.follow(field.news.orders().some(field.news.isActive) || place.name === "report");
    field.tick();
    return undefined;
  };

  // Another view: whoever listens instead of looking hears its name.
  function announce() {
    const name = box.querySelector("h1");
    name?.setAttribute("tabindex", "-1");
    name?.focus({ preventScroll: true });
  }

  function keepWhatIsTyped() {
    const focus = document.activeElement;
    const name = focus?.dataset?.keep ?? focus?.dataset?.act;
    return name ? { by: focus.dataset.keep ? "keep" : "act", name, from: focus.selectionStart, to: focus.selectionEnd } : null;
  }

  function giveBack(kept) {
    const found = kept && box.querySelector(`[data-${kept.by}="${kept.name}"]`);
    if (!found) return;
    found.focus({ preventScroll: true });
    if (kept.by === "keep" && kept.from !== null) found.setSelectionRange?.(kept.from, kept.to);
  }

  // Everything that changes within a moment is drawn once, and nothing under a finger that presses:
  // a button that is drawn anew between down and up would lose its click.
  let waiting = 0;
  let isPressed = false;
  const drawSoon = () => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      if (isPressed) drawSoon();
      else field.draw();
    });
  };
  const release = () => setTimeout(() => { isPressed = false; }, 0); // after the click
  document.addEventListener("pointerdown", () => { isPressed = true; }, true);
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, release, true);
  for (const name of ["news", "queue", "place"]) field.on(name, drawSoon);
  window.addEventListener("hashchange", field.draw);

  /* an offer makes itself heard */

  const heard = new Set();
  field.on("news", () => {
    const offers = field.news.orders().filter((one) => field.news.isOffered(one) && !heard.has(one.id));
    for (const one of offers) heard.add(one.id);
    if (!offers.length) return;
    ring();
    if (document.hidden && self.Notification?.permission === "granted") new Notification(say("offer"), { body: offers[0].title, icon: "/assets/icon.svg", tag: offers[0].id });
  });

  // Two tones and a shake; a browser allows neither before the page was touched once.
  function ring() {
    if (!(navigator.userActivation?.hasBeenActive ?? true)) return;
    navigator.vibrate?.([200, 100, 200]);
    const sound = new AudioContext();
    [660, 880].forEach((tone, place) => {
      const voice = sound.createOscillator();
      voice.frequency.value = tone;
      voice.connect(sound.destination);
      voice.start(sound.currentTime + place * 0.22);
      voice.stop(sound.currentTime + place * 0.22 + 0.16);
    });
    setTimeout(() => sound.close(), 1000);
  }

  /* the start */

  async function begin() {
    await field.news.recall().catch(() => field.toast(say("no_vault")));
    field.draw();
    setInterval(field.tick, 1000);
    await field.news.ask();
    field.news.listen();
    const worker = navigator.serviceWorker;
    if (worker) worker.register("/m/worker.js", { scope: "/m" }).catch((trouble) => console.warn("service worker:", trouble.message));
  }
  begin();
})();
