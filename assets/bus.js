/* One line of speech between the files of this folder: who listens, who tells. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const listeners = new Map();

  city.on = (topic, listen) => {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic).add(listen);
    return () => listeners.get(topic).delete(listen);
  };

  city.tell = (topic, fact) => {
    for (const listen of listeners.get(topic) ?? []) listen(fact);
  };

  city.setProps = (id, props) => {
    const page = window.dash_clientside;
    if (page?.set_props) page.set_props(id, props);
  };

  city.make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  city.later = (wait_ms, act) => {
    let timer = 0;
    return (...args) => {
      clearTimeout(timer);
      timer = setTimeout(act, wait_ms, ...args);
    };
  };

  city.still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  new MutationObserver((changes) => {
    for (const change of changes) {
      city.tell(change.attributeName === "lang" ? "lang" : "theme");
    }
  }).observe(document.documentElement, { attributeFilter: ["data-theme", "lang"] });
})();
