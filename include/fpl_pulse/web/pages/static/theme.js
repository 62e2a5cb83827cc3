// The pages follow the theme of Airflow, which keeps the choice in localStorage under "theme": light, dark or system.
(() => {
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  const chosen = () => {
    try {
      return window.localStorage.getItem("theme");
    } catch {
      return null; // A browser can forbid storage; the theme of the system is right then.
    }
  };

  const apply = () => {
    const theme = chosen();
    const isDark = theme === "dark" || (theme !== "light" && system.matches);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  };

  apply();
  system.addEventListener("change", apply);
  window.addEventListener("storage", apply); // Airflow's own page has changed it.
})();
