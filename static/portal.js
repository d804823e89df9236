// Small comforts; every page works without them.
(() => {
  const root = document.documentElement;

  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
      localStorage.setItem("theme", root.dataset.bsTheme);
    });
  }

  // A menu closes when the person turns elsewhere.
  const menus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();

// After an answer: a failure is said and leaves the page as it was; the focus stays at its place.
(() => {
  const REFUSED = 422;
  const notices = document.getElementById("notices");
  const failed = (ctx) => ctx.response?.status >= 400 && ctx.response.status !== REFUSED;
  // A person waits for it. What a page asks by itself it will ask again.
  const awaited = (ctx) => ["submit", "change", "click"].includes(ctx.sourceEvent?.type);

  const say = (ctx) => {
    const words = document.getElementById(ctx.request.method === "POST" ? "not-saved" : "no-answer");
    notices.replaceChildren(words.content.cloneNode(true));
  };

  document.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail;
    if (!ctx?.request || ctx.text !== undefined) return;
    if (awaited(ctx)) say(ctx);
  });

  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    const row = document.activeElement.closest("li");
    ctx.focused = document.activeElement !== document.body;
    ctx.row = row && { list: row.parentElement, index: [...row.parentElement.children].indexOf(row) };
    if (!failed(ctx)) return;
    if (awaited(ctx) && ctx.hx.retarget) return; // our own words, for the notices
    event.preventDefault();
    if (awaited(ctx)) say(ctx);
  });

  // Also a button that the answer left in the page, and hid.
  const isLost = (element) => element === document.body || !element.checkVisibility();

  const nextRow = ({ list, index }) => {
    const row = list.isConnected && list.children[Math.min(index, list.children.length - 1)];
    if (!row) return null;
    const remove = row.querySelector("form[action$='/remove'] button");
    return remove || row.querySelector("input:not([type=hidden]), button");
  };

  const heading = (target) => {
    const found = document.getElementById(target?.id)?.querySelector("h1, h2");
    if (found) found.tabIndex = -1;
    return found || document.getElementById("main");
  };

  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    const source = ctx.sourceElement;
    if (awaited(ctx) && !failed(ctx)) notices.replaceChildren();
    if (ctx.response?.status === 200 && source.matches("form.row-add:focus-within")) {
      source.querySelector("input:not([type=hidden]), select").focus();
    } else if (ctx.focused && isLost(document.activeElement)) {
      ((ctx.row && nextRow(ctx.row)) || heading(ctx.target)).focus();
    }
  });

  notices.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) notices.replaceChildren();
  });
})();
