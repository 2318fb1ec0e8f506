/* Lists of records and accounts: arrows walk through the rows, and the open one is marked. */
(() => {
  "use strict";
  const ROW = ".audit-row, .account-row";

  function mark(open) {
    for (const row of open.parentElement.children) row.setAttribute("aria-selected", row === open);
  }

  function unmark() {
    for (const row of document.querySelectorAll(`:is(${ROW})[aria-selected="true"]`)) row.removeAttribute("aria-selected");
  }

  document.addEventListener("click", ({ target }) => {
    const row = target.closest?.(ROW);
    if (row) mark(row);
    else if (target.closest?.(".audit-record .icon-button, .account-panel .icon-button")) {
      const open = document.querySelector(`:is(${ROW})[aria-selected="true"] button`);
      unmark();
      open?.focus();
    }
  });

  document.addEventListener("keydown", (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey) return;
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[press.key];
    const next = step && press.target.closest?.(ROW)?.[step]?.querySelector("button");
    if (!next) return;
    press.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });
})();
