/* Before the page is drawn: the theme that was chosen, else the phone's own; high contrast. */
(() => {
  "use strict";
  const root = document.documentElement;
  const kept = (name) => document.cookie.match(`(?:^|; )city_${name}=(\\w+)`)?.[1];
  const system = matchMedia("(prefers-color-scheme: light)");
  const dress = () => {
    root.dataset.theme = kept("theme") ?? (system.matches ? "light" : "dark");
    root.dataset.contrast = kept("contrast") ?? "normal";
  };
  dress();
  system.addEventListener("change", dress);
  const year_s = 31536000;
  window.field = {
    dress,
    keep(name, value) {
      document.cookie = `city_${name}=${value}; path=/; max-age=${value ? year_s : 0}; samesite=lax`;
    },
  };
})();
