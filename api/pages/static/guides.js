// Copy buttons on commands, and remembered tabs. Without JavaScript each block of tabs is chosen by itself.
addCopyButtons(document.querySelectorAll("pre[data-language]:not([data-language=\"\"], [data-language=console])"));

// On wide screens the style sheet shows the list of guides before this script runs. Opened, it is so for all programs.
const list = document.querySelector(".guides details");
if (list && !matchMedia("(max-width: 50rem)").matches) list.open = true;

const KEY = "guideTabs"; // In localStorage: the chosen tab of each kind of tabs, such as {"language": "python"}.

function storedTabs() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
function showTabs(chosen) {
  for (const tabs of document.querySelectorAll("fieldset.tabs")) {
    const wanted = tabs.querySelector(`input[value="${CSS.escape(chosen[tabs.dataset.choice] ?? "")}"]`);
    if (wanted) wanted.checked = true;
  }
}
// The chosen block stays where it is on the screen, though blocks above it change their height.
document.addEventListener("change", (changed) => {
  const tabs = changed.target.closest?.("fieldset.tabs");
  if (!tabs) return;
  const before = tabs.getBoundingClientRect().top;
  const value = changed.target.value;
  const chosen = { ...storedTabs(), [tabs.dataset.choice]: value };
  if (value === "powershell") Object.assign(chosen, { language: value, shell: value });
  if (value === "curl") chosen.shell = "sh";
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch { /* The browser stores nothing: the choice is for this page. */ }
  showTabs(chosen);
  scrollBy({ top: tabs.getBoundingClientRect().top - before, behavior: "instant" });
});
showTabs(storedTabs());
