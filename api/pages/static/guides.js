// Copy buttons on commands, and a closed list of guides on narrow screens. Without JavaScript the list is open.
addCopyButtons(document.querySelectorAll("pre[data-language=sh], pre[data-language=python]"));
const list = document.querySelector(".guides details");
if (list && matchMedia("(max-width: 50rem)").matches) list.open = false;
