// Copy buttons on the samples, the responses and the commands of the landing page. On a phone, the groups of endpoints
// but the first are closed at first; without JavaScript they are open.
addCopyButtons(document.querySelectorAll(".landing pre"));
if (matchMedia("(max-width: 46rem)").matches) {
  for (const group of document.querySelectorAll(".group:not(:first-child)")) group.open = false;
}
