// Buttons that copy a text. Without JavaScript they stay hidden, and users select the text.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  makeCopyButton(button, source, () => source.textContent.trim());
  button.hidden = false;
}

// Disables the buttons of a form that can be sent only once, and says that it is on its way. After a second click, people
// would see "This form was sent before" in place of the response. The browser reads the form first: it leaves out the
// value of a disabled button.
for (const id of document.querySelectorAll("input[name=form_token]")) {
  const buttons = [...id.form.elements].filter((each) => each.localName === "button" && each.type === "submit");
  const disable = (disabled) => {
    id.form.ariaBusy = String(disabled);
    for (const button of buttons) button.disabled = disabled;
  };
  let restore = () => {};
  const say = (button) => {
    const words = [...button.childNodes], width = button.offsetWidth;
    button.style.minWidth = `${width}px`;
    button.replaceChildren(document.getElementById("main").dataset.sending);
    restore = () => { button.replaceChildren(...words); };
  };
  id.form.addEventListener("submit", ({ submitter }) => setTimeout(() => {
    disable(true);
    if (submitter?.checkVisibility()) say(submitter);
  }));
  addEventListener("pageshow", () => { restore(); disable(false); });
}

// Says which version of an object the slider is at.
for (const slider of document.querySelectorAll("input[type=range]")) {
  slider.addEventListener("input", () => { slider.form.querySelector("output").value = slider.value; });
}
