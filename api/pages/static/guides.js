// A copy button on each command, and a closed list of guides on narrow screens. Without JavaScript the list is open.
for (const shown of document.querySelectorAll("pre[data-language=sh], pre[data-language=python]")) {
  const frame = document.createElement("div");
  frame.className = "copyable";
  shown.replaceWith(frame);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(shown.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  frame.append(shown, button);
}
const list = document.querySelector(".guides details");
if (list && matchMedia("(max-width: 50rem)").matches) list.open = false;
