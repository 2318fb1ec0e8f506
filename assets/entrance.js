/* The pages before the shell: switches of language and theme, a hint at caps lock, no second click. */
(() => {
  "use strict";
  const page = document.querySelector("body.entrance");
  if (!page) return;
  const YEAR_S = 31536000;
  const remember = (name, value) => {
    document.cookie = `city_${name}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
  };

  page.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-cookie]")?.dataset.cookie;
    if (name === "theme") {
      const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
      document.documentElement.dataset.theme = theme;
      remember("theme", theme);
    } else if (name === "lang") {
      remember("lang", target.closest("[data-cookie]").dataset.value);
      location.replace(location.href);
    }
  });

  for (const field of page.querySelectorAll("input[type=password]")) {
    const hint = field.closest("label").querySelector(".entrance-caps");
    hint.textContent = page.dataset.caps;
    field.addEventListener("keyup", (key) => { hint.hidden = !key.getModifierState?.("CapsLock"); });
  }

  page.addEventListener("submit", ({ target }) => setTimeout(() => {
    for (const button of target.querySelectorAll("button[type=submit]")) button.disabled = true;
  }));
  page.querySelector(".entrance-trouble ~ form input, input[name=account], input[name=old]")?.focus();
})();
