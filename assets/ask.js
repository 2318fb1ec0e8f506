/* One line asked of a person, in a dialog of the house: title, field, Enter sends, Esc closes, focus comes back. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const WORDS = { "zh-CN": { cancel: "取消", ok: "确定" }, en: { cancel: "Cancel", ok: "OK" } };

  city.askLine = (title, act, { usual = [], required = true } = {}) => {
    const words = WORDS[city.lang()];
    const before = document.activeElement;
    const dialog = city.make("dialog", "ask-dialog float");
    const form = city.make("form", "ask-form");
    const label = city.make("label", "strong", title);
    const field = city.make("textarea", "case-text-field");
    Object.assign(field, { rows: 2, required, maxLength: 400, id: "ask-field" });
    label.htmlFor = field.id;
    const chips = city.make("div", "usual");
    for (const text of usual) {
      const chip = city.make("button", "chip", text);
      chip.type = "button";
      chip.addEventListener("click", () => { field.value = text; field.focus(); });
      chips.append(chip);
    }
    const foot = city.make("div", "form-foot");
    const cancel = city.make("button", "button is-quiet", words.cancel);
    cancel.type = "button";
    cancel.addEventListener("click", () => dialog.close());
    foot.append(cancel, city.make("span", "spacer"), city.make("button", "button is-primary", words.ok));
    form.append(label, chips, field, foot);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      dialog.close();
      act(field.value.trim());
    });
    field.addEventListener("keydown", (press) => {
      if (press.key !== "Enter" || press.shiftKey || press.isComposing) return;
      press.preventDefault();
      form.requestSubmit();
    });
    dialog.append(form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus?.();
    });
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  };
})();
