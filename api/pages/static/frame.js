// Runs before the page is drawn, so that no page is shown in another theme first. It sets two attributes of <html>:
// data-theme is what the user chose (light, dark or system), data-session says that somebody is signed in. The theme is
// stored under the name that Scalar uses on the reference page. The cookie holds the name of the organization, no secret.
{
  const root = document.documentElement;
  const key = "colorMode";
  const isDark = matchMedia("(prefers-color-scheme: dark)");

  const storedTheme = () => {
    try {
      const theme = localStorage.getItem(key);
      return ["light", "dark"].includes(theme) ? theme : "system";
    } catch {
      return "system";
    }
  };
  const organization = () => document.cookie.match(/(?:^|; )(?:__Host-|smartdhandha_)organization=([^;]*)/)?.[1];

  // After a log-in, and after a change of the profile, a cookie brings the theme that the user has chosen. It is stored as
  // if it had been chosen in this browser, and the cookie is deleted.
  function takeTheme() {
    const [, name, theme] = document.cookie.match(/(?:^|; )((?:__Host-|smartdhandha_)theme)=(light|dark|system)/) ?? [];
    if (!theme) return;
    try {
      localStorage.setItem(key, theme);
    } catch {
      return;  // The browser stores nothing.
    }
    document.cookie = `${name}=; Path=/; Max-Age=0${name.startsWith("__Host-") ? "; Secure" : ""}`;
  }

  function showTheme() {
    root.dataset.theme = storedTheme();
    const select = document.getElementById("theme");
    if (select) select.value = root.dataset.theme;
    paintScalar();
  }
  // Scalar reads the stored theme only when it starts, and shows it as a class of the body.
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
      try {
        localStorage.setItem(key, changed.target.value);
      } catch {
        root.dataset.theme = changed.target.value;  // The browser stores nothing: the choice is for this page.
        return;
      }
      showTheme();
    });
    new MutationObserver(paintScalar).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    isDark.addEventListener("change", paintScalar);
  });
  // Another tab or a frame chose a theme; or the page was kept in memory while somebody logged in or out.
  addEventListener("storage", showTheme);
  addEventListener("pageshow", () => { showTheme(); showSession(); });
}
