/* A sheet by keyboard: it takes the focus when it opens, Enter does it, the focus goes back after. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  let before = null;

  // A sheet belongs to one alarm; cleared here at once, since an answer that comes late would close the next one.
  const leave = (chosen, open) => (open && open[1] !== chosen ? null : window.dash_clientside.no_update);
  window.dash_clientside = Object.assign(window.dash_clientside ?? {}, { city_sheet: { leave } });

  // Buttons are drawn anew with every news of their alarm; a press must not be lost in between.
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-deed]");
    if (button && city.queue?.chosen) city.setProps("deed-asked", { data: [button.dataset.deed, city.queue.chosen, Date.now()] });
  });

  const sheet = () => document.getElementById("alarm-sheet");

  function take() {
    const open = sheet();
    const field = [...open.querySelectorAll("input.sheet-input, input[type=text]")].find((one) => !one.value);
    const chosen = open.querySelector("input[type=radio]:checked, input[type=radio]");
    (field ?? open.querySelector("[data-submit]") ?? chosen ?? open.querySelector("button"))?.focus();
  }

  // What had the focus may have been drawn anew: then its row, else the list.
  function giveBack() {
    const row = document.querySelector(`.alarm-row[data-alarm="${CSS.escape(city.queue?.chosen ?? "")}"]`);
    const target = before?.isConnected ? before : row;
    target?.focus({ preventScroll: true });
    before = null;
  }

  let wasOpen = false;
  function look() {
    const isOpen = Boolean(sheet()?.childElementCount);
    if (isOpen === wasOpen) return;
    wasOpen = isOpen;
    if (isOpen) {
      before = document.activeElement?.matches(".alarm-row") ? document.activeElement : null;
      take();
    } else giveBack();
  }

  const waiting = new MutationObserver(() => {
    if (!sheet()) return;
    waiting.disconnect();
    new MutationObserver(look).observe(sheet(), { childList: true });
    look();
  });
  waiting.observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("keydown", (press) => {
    const isField = press.target.matches?.("#alarm-sheet input");
    if (!isField || press.isComposing) return;
    if (press.key === "Enter") document.querySelector("#alarm-sheet [data-submit]")?.click();
    else if (press.key === "Escape") document.querySelector("#alarm-sheet [data-key=Escape]")?.click();
    else return;
    press.preventDefault();
    press.stopPropagation();
  }, true);

  // Acknowledging a whole level takes two presses.
  let armed = null;
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-acknowledge]");
    if (!button) return;
    const level = Number(button.dataset.acknowledge);
    if (armed === level) {
      armed = null;
      city.setProps("queue-bulk", { data: level });
      return;
    }
    armed = level;
    const former = button.textContent;
    button.textContent = city.queue.holder.data.texts.again.replace("{n}", former.match(/\d[\d,]*/)?.[0] ?? "");
    setTimeout(() => {
      if (armed === level) armed = null;
      if (button.isConnected) button.textContent = former;
    }, 4000);
  });
})();
