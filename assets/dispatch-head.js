/* The card of the open case over the map: level, name, number and place, the two clocks. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const state = city.dispatch;
  let written = "";

  function clock(deadline, label) {
    const box = city.make("div", "goal");
    const span = city.make("span", `deadline is-${deadline.state}`);
    if (deadline.ticks) Object.assign(span.dataset, { due: deadline.due, warn: deadline.warn, start: deadline.start, fixed: deadline.fixed });
    const pie = city.make("i", "deadline-pie");
    pie.style.setProperty("--used", deadline.used);
    span.append(pie, city.make("span", "num deadline-text", deadline.ticks && !deadline.fixed ? city.deadlineText(deadline.due, city.now()) : deadline.text));
    box.append(city.make("div", "meta", label), span);
    return box;
  }
  function goal(label, text) {
    const box = city.make("div", "goal");
    box.append(city.make("div", "meta", label), city.make("span", "num value", text));
    return box;
  }

  city.on("dispatch", ({ pick, open }) => {
    const box = document.getElementById("dispatch-head");
    const head = pick?.head?.id === open ? pick.head : null;
    if (!box) return;
    box.hidden = !head;
    const text = JSON.stringify([head, pick?.arriveLabel]);
    if (!head || text === written) return;
    written = text;
    const mark = city.make("span", `mark is-level-${head.level}`, String(head.level || ""));
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", head.levelSaid);
    const name = city.make("div", "dispatch-name");
    name.append(city.make("h2", "clip", head.title), city.make("div", "meta clip", head.meta));
    const parts = [mark, name];
    if (head.deadline) parts.push(clock(head.deadline, head.deadlineLabel));
    if (head.arriveBy) parts.push(goal(pick.texts.arrive_by, head.arriveBy));
    box.replaceChildren(...parts);
  });
})();
