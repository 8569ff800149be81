// Runs before the page is drawn. Sets data-theme (as chosen) and data-session (somebody is signed in) of <html>.
{
  const root = document.documentElement;
  const key = "colorMode"; // of Scalar, too
  const isDark = matchMedia("(prefers-color-scheme: dark)");

  const store = (theme) => {
    try {
      localStorage.setItem(key, theme);
      return true;
    } catch {
      return false;
    }
  };
  const storedTheme = () => {
    try {
      const theme = localStorage.getItem(key);
      return ["light", "dark"].includes(theme) ? theme : "system";
    } catch {
      return "system";
    }
  };
  const organization = () => document.cookie.match(/(?:^|; )(?:__Host-|smartdhandha_)organization=([^;]*)/)?.[1];

  // A cookie brings the theme of the profile once.
  function takeTheme() {
    const [, name, theme] = document.cookie.match(/(?:^|; )((?:__Host-|smartdhandha_)theme)=(light|dark|system)/) ?? [];
    if (!theme || !store(theme)) return;
    document.cookie = `${name}=; Path=/; Max-Age=0${name.startsWith("__Host-") ? "; Secure" : ""}`;
  }

  function showTheme() {
    root.dataset.theme = storedTheme();
    const select = document.getElementById("theme");
    if (select) select.value = root.dataset.theme;
    paintScalar();
  }
  // Scalar reads it only when it starts.
  function paintScalar() {
    const body = document.body;
    if (!body?.matches(".dark-mode, .light-mode")) return;
    const dark = root.dataset.theme === "dark" || (root.dataset.theme === "system" && isDark.matches);
    if (body.classList.contains("dark-mode") !== dark) {
      body.classList.toggle("dark-mode", dark);
      body.classList.toggle("light-mode", !dark);
    }
  }
  function showSession() {
    const name = organization();
    root.toggleAttribute("data-session", name !== undefined);
    const place = document.querySelector(".enter .organization");
    if (place) place.textContent = name ? decodeURIComponent(name) : "";
  }

  takeTheme();
  showTheme();
  showSession();
  addEventListener("DOMContentLoaded", () => {
    showTheme();
    showSession();
    document.getElementById("theme")?.addEventListener("change", (changed) => {
      if (store(changed.target.value)) showTheme();
      else root.dataset.theme = changed.target.value; // for this page
    });
    new MutationObserver(paintScalar).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    isDark.addEventListener("change", paintScalar);
  });
  // In another tab or frame, or while the page was kept in memory.
  addEventListener("storage", showTheme);
  addEventListener("pageshow", () => { showTheme(); showSession(); });
}
