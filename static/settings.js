// The settings page with JavaScript: forms take turns, controls show what was saved. An answer
// never overwrites what a person changed after it was asked for, nor what waits for its turn.
(() => {
  const SAVED_AT_ONCE = "form[hx-trigger^=change]";
  const FIELDS = "[data-seen] :is(input:not([type=hidden]), select, textarea)[id]";
  const isBox = (field) => ["checkbox", "radio"].includes(field.type);
  const says = (field) => (isBox(field) ? field.checked : field.value);
  const kept = (field) => {
    if (isBox(field)) return field.defaultChecked;
    if (field.options) return (field.querySelector("[selected]") ?? field.options[0])?.value ?? "";
    return field.defaultValue;
  };
  const show = (field, what) => {
    if (isBox(field)) field.checked = what;
    else if (field.value === what) return; // setting it would move the cursor
    else if (field.type !== "file" || !what) field.value = what;
  };

  // The block that an answer is for. Its form may leave the page while it waits for its turn.
  const blockOf = (ctx) => document.getElementById(ctx.target?.id)?.closest("[data-seen]");

  // The newest request of each form that has no answer yet, with what the fields said when it was
  // made. A form may come back as another element: it is known by the first id in it.
  const asked = new Map();
  const keyOf = (form) => form?.querySelector("[id]")?.id ?? form;
  const others = (ctx) => [...asked.values()].filter((last) => last.ctx !== ctx);
  let turns = 0; // requests of forms so far

  // Enter in a changed field is a change and a submission: one of them is enough.
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    const { sourceElement: form, request } = ctx;
    ctx.turn = turns;
    if (!form.matches(":is([data-seen], #connection) form")) return;
    const isFile = form.enctype === "multipart/form-data";
    const words = isFile ? ctx : new URLSearchParams(request.body).toString();
    const key = keyOf(form);
    if (asked.get(key)?.words === words) return event.preventDefault();
    const said = [...form.querySelectorAll(FIELDS)].map((field) => [field.id, says(field)]);
    asked.set(key, { ctx, form, words, said: new Map(said) });
    ctx.turn = ++turns;
  });

  // Forms of a block are sent one after another. Each has by then been shown what the one before
  // it changed, though its own fields were filled in earlier.
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const block = blockOf(ctx);
    if (block && ctx.request.body?.has?.("seen")) ctx.request.body.set("seen", block.dataset.seen);
  });

  // What an answer leaves alone, and what that says, by id: all of a form that waits for its turn;
  // else what was changed after its form asked, or is filled in and not sent.
  const isUnsent = (field) => {
    const last = asked.get(keyOf(field.form));
    if (last) return last.said.get(field.id) !== says(field);
    return !field.form?.matches(SAVED_AT_ONCE) || says(field) !== kept(field);
  };
  const aheadOf = (ctx) => {
    const ahead = new Map(others(ctx).flatMap((last) => [...last.said]));
    for (const field of document.querySelectorAll(FIELDS)) {
      if (isUnsent(field)) ahead.set(field.id, says(field));
    }
    return ahead;
  };

  // All else shows what is kept. Morphing would leave alone whatever a person ever touched.
  const settle = (ahead) => {
    for (const field of document.querySelectorAll(FIELDS)) {
      show(field, ahead.get(field.id) ?? kept(field));
    }
  };

  // Blocks do not wait for each other: what an answer says beyond its own block may be older than
  // what stands there. That is left out, and looked for again when nothing is on its way.
  const isBeyond = (ctx, { target }) =>
    target?.matches?.("#settings, #connection") || (target?.matches?.("[data-seen]") && target.id !== ctx.target?.id);
  let looksAgain = false;
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    ctx.ahead = aheadOf(ctx);
    if (turns === ctx.turn && !others(ctx).length) return;
    const inTime = tasks.filter((task) => !isBeyond(ctx, task));
    looksAgain ||= inTime.length < tasks.length;
    tasks.splice(0, tasks.length, ...inTime);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    if (document.getElementById(ctx.target?.id)?.closest("#settings")) settle(ctx.ahead);
  });

  // After a failure, what is saved when it is changed shows again what is kept.
  document.addEventListener("htmx:finally:request", (event) => {
    const { ctx } = event.detail;
    const [key, last] = [...asked].find(([, one]) => one.ctx === ctx) ?? [];
    if (last?.form.matches(SAVED_AT_ONCE)) settle(aheadOf(ctx));
    asked.delete(key);
    if (!looksAgain || asked.size) return;
    looksAgain = false;
    setTimeout(() => document.dispatchEvent(new Event("looked-at"))); // this one leaves its queue
  });

  // A long list to choose from comes once somebody is about to choose.
  document.addEventListener("focusin", (event) => {
    const list = event.target.list;
    if (list && !list.options.length) list.dispatchEvent(new Event("wanted"));
  });

  // Equal to the eye is equal: as core/same_text.py has it, for what people type.
  const folded = (text) => text.normalize("NFC").replace(/[‘’ʼ`´′]/g, "'").replace(/[“”„«»″]/g, '"')
    .normalize("NFKC").replace(/[\p{Pd}−]/gu, "-").replace(/\p{Cf}/gu, "").replace(/\s+/g, " ").trim().toLowerCase();

  // A long table shows the rows that have what is typed above it.
  const filter = (field) => {
    field.parentElement.hidden = false;
    const wanted = folded(field.value);
    for (const row of document.getElementById(field.dataset.filter).children) {
      const shown = row.querySelector("strong, .empty")?.textContent + " " + row.querySelector("[name=user]")?.value;
      row.hidden = !folded(shown).includes(wanted);
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

  // A choice that needs a text: saved with it, and the text asked for when its field is left.
  document.addEventListener("change", (event) => {
    const choice = event.target, field = document.getElementById(choice.dataset.asks);
    if (!field || field.value) return;
    event.stopPropagation();
    field.focus();
    field.addEventListener("blur", () => {
      if (choice.checked && !field.value) field.form.requestSubmit();
    }, { once: true });
  }, true);

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
