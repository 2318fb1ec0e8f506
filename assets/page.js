/* A page without a map hears the socket too: which panels moved, the status bar, the clock. */
(() => {
  "use strict";
  const city = (window.city ??= {});

  // Dash draws the page after its scripts have run; the map, where there is one, connects itself.
  const waiting = new MutationObserver(connectOnce);
  waiting.observe(document.documentElement, { childList: true, subtree: true });

  function connectOnce() {
    const shell = document.querySelector(".shell[data-socket]");
    if (!shell) return;
    waiting.disconnect();
    if (!shell.querySelector(".map")) city.connect(shell.dataset.socket, []);
  }
})();
