/* The menu of a place on the map: by the right button, or by the menu key at the chosen thing. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const DIGITS = 5;
  const COPIED_MS = 1200;
  let menu = null;
  let place = null;

  const written = ({ lng, lat }) => `${lng.toFixed(DIGITS)},${lat.toFixed(DIGITS)}`;

  const ITEMS = {
    newCase: () => location.assign(`/cases/new?pos=${written(place)}`),
    copy: (button) => copy(written(place)).then(() => said(button)),
  };

  async function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.body.appendChild(city.make("textarea", "sr", text)); // a page without TLS
    field.select();
    document.execCommand("copy");
    field.remove();
  }

  function said(button) {
    button.textContent = city.text("copied", { text: written(place) });
    setTimeout(close, COPIED_MS);
  }

  function item(name) {
    const button = city.make("button", "map-list-row", city.text(name));
    button.type = "button";
    button.setAttribute("role", "menuitem");
    button.onclick = () => ITEMS[name](button);
    return button;
  }

  function open(box, x, y) {
    place = city.map.map.unproject([x, y]);
    menu ??= city.make("div", "map-menu float");
    menu.setAttribute("role", "menu");
    menu.setAttribute("aria-label", city.text("menu"));
    menu.replaceChildren(city.make("div", "map-list-head num", written(place)), ...Object.keys(ITEMS).map(item));
    box.append(menu);
    menu.hidden = false;
    const left = Math.min(x, box.clientWidth - menu.offsetWidth - 8);
    const top = Math.min(y, box.clientHeight - menu.offsetHeight - 8);
    menu.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
    menu.querySelector("button").focus();
  }

  function close() {
    if (!menu || menu.hidden) return;
    menu.hidden = true;
    menu.parentElement?.focus();
  }

  // By keyboard: at the thing under the keyboard's ring, else the chosen one, else the middle.
  function spotOf(box) {
    const { layer, cursor } = city.map;
    const i = cursor >= 0 ? cursor : city.selectedThing;
    return i >= 0 ? city.onScreen(layer, i, city.seconds()) : [box.clientWidth / 2, box.clientHeight / 2];
  }

  document.addEventListener("contextmenu", (press) => {
    const box = press.target.closest?.(".live-map");
    if (!box || !city.map) return;
    press.preventDefault();
    if (menu && !menu.hidden && menu.contains(press.target)) return;
    const { left, top } = box.getBoundingClientRect();
    const byMouse = press.button === 2;
    open(box, ...(byMouse ? [press.clientX - left, press.clientY - top] : spotOf(box)));
  });

  document.addEventListener("pointerdown", ({ target }) => menu && !menu.contains(target) && close(), true);

  document.addEventListener("keydown", (press) => {
    if (!menu || menu.hidden || !menu.contains(press.target)) return;
    const buttons = [...menu.querySelectorAll("button")];
    const by = { ArrowDown: 1, ArrowUp: -1 }[press.key];
    if (by) buttons[(buttons.indexOf(press.target) + by + buttons.length) % buttons.length].focus();
    else if (press.key === "Escape" || press.key === "Tab") close();
    else return;
    press.preventDefault();
    press.stopPropagation();
  }, true);
})();
