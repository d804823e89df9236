// Before the first paint: light or dark, as chosen here or in the system. No flash.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = localStorage.getItem("theme") || (system.matches ? "dark" : "light");
    document.documentElement.dataset.bsTheme = chosen;
  };
  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
})();
