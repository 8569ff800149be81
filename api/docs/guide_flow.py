"""Draws the steps of an automation as a picture: a box for each step, and arrows between them.

A guide states the steps as lines of text, `Who: what`, so that its Markdown stays readable.
"""

from __future__ import annotations

from html import escape

_OURS = "SmartDhandha"
_ARROW = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 12h16M13 6l6 6-6 6" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


def render_flow(text: str) -> str:
    """Return the steps as an ordered list in HTML. The steps of this service are highlighted."""
    steps = [line.partition(": ") for line in text.strip().splitlines()]
    boxes = [
        f"<li{' class=ours' if who == _OURS else ''}><b>{escape(who)}</b> <span>{escape(what)}</span></li>"
        for who, _, what in steps
    ]
    inner = "\n".join(box.replace("<b>", f"{_ARROW}<b>", 1) if place else box for place, box in enumerate(boxes))
    return f'<ol class="flow">\n{inner}\n</ol>\n'
