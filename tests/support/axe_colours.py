"""Which elements of a page must be looked at to judge its colours: one of each kind of words.

axe takes half of its time for the colours of words, and most words of a page have the same colours as others: the cells
of a table, the entries of a list. What it says about one of them is true for all of the kind.
"""

ONE_OF_EACH_KIND = r"""() => {
  const remembered = (make) => {
    const made = new Map();
    return (each) => made.get(each) ?? made.set(each, make(each)).get(each);
  };
  const style = remembered((each) => getComputedStyle(each));
  const box = remembered((each) => each.getBoundingClientRect());
  const drawn = (from, names) => names.map((name) => from[name]).join();
  const BEHIND = ["backgroundColor", "backgroundImage", "opacity", "filter", "mixBlendMode", "backgroundClip"];
  const nothing = drawn({ backgroundColor: "rgba(0, 0, 0, 0)", backgroundImage: "none", opacity: "1", filter: "none",
    mixBlendMode: "normal", backgroundClip: "border-box" }, BEHIND);
  const WORDS = ["color", "webkitTextFillColor", "textShadow", "font", "textDecoration", "border", "outline"];
  const pseudo = (each, name) => {
    const added = getComputedStyle(each, name);
    return added.content === "none" ? "" : `${name} ${drawn(added, [...BEHIND, "position", "width", "height"])}`;
  };
  const own = remembered((each) => {
    const paint = drawn(style(each), BEHIND);
    return (paint === nothing ? "" : paint) + pseudo(each, "::before") + pseudo(each, "::after");
  });
  const behind = remembered((each) => each ? own(each) + behind(each.parentElement) : "");
  const isShown = (each) => each.checkVisibility({ visibilityProperty: true });
  const all = [...document.querySelectorAll("body, body *")].filter(isShown);
  const painted = all.filter((each) => own(each) || each.matches("img, svg, canvas, video, iframe, object"));
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  // What else is drawn in the same place, over or under the words.
  const around = (each) => painted
    .filter((other) => meet(box(each), box(other)) && !other.contains(each) && !each.contains(other))
    .map((other) => other.tagName + own(other));
  const isWithin = (each, { left, right, top, bottom }) =>
    box(each).left >= left && box(each).right <= right && box(each).top >= top && box(each).bottom <= bottom;
  const clips = remembered((each) => {
    if (!each) return [];
    const isWhole = style(each).overflow === "visible" && style(each).clipPath === "none";
    return isWhole ? clips(each.parentElement) : [each, ...clips(each.parentElement)];
  });
  const textOf = (each) => each.matches("input, select, textarea") ? "value" : [...each.childNodes]
    .filter((child) => child.nodeType === Node.TEXT_NODE).map((child) => child.data.trim()).join("");
  const kind = (each, text) => [
    each.matches("a, button, input, select, textarea, option, label, summary, legend") ? each.tagName + each.type : "",
    // axe does not judge the words of a disabled control, and is not sure of a single sign.
    Boolean(each.closest(":disabled, [aria-disabled=true], label:has(:disabled)")),
    text.length > 1, /[\p{L}\p{N}]/u.test(text),
    drawn(style(each), [...WORDS, "clip", "position"]), each.parentElement && drawn(style(each.parentElement), WORDS),
    Math.min(box(each).width, box(each).height) > 1, clips(each).map((clip) => isWithin(each, box(clip))),
    behind(each), [...new Set(around(each))].sort(),
  ].join("|");
  const found = new Map();
  for (const each of all) {
    const text = textOf(each);
    if (!text && !each.matches("a[href], [role=link]")) continue;
    const its = kind(each, text);
    if (!found.has(its)) found.set(its, each);
  }
  return [...found.values()];
}"""
"""Returns the first element of each kind of words on the page.

Elements are of the same kind if nothing on which the rules about colours depend differs between them: how their words
and those around are drawn, what is drawn behind and in front of them, and whether they can be seen as a whole.
"""
