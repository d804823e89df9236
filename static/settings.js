// The settings page with JavaScript: forms take turns, controls show what was saved.
(() => {
  // The block that an answer is for. Its form may leave the page while it waits for its turn.
  const blockOf = (ctx) => document.getElementById(ctx.target?.id)?.closest("[data-seen]");

  // Enter in a changed field is a change and a submission: one of them is enough.
  const sent = new WeakMap();
  document.addEventListener("htmx:config:request", (event) => {
    const { sourceElement: form, request } = event.detail.ctx;
    if (!request.body?.has("seen") || form.enctype === "multipart/form-data") return;
    const words = new URLSearchParams(request.body).toString();
    if (sent.get(form) === words) event.preventDefault();
    sent.set(form, words);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    sent.delete(event.detail.ctx.sourceElement);
  });

  // Forms of a block are sent one after another. Each has by then been shown what the one before
  // it changed, though its own fields were filled in earlier.
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const block = blockOf(ctx);
    if (block && ctx.request.body?.has?.("seen")) ctx.request.body.set("seen", block.dataset.seen);
  });

  // What a person typed into other forms outlives the answer to this one.
  const TYPED = "input:not([type=hidden], [type=radio], [type=checkbox], [type=file]), textarea";
  const isDraft = (field) => field.form?.matches(".row-add") || field.value !== field.defaultValue;
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    const others = [...document.querySelectorAll(`[data-seen] :is(${TYPED})[id]`)].filter(
      (field) => field.form !== ctx.sourceElement && isDraft(field),
    );
    ctx.drafts = others.map((field) => [field.id, field.value]);
  });

  // Morphing leaves alone what a person touched; here that is the one thing to bring up to date.
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    const block = blockOf(ctx);
    if (!block) return;
    if (ctx.sourceElement.matches("form[method=post]")) ctx.sourceElement.reset();
    for (const box of block.querySelectorAll("input[type=radio], input[type=checkbox]")) {
      box.checked = box.defaultChecked;
    }
    for (const option of block.querySelectorAll("form:not(.row-add) option")) {
      option.selected = option.defaultSelected;
    }
    for (const [id, value] of ctx.drafts ?? []) {
      const field = document.getElementById(id);
      if (field) field.value = value;
    }
  });

  // A long list to choose from comes once somebody is about to choose.
  document.addEventListener("focusin", (event) => {
    const list = event.target.list;
    if (list && !list.options.length) list.dispatchEvent(new Event("wanted"));
  });

  // A long table shows the rows that have what is typed above it.
  const filter = (field) => {
    field.parentElement.hidden = false;
    const wanted = field.value.trim().toLowerCase();
    for (const row of document.getElementById(field.dataset.filter).children) {
      const shown = row.querySelector("strong, .empty")?.textContent + " " + row.querySelector("[name=user]")?.value;
      row.hidden = !shown.toLowerCase().includes(wanted);
    }
  };
  const filterAll = () => document.querySelectorAll("[data-filter]").forEach(filter);
  document.addEventListener("input", filterAll);
  document.addEventListener("htmx:after:swap", filterAll);
  filterAll();

  // A tab that stood open asks what others changed once it is looked at again.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) document.dispatchEvent(new Event("looked-at"));
  });

  // A variable goes where the cursor is.
  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.("[data-insert]");
    const input = chip?.closest("form").querySelector("[data-template]");
    if (!input) return;
    input.setRangeText(chip.dataset.insert, input.selectionStart, input.selectionEnd, "end");
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
