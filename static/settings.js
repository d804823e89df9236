// The settings page with JavaScript: forms take turns, controls show what was saved.
(() => {
  const blockOf = (element) => element?.closest?.("[data-seen]");

  // Forms of a block are sent one after another. Each has by then been shown what the one before
  // it changed, though its own fields were filled in earlier.
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const block = blockOf(ctx.sourceElement);
    if (block && ctx.request.body?.has?.("seen")) ctx.request.body.set("seen", block.dataset.seen);
  });

  // Morphing leaves alone what a person touched; here that is the one thing to bring up to date.
  document.addEventListener("htmx:after:swap", (event) => {
    const source = event.detail.ctx.sourceElement;
    const block = blockOf(source);
    if (!block) return;
    if (source.matches("form[method=post]")) source.reset();
    for (const box of block.querySelectorAll("input[type=radio], input[type=checkbox]")) {
      box.checked = box.defaultChecked;
    }
    for (const option of block.querySelectorAll("option")) option.selected = option.defaultSelected;
  });

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
