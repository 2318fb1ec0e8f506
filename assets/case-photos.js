/* Photos of a case: seen large one after the other, and new ones taken in. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const here = () => document.querySelector(".main.cases");
  const photos = () => [...document.querySelectorAll(".case-detail [data-photo]")];
  let viewer = null;
  let at = 0;

  function show(index) {
    const found = photos();
    if (!found.length) return;
    at = (index + found.length) % found.length;
    if (!viewer) make();
    const link = found[at];
    viewer.querySelector("img").src = link.href;
    viewer.querySelector("img").alt = link.querySelector("img")?.alt ?? "";
    city.fill(viewer.querySelector(".photo-caption"), `${at + 1} / ${found.length} · ${link.closest("figure").textContent}`);
    if (!viewer.open) viewer.showModal();
  }

  function make() {
    viewer = city.make("dialog", "photo-viewer");
    viewer.append(city.make("img"), city.make("p", "photo-caption num"));
    viewer.addEventListener("click", () => viewer.close());
    viewer.addEventListener("keydown", (press) => {
      if (press.key === "ArrowLeft") show(at - 1);
      else if (press.key === "ArrowRight") show(at + 1);
      else return;
      press.preventDefault();
    });
    viewer.addEventListener("close", () => photos()[at]?.focus());
    document.body.append(viewer);
  }
  city.showPhoto = show;

  function choose(slot) {
    const field = document.createElement("input");
    Object.assign(field, { type: "file", accept: "image/jpeg,image/png,image/webp,application/pdf" });
    field.addEventListener("change", () => field.files[0] && send(field.files[0], slot));
    field.click();
  }

  async function send(file, slot) {
    const body = new FormData();
    body.append("file", file);
    body.append("slot", slot);
    const answer = await fetch(`/api/v1/cases/${encodeURIComponent(city.openCase)}/evidence`, { method: "POST", body }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (!answer?.ok) city.toast(told?.detail ?? (city.lang() === "en" ? "The file was not taken" : "文件没有上传成功"));
  }

  document.addEventListener("click", (event) => {
    if (!here()) return;
    const link = event.target.closest?.("[data-photo]");
    if (link && link.querySelector("img")) {
      event.preventDefault();
      show(photos().indexOf(link));
    }
    const button = event.target.closest?.("[data-attach]");
    if (button) choose(button.dataset.attach);
  });
})();
