// A button in the header of the reference page that opens the assistant beside the page. The chat is loaded when the panel
// is first opened. Escape closes it, also inside the frame.
const opener = Object.assign(document.createElement("button"), { type: "button", className: "assistant-open", textContent: "Ask the assistant" });
const panel = Object.assign(document.createElement("aside"), { className: "assistant-panel", hidden: true, id: "assistant-panel" });
panel.setAttribute("aria-label", "API assistant");
opener.setAttribute("aria-controls", panel.id);
const closer = Object.assign(document.createElement("button"), { type: "button", className: "assistant-close", textContent: "Close" });
const head = document.createElement("header");
head.append("API assistant", closer);
panel.append(head);

function show(isOpen) {
  panel.hidden = !isOpen;
  document.body.classList.toggle("assistant-is-open", isOpen);
  opener.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) return opener.focus();
  const frame = panel.querySelector("iframe");
  if (frame) focusQuestion(frame);
  else loadChat();
}
function loadChat() {
  const frame = Object.assign(document.createElement("iframe"), { src: "/assistant/panel", title: "API assistant", allow: "clipboard-write" });
  frame.addEventListener("load", () => {
    frame.contentDocument.addEventListener("keydown", closeOnEscape);
    if (!panel.hidden) focusQuestion(frame);
  });
  panel.append(frame);
}
function focusQuestion(frame) {
  frame.contentDocument.querySelector("#question")?.focus();
}
function closeOnEscape(pressed) {
  if (pressed.key === "Escape") show(false);
}
opener.addEventListener("click", () => show(panel.hidden));
closer.addEventListener("click", () => show(false));
panel.addEventListener("keydown", closeOnEscape);
opener.setAttribute("aria-expanded", "false");
document.querySelector(".top .links").append(opener);
document.body.append(panel);
