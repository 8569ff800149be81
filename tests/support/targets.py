"""What of a page is too small to be touched."""

SMALL_TARGETS = r"""() => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  const isInline = (each) => getComputedStyle(each).display === "inline";
  const block = (each) => { do each = each.parentElement; while (isInline(each)); return each; };
  // A link in running text has words around it that are no links.
  const isInText = (each) => {
    if (!each.matches("a") || !isInline(each)) return false;
    const around = block(each).cloneNode(true);
    around.querySelectorAll("a").forEach((link) => link.remove());
    return /\p{L}/u.test(around.textContent);
  };
  const target = (each) => each.matches("[type=radio], [type=checkbox]") && each.labels[0] || each;
  const targets = document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])");
  return [...targets]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }))
    .filter((each) => !each.closest(".skip, .unseen") && !isInText(each))
    .map((each) => ({ each, box: target(each).getBoundingClientRect() }))
    .filter(({ box }) => box.width < 43.9 || box.height < 43.9)
    .map(({ each, box }) => `${Math.round(box.width)}x${Math.round(box.height)} ${each.outerHTML.slice(0, 110)}`);
}"""
"""A script that returns what is smaller than 44 pixels, but for links in running text (WCAG 2.5.5)."""
