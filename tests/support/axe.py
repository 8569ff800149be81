"""axe-core, which checks the accessibility of a page in the browser.

`python -m tests.support.axe` downloads its script at set-up. The script is not in the repository.
"""

import gzip
import sys
from functools import cache

import pytest

from infra.assets import NpmFile, fetch
from tests.support.axe_colours import ONE_OF_EACH_KIND

AXE = NpmFile(
    package="axe-core",
    version="4.14.1",
    file="axe.min.js",
    integrity="sha384-xt1SFg49QaDwsyt0Xfs2XAyBtYPClXl3X2q5OOLeGAUmq9jZTYIMdztpF99WdhiH",
    stored_as="axe-4.14.1.js.gz",
    fallback="pages are not tested for accessibility",
)

needs_axe = pytest.mark.skipif(AXE.read() is None, reason="set-up could not fetch axe-core: no npm, or no network")


COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""The rules whose result depends on colours. The others judge elements, attributes, texts, places and sizes."""
JUDGED = "data-judged"
JUDGE_COLOURS_OF_SOME = f"""() => axe.configure({{ rules: [
  {{ id: "color-contrast", selector: "[{JUDGED}]" }},
  {{ id: "link-in-text-block", selector: "a[href][{JUDGED}]" }},
] }})"""
"""Lets these rules judge only the elements that have this attribute."""
JUDGE = f"""async (options) => {{
  const some = ({ONE_OF_EACH_KIND})();
  some.forEach((each) => each.setAttribute("{JUDGED}", ""));
  try {{ return (await axe.run(document, options)).violations }}
  finally {{ some.forEach((each) => each.removeAttribute("{JUDGED}")) }}
}}"""
SHAPE = """() => JSON.stringify([...document.querySelectorAll("*")].map((each) => {
  const { x, y, width, height } = each.getBoundingClientRect();
  const attributes = each.getAttributeNames().filter((name) => name !== "class").map((name) => each.getAttribute(name));
  const own = [...each.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE).map((child) => child.data);
  return [each.tagName, attributes, own, each.checkVisibility({ visibilityProperty: true }), x, y, width, height];
}))"""
"""Returns everything that a page consists of, except its colours."""
COLOURS = """() => new Map([...document.querySelectorAll("body, body *")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }))
  .map((each) => {
    const style = getComputedStyle(each), size = parseFloat(style.fontSize), weight = Number(style.fontWeight);
    const isLarge = size >= 24 || (size >= 18.66 && weight >= 700);
    const { color, backgroundColor, backgroundImage, opacity, textDecorationLine } = style;
    return [each, [color, backgroundColor, backgroundImage, opacity, textDecorationLine, weight, isLarge].join()];
  }))"""
"""Returns, for each element that can be seen, all on which the results of these rules depend."""
KEEP_SHAPE, HAS_KEPT_SHAPE = f"() => {{ window.keptShape = ({SHAPE})() }}", f"() => window.keptShape === ({SHAPE})()"
KEEP_COLOURS = f"() => {{ window.keptColours = ({COLOURS})() }}"
HAS_KEPT_COLOURS = f"""() => {{
  const now = ({COLOURS})();
  return [...window.keptColours].every(([each, colours]) => now.get(each) === colours);
}}"""
"""Returns whether each element that could be seen can still be seen, in the same colours."""
MERGE_WORDS_OF_CODE = """() => {
  const classes = (each, code) => each === code ? "" : `${each.className}>${classes(each.parentElement, code)}`;
  for (const code of document.querySelectorAll("pre")) {
    const seen = new Set();
    for (const word of code.querySelectorAll("span[class]:not(:has(*))")) {
      const kind = classes(word, code) + /\\w\\w/.test(word.textContent);
      if (word.attributes.length > 1 || !seen.has(kind)) seen.add(kind);
      else word.replaceWith(...word.childNodes);
    }
  }
}"""
"""Keeps one coloured word of each kind in each block of code, and makes the others plain text.

axe judges nothing but the colours of such a word, and those of the others are the same. Pages have thousands of them.
It does not judge a single sign, so those are another kind.
"""

WITHOUT_GRADIENT = "() => { document.body.style.backgroundImage = 'none' }"
"""Takes away the gradient behind the page. axe does not judge the colours of text over a gradient, and says nothing."""


def faults(page, rules=None):
    """Return the serious and critical violations on the page, each with its elements. `rules` are all by default."""
    return [(id, elements) for id, impact, elements in _run(page, rules) if impact in ("serious", "critical")]


def violations(page, rules=None, without=()):
    """Return all violations on the page, each with its elements: those of `rules`, or of all but `without`."""
    return [(id, elements) for id, _, elements in _run(page, rules, without)]


def on_a_phone_and_wide(page, phone, wide):
    """Return all violations on the screen of a phone in light colours, and in a wide window in light and in dark ones.

    The rules about colours run on the phone only if something has other colours there, or can be seen only there.
    `phone` and `wide` are sizes; the page has that of the phone, and is in light colours.
    """
    found = violations(page, without=COLOUR_RULES)
    page.evaluate(KEEP_COLOURS)
    page.set_viewport_size(wide)
    if not page.evaluate(HAS_KEPT_COLOURS):
        page.set_viewport_size(phone)
        found += violations(page, COLOUR_RULES)
        page.set_viewport_size(wide)
    return found + in_both_schemes(violations, page)


def in_both_schemes(find, page):
    """Return what `find` (`faults` or `violations`) finds on the page in light and in dark colours.

    If only the colours of the page differ, the rules that do not depend on colours run once.
    """
    _draw_in(page, "light")
    found = find(page)
    page.evaluate(KEEP_SHAPE)
    _draw_in(page, "dark")
    return found + find(page, COLOUR_RULES if page.evaluate(HAS_KEPT_SHAPE) else None)


def _draw_in(page, scheme):
    """Show the page in these colours, and wait until it is drawn so. Before that, its scripts learn of the change."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate("() => new Promise(requestAnimationFrame)")


def _run(page, rules, without=()):
    if not page.evaluate("'axe' in window"):
        # The policy of the page forbids this script. It runs nevertheless, because the browser's own tools evaluate it.
        tools = page.context.new_cdp_session(page)
        tools.send("Runtime.evaluate", {"expression": _script()})
        tools.detach()
        page.evaluate(MERGE_WORDS_OF_CODE)
        page.evaluate(WITHOUT_GRADIENT)
        page.evaluate(JUDGE_COLOURS_OF_SOME)
    options = {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in without}}
    options |= {"runOnly": rules} if rules else {}
    found = page.evaluate(JUDGE, options)
    return [(fault["id"], fault["impact"], [node["html"] for node in fault["nodes"]]) for fault in found]


@cache
def _script():
    gzipped = AXE.read()
    assert gzipped is not None
    return gzip.decompress(gzipped).decode()


if __name__ == "__main__":
    sys.stderr.write(fetch(AXE.path(), AXE) + "\n")
