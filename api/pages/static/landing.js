// Copy buttons on the samples, the responses and the commands of the landing page. On a phone, the groups of endpoints
// but the first are closed at first; without JavaScript they are open.
addCopyButtons(document.querySelectorAll(".landing pre"));
if (matchMedia("(max-width: 46rem)").matches) {
  for (const group of document.querySelectorAll(".group:not(:first-child)")) group.open = false;
}

// The space of the pictures is reserved, so that nothing moves when they come. Where pictures are off, or one does not
// come, its text alone stands there. The icon in the header says whether pictures are on.
const pictures = document.querySelector(".pictures");
addEventListener("load", () => {
  pictures.classList.add(document.querySelector(".brand img").naturalWidth ? "reserved" : "missing");
});
pictures.addEventListener("error", (failed) => failed.target.closest("figure").classList.add("missing"), true);
