/* The seat of this page: tells the server that somebody is there, logs out, says when it is over. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const TELL_EVERY_MS = 30000;
  let told = Date.now();

  const here = () => encodeURIComponent(location.pathname + location.search);
  const post = (path) => fetch(path, { method: "POST", credentials: "same-origin" });

  async function stay() {
    if (Date.now() - told < TELL_EVERY_MS) return;
    told = Date.now();
    const answer = await post("/account/stay").catch(() => null);
    if (answer?.status === 401) city.seatIsOver();
  }

  // The screen stays as it was, so that nothing is lost from view; it is not live any more.
  city.seatIsOver = () => {
    document.documentElement.dataset.seat = "over";
    const notice = document.querySelector(".seat-over");
    if (!notice) return;
    notice.hidden = false;
    const link = notice.querySelector("a");
    link.href = `/login?next=${here()}`;
    link.focus();
  };

  city.logOut = async () => {
    await post("/logout").catch(() => null);
    location.assign("/login?out=1");
  };

  for (const kind of ["pointerdown", "keydown", "wheel", "pointermove"]) {
    addEventListener(kind, stay, { passive: true, capture: true });
  }
})();
