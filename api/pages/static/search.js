// The search in the header: results while one types. Arrows choose, Enter opens, Escape closes.
// Without JavaScript the form opens the page with the results.
{
  const form = document.querySelector("form.find");
  const field = form?.querySelector("input");
  const list = form?.querySelector("[role=listbox]");
  const WAIT = 120; // milliseconds after the last key before the server is asked

  if (field && list) {
    let timer, chosen = -1, latest = "";
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-autocomplete", "list");
    close();

    function close() {
      list.hidden = true;
      chosen = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }
    function choose(place) {
      const options = [...list.querySelectorAll("a")];
      if (!options.length) return;
      chosen = (place + options.length) % options.length;
      options.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
      field.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    }
    function unreached() {
      const line = Object.assign(document.createElement("div"), { id: "found-nothing", className: "nothing" });
      line.textContent = "Search could not be reached. Press Enter to try again";
      line.setAttribute("role", "option");
      line.setAttribute("aria-disabled", "true");
      return line;
    }
    async function ask() {
      const query = field.value.trim();
      if (!query) { latest = ""; return close(); }
      latest = query;
      const response = await fetch(`/docs/search/suggestions?q=${encodeURIComponent(query)}`).catch(() => null);
      const html = response?.ok ? await response.text().catch(() => null) : null;
      if (latest !== query || document.activeElement !== field) return;
      if (html === null) list.replaceChildren(unreached()); // Enter opens the page with the results.
      else list.innerHTML = html;
      list.hidden = false;
      chosen = -1;
      field.setAttribute("aria-expanded", "true");
      field.removeAttribute("aria-activedescendant");
    }
    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
    field.addEventListener("focus", () => { if (field.value.trim() && list.hidden) ask(); });
    field.addEventListener("keydown", (pressed) => {
      if (pressed.key === "Escape") {
        if (list.hidden) field.blur();
        else { pressed.preventDefault(); close(); }
      } else if (list.hidden) {
        return;
      } else if (pressed.key === "ArrowDown" || pressed.key === "ArrowUp") {
        pressed.preventDefault();
        choose(pressed.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
      } else if (pressed.key === "Enter" && chosen >= 0) {
        pressed.preventDefault();
        const link = list.querySelectorAll("a")[chosen];
        close();
        link.click();
      } else if (pressed.key === "Tab") {
        close();
      }
    });
    list.addEventListener("mousedown", (pressed) => pressed.preventDefault()); // The field keeps the focus, so the list stays.
    list.addEventListener("click", (pressed) => {
      const link = pressed.target.closest("a"); // The results may be those of a shorter text than what was typed since.
      if (link?.pathname === "/assistant") link.search = new URLSearchParams({ question: field.value.trim() });
      close();
    });
    field.addEventListener("blur", () => close());
  }
}
