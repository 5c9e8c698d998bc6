// Runs before the first paint, so that a dark page never flashes white. The switch itself is src/app/theme.ts.
(() => {
  const asked = new URLSearchParams(location.search).get("theme");
  let kept = null;
  try {
    kept = localStorage.getItem("detour.theme");
  } catch {
    // Storage may be forbidden; the system's choice is good enough.
  }
  const choice = asked === "light" || asked === "dark" ? asked : kept;
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = choice === "light" || choice === "dark" ? choice : system;
})();
