// A button on the reference page that opens the assistant in a panel. The chat is loaded when the panel is first opened.
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
  opener.setAttribute("aria-expanded", String(isOpen));
  if (isOpen && !panel.querySelector("iframe")) {
    const frame = Object.assign(document.createElement("iframe"), { src: "/assistant/panel", title: "API assistant", allow: "clipboard-write" });
    panel.append(frame);
  }
  (isOpen ? closer : opener).focus();
}
opener.addEventListener("click", () => show(true));
closer.addEventListener("click", () => show(false));
panel.addEventListener("keydown", (pressed) => { if (pressed.key === "Escape") show(false); });
opener.setAttribute("aria-expanded", "false");
document.body.append(opener, panel);
