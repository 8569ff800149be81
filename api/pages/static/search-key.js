// The key / goes to the search of the page, or in the console to its page, unless somebody types. People who speak to
// their computer would press it by accident, so it can be turned off for the browser.
{
  const key = "searchKey";
  const isOff = () => {
    try {
      return localStorage.getItem(key) === "off";
    } catch {
      return false;
    }
  };
  const store = (isOn) => {
    try {
      if (isOn) localStorage.removeItem(key);
      else localStorage.setItem(key, "off");
    } catch {
      // The browser keeps nothing: the box shows what is true.
    }
  };

  for (const box of document.querySelectorAll("input.search-key")) {
    const show = () => { box.checked = !isOff(); };
    show();
    box.closest("[hidden]").hidden = false;
    box.addEventListener("change", () => { store(box.checked); show(); });
  }
  addEventListener("keydown", (pressed) => {
    const isTyping = pressed.target.closest?.("input, textarea, select, [contenteditable]");
    if (pressed.key !== "/" || pressed.ctrlKey || pressed.metaKey || pressed.altKey || isTyping || isOff()) return;
    const field = document.querySelector("#find, #q, #query");
    if (field) {
      field.focus();
      field.select();
    } else if (document.querySelector(".who")) {
      location.assign("/home/find");
    } else {
      return;
    }
    pressed.preventDefault();
  });
}
