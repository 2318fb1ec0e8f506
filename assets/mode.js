/* What opens below the mode pill closes by Esc, and by a press anywhere else. */
(() => {
  "use strict";
  const box = () => document.querySelector(".mode-control[open]");

  document.addEventListener("pointerdown", ({ target }) => {
    if (box() && !target.closest(".mode-control")) box().open = false;
  });

  document.addEventListener("keydown", (press) => {
    const open = press.key === "Escape" && box();
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
    press.preventDefault();
  }, true);
})();
