// Buttons that copy a text. Without JavaScript they stay hidden, and users select the text.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  makeCopyButton(button, source, () => source.textContent.trim());
  button.hidden = false;
}

// Disables the button of a form that can be sent only once. After a second click, people would see "This form was sent
// before" in place of the response.
for (const id of document.querySelectorAll("input[name=form_token]")) {
  const button = id.form.querySelector("button:not([type])");
  id.form.addEventListener("submit", () => { button.disabled = true; });
  addEventListener("pageshow", () => { button.disabled = false; });
}

// The key / opens the search, or goes to its field, unless somebody is typing.
addEventListener("keydown", (event) => {
  const types = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || types || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const field = document.getElementById("q");
  if (field) field.focus();
  else if (document.querySelector(".who")) location.assign("/find");
});
