// Copies texts, also on plain HTTP, where browsers have no navigator.clipboard, and says so to screen readers.
// Scripts that are loaded after this one call addCopyButtons and makeCopyButton.
const announcer = Object.assign(document.createElement("p"), { className: "unseen" });
announcer.setAttribute("role", "status");
document.body.append(announcer);

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}
// The older way works without HTTPS: select the text in a field, and let the browser copy the selection.
function copySelection(text) {
  const focused = document.activeElement;
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "unseen", readOnly: true });
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return isCopied;
}

// Lets a button copy the text of an element. If the browser refuses, the text is selected, for the keyboard.
function makeCopyButton(button, source, text = () => source.textContent) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const isCopied = await copyText(text());
    if (!isCopied) getSelection().selectAllChildren(source);
    button.textContent = isCopied ? "Copied" : "Press Ctrl+C";
    announcer.textContent = isCopied ? "The clipboard has the text now." : "The browser does not allow it. The text is selected: press Ctrl+C.";
    setTimeout(() => { button.textContent = label; announcer.textContent = ""; }, 2500);
  });
}

function addCopyButtons(blocks) {
  for (const block of blocks) {
    const frame = document.createElement("div");
    frame.className = "copyable";
    block.replaceWith(frame);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "Copy" });
    makeCopyButton(button, block);
    frame.append(block, button);
  }
}
