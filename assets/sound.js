/* Sound, made here from tones (no files). What is heard is decided by the server (`ring`); the browser
   keeps the cadence: one sound at a time, one window for a seat, and everything heard is also seen. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const GAIN = 0.16;
  const EDGE_S = 0.012; // tones begin and end softly
  const TURN = "city_sound_window";
  const TURN_MS = 6000; // a window behind others is woken less often
  const SHOWN_MS = 12000;
  const me = `${Date.now()}-${Math.random()}`;
  const state = { ring: null, blocked: true, playing: null, played: [], heard_ms: 0, isOurs: true, desktop: false };
  city.sound = { state, test };
  let context = null;
  let table = null;
  let texts = {};
  let busyUntil = 0;
  let lastRepeat = { sound: null, at: 0 };

  const box = () => document.querySelector(".sound");

  function read() {
    const { tones, texts: words } = box().dataset;
    table = new Map(JSON.parse(tones).map((tone) => [tone.sound, tone]));
    texts = JSON.parse(words);
  }

  /* The browser lets nobody sound before a gesture: the click that logs in is one, any key is. */

  function unlock() {
    try {
      context ??= new AudioContext();
      context.resume().then(() => { state.blocked = context.state !== "running"; show(); });
    } catch (trouble) { // no sound card: all is still seen
      console.warn(trouble);
    }
  }
  for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, () => state.blocked && unlock(), true);

  function play(name, now_ms) {
    const tone = table.get(name);
    const length_ms = tone.notes.reduce((sum, [, ms]) => sum + ms, 0);
    busyUntil = now_ms + length_ms;
    state.playing = name;
    state.played = [...state.played, { sound: name, at: now_ms }].slice(-100);
    if (state.blocked || !context) return;
    let at = context.currentTime + 0.02;
    for (const [hertz, ms] of tone.notes) {
      if (hertz) note(hertz, at, ms / 1000);
      at += ms / 1000;
    }
  }

  function note(hertz, at, length_s) {
    const [oscillator, gain] = [context.createOscillator(), context.createGain()];
    oscillator.type = "triangle";
    oscillator.frequency.value = hertz;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(GAIN, at + EDGE_S);
    gain.gain.setValueAtTime(GAIN, at + length_s - EDGE_S);
    gain.gain.linearRampToValueAtTime(0, at + length_s);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + length_s);
  }

  /* One window of a seat sounds; its turn lapses when it is closed. */

  function takeTurn(now_ms) {
    const [holder, until] = (localStorage.getItem(TURN) ?? " 0").split(" ");
    const ours = holder === me || Number(until) < now_ms;
    if (ours) localStorage.setItem(TURN, `${me} ${now_ms + TURN_MS}`);
    return ours;
  }

  addEventListener("pagehide", () => state.isOurs && localStorage.removeItem(TURN));

  const isMuted = (name, now_ms) => now_ms < (state.ring?.muted_until ?? 0) && table.get(name).can_mute;

  // What is due now, most urgent first: the table of tones is in that order.
  function due(now_ms) {
    const { repeat, once } = state.ring;
    const fresh = once.filter(({ at }) => at > state.heard_ms);
    if (fresh.length) state.heard_ms = Math.max(...fresh.map(({ at }) => at));
    for (const call of fresh) if (!call.sound.startsWith("level")) showCall(call); // those stand in the queue
    for (const call of fresh) if (call.mine) notify(call); // told to this post
    const found = fresh.map(({ sound }) => sound);
    if (repeat && isDue(repeat.sound, now_ms)) found.push(repeat.sound);
    const order = [...table.keys()];
    const first = found.filter((name) => !isMuted(name, now_ms)).sort((a, b) => order.indexOf(a) - order.indexOf(b))[0];
    const outranked = repeat && first && order.indexOf(first) > order.indexOf(repeat.sound);
    return outranked ? undefined : first;
  }

  const isDue = (name, now_ms) => lastRepeat.sound !== name || now_ms - lastRepeat.at >= table.get(name).every_s * 1000;

  function beat() {
    const now_ms = city.now();
    if (!state.ring || !box()) return;
    state.isOurs = takeTurn(Date.now());
    const name = now_ms >= busyUntil && state.isOurs ? due(now_ms) : undefined;
    if (name) {
      if (name === state.ring.repeat?.sound) lastRepeat = { sound: name, at: now_ms };
      play(name, now_ms);
    } else if (now_ms >= busyUntil) state.playing = null;
    show();
  }
  city.on("second", beat);

  function hear(ring) {
    if (!ring || !box()) return window.dash_clientside.no_update;
    read();
    if (!state.ring) state.heard_ms = city.now() - 5000; // what came before the page is seen, not heard
    const before = state.ring?.repeat;
    state.ring = ring;
    if (ring.repeat && ring.repeat.sound === "level-1" && before?.sound !== "level-1") notify(ring.repeat);
    beat();
    return window.dash_clientside.no_update;
  }

  /* The visible twin of every sound. */

  const nameOf = (sound) => table.get(sound)[city.lang() === "en" ? "en" : "zh"];
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  function stateText(now_ms) {
    const { ring } = state;
    const left = now_ms < ring.muted_until ? filled(texts.muted, { left: city.spanText((ring.muted_until - now_ms) / 1000) }) : "";
    const rings = ring.repeat && filled(texts.ringing, { name: nameOf(ring.repeat.sound), n: ring.waiting });
    const way = state.blocked ? texts.blocked : state.isOurs ? texts.on : texts.elsewhere;
    return [rings, left, left && !state.blocked ? "" : way].filter(Boolean).join(" · ");
  }

  function show() {
    const element = box();
    if (!element || !state.ring) return;
    const now_ms = city.now();
    const muted = now_ms < state.ring.muted_until;
    city.fill(element.querySelector('[data-sound="state"]'), stateText(now_ms));
    city.fill(element.querySelector('[data-sound="short"]'), muted ? city.spanText((state.ring.muted_until - now_ms) / 1000) : "");
    element.classList.toggle("is-blocked", state.blocked);
    element.classList.toggle("is-muted", muted);
    element.classList.toggle("is-ringing", Boolean(state.playing));
    element.querySelector('[data-mute="0"]').hidden = !muted;
  }

  function showCall({ sound, text }) {
    const list = document.querySelector(".calls") ?? document.body.appendChild(city.make("div", "calls"));
    list.setAttribute("role", "status");
    const card = city.make("div", `call is-${sound}`);
    card.append(city.make("b", "", nameOf(sound)), city.make("span", "", text));
    list.append(card);
    while (list.childElementCount > 3) list.firstChild.remove();
    setTimeout(() => card.remove(), SHOWN_MS);
    if (sound === "escalated") notify({ text });
  }

  /* Test, desktop, Alt M */

  function test() {
    unlock();
    read();
    [...table.keys()].slice(0, 1).forEach((name) => play(name, city.now()));
    show();
  }

  async function askDesktop(button) {
    const answer = await window.Notification?.requestPermission();
    state.desktop = answer === "granted";
    city.fill(button, state.desktop ? texts.desktop_on : texts.desktop_off);
  }

  // Only behind another window: in front of this one everything is seen.
  function notify({ text }) {
    if (window.Notification?.permission !== "granted" || document.visibilityState === "visible") return;
    new Notification(document.title, { body: text, tag: "city-alarm", renotify: true });
  }

  document.addEventListener("click", ({ target }) => {
    const element = box();
    if (target.closest?.("[data-sound-test]")) test();
    const desktop = target.closest?.("[data-sound-desktop]");
    if (desktop) askDesktop(desktop);
    if (element?.open && !element.contains(target)) element.open = false;
  });

  document.addEventListener("keydown", (press) => {
    if (press.altKey && press.code === "KeyM") {
      const muted = city.now() < (state.ring?.muted_until ?? 0);
      document.querySelector(`[data-mute="${muted ? 0 : 5}"]`)?.click();
      press.preventDefault();
    }
    if (press.key === "Escape" && box()?.open) {
      box().open = false;
      box().querySelector("summary").focus();
      press.preventDefault();
    }
  }, true);

  window.dash_clientside = Object.assign(window.dash_clientside ?? {}, { city_sound: { hear } });
})();
