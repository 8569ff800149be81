"""Draw the plots of docs/performance.md from the JSON of a run: rates beside the peers, processor time per request.

python -m tests.benchmarks.plot [RUN.json] [--out FOLDER]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

ROOT = Path(__file__).resolve().parents[2]
WIDTH, LEFT, RIGHT, ROW, BAR, TOP = 760, 210, 180, 24, 15, 64
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 16px; font-weight: 600 }
.small { font-size: 12px; fill: #59636e }
.back { fill: #ffffff }
.a { fill: #0969da } .b { fill: #9a6700 } .peer { fill: #8c959f }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .small { fill: #9198a1 }
  .back { fill: #0d1117 }
  .a { fill: #4493f8 } .b { fill: #d29922 } .peer { fill: #656c76 }
}"""
"""Background and text are both set, so the text can be read whatever the page around the picture looks like."""
WORKS = {"create": "create", "list": "list of 50", "patch": "PATCH", "constant": "constant response"}


class Bar(NamedTuple):
    """A bar: what it shows, the length and the colour class of each of its parts, and the text behind it."""

    label: str
    parts: Sequence[tuple[float, str]]
    text: str


def rates(run: Mapping[str, Any]) -> str:
    """Return the plot of requests per second, ours and those of the peers. Each kind of work has a scale of its own."""
    groups = []
    for work, found in _by_work(run):
        lines = list(found)
        if len(lines) < 2:
            continue
        longest = max(line["rate"] for line in lines)
        groups.append([_rate(work, line, lines[0]["rate"], longest) for line in lines])
    return _svg("Requests per second", _about(run) + "; each group has a scale of its own", groups)


def processor_time(run: Mapping[str, Any]) -> str:
    """Return the plot of processor time per request, Python's and PostgreSQL's behind each other."""
    longest = max((line["python"] + line["postgres"] for line in run["costs"]), default=1)
    groups = [[_time(work, line, longest) for line in lines] for work, lines in _by_work(run)]
    key = [("a", "Python"), ("b", "PostgreSQL")]
    return _svg("Processor time per request, µs", _about(run), groups, key)


def _by_work(run: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
    return groupby(run["costs"], lambda line: line["what"])


def _rate(work: str, line: dict[str, Any], ours: float, longest: float) -> Bar:
    is_ours = line["who"] == "ours"
    text = f"{line['rate']:,.0f}" + ("" if is_ours else f"   (ours: {ours / line['rate']:.2f} ×)")
    return Bar(_label(work, line), [(line["rate"] / longest, "a" if is_ours else "peer")], text)


def _time(work: str, line: dict[str, Any], longest: float) -> Bar:
    parts = [(line["python"] / longest, "a"), (line["postgres"] / longest, "b")]
    return Bar(_label(work, line), parts, f"{line['python']:,.0f} + {line['postgres']:,.0f}")


def _label(work: str, line: dict[str, Any]) -> str:
    return f"{WORKS.get(work, work)}, {line['who']}"


def _about(run: Mapping[str, Any]) -> str:
    return f"{run['at'][:10]}, {run['machine']}, medians of {run['rounds']} rounds"


def _svg(title: str, about: str, groups: Sequence[Sequence[Bar]], key: Iterable[tuple[str, str]] = ()) -> str:
    body, y = list(_key(key)), TOP
    for group in groups:
        for bar in group:
            body += _bar(bar, y)
            y += ROW
        y += ROW // 2
    alternative = "; ".join(f"{bar.label}: {bar.text}" for group in groups for bar in group)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" role="img">',
            f"<title>{escape(title)}</title><desc>{escape(alternative)}</desc>",
            f"<style>{STYLE}\n</style>",
            f'<rect class="back" width="{WIDTH}" height="{y}"/>',
            f'<text class="title" x="16" y="26">{escape(title)}</text>',
            f'<text class="small" x="16" y="46">{escape(about)}</text>',
            *body,
            "</svg>\n",
        ]
    )


def _key(key: Iterable[tuple[str, str]]) -> Iterator[str]:
    for number, (colour, text) in enumerate(key):
        x = WIDTH - RIGHT - 30 + number * 90
        yield f'<rect class="{colour}" x="{x}" y="15" width="12" height="12"/><text x="{x + 18}" y="26">{text}</text>'


def _bar(bar: Bar, y: int) -> Iterator[str]:
    yield f'<text x="{LEFT - 10}" y="{y + 12}" text-anchor="end">{escape(bar.label)}</text>'
    x = float(LEFT)
    for share, colour in bar.parts:
        width = share * (WIDTH - LEFT - RIGHT)
        yield f'<rect class="{colour}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}"/>'
        x += width
    yield f'<text x="{x + 8:.1f}" y="{y + 12}">{escape(bar.text)}</text>'


def main() -> None:
    """Write both plots."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, nargs="?", default=ROOT / "bench" / "latest.json")
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    options = parser.parse_args()
    run = msgspec.json.decode(options.run.read_bytes())
    for name, draw in {"performance-rates": rates, "performance-processor-time": processor_time}.items():
        path = options.out / f"{name}.svg"
        path.write_text(draw(run), encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
