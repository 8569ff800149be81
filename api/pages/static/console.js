// Buttons that copy a text. Without JavaScript they stay hidden, and users select the text.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(source);
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => { button.textContent = label; }, 2500);
  });
}

// Disables the button of a form that can be sent only once. After a second click, people would see "This form was sent
// before" in place of the response.
for (const id of document.querySelectorAll("input[name=form_token]")) {
  const button = id.form.querySelector("button:not([type])");
  id.form.addEventListener("submit", () => { button.disabled = true; });
  addEventListener("pageshow", () => { button.disabled = false; });
}
