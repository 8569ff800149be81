"""The commands and responses in a guide, and the differences between a response in a guide and a real one."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from api.docs.guides import Guide
from api.pages.markdown import parser

ELIDED = "…"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|…|.', re.DOTALL)
_FILES = {"sh": "", "python": "example.py", "js": "example.mjs", "php": "example.php"}
"""For each language of a block that is run, the file name of a program for which the guide gives no name."""
_SAVED = re.compile(r"Save this as `([\w.]+)`")
_END_OF_LOG = re.compile(r'"nextBefore": ?(\d+)')
_PLACEHOLDER = re.compile(r"\b([a-z]+)_…")


class Step(NamedTuple):
    """One command, and the response that the guide shows below it, if any."""

    language: str
    source: str
    answer: str | None
    file: str = ""
    """The file name under which the reader of the guide saves a program; empty for commands of the shell."""


def steps(guide: Guide) -> list[Step]:
    """Return the commands of a guide, in order."""
    tokens = [each for each in parser().parse(guide.markdown) if each.type in ("fence", "inline")]
    result = []
    for before, fence, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if fence.type == "fence" and fence.info in _FILES:
            answer = after.content if after is not None and after.info == "json" else None
            saved = _SAVED.search(before.content) if before else None
            result.append(Step(fence.info, fence.content, answer, saved[1] if saved else _FILES[fence.info]))
    return result


def answers(guide: Guide) -> list[str]:
    """Return every response that the guide shows."""
    return [each.content for each in parser().parse(guide.markdown) if each.type == "fence" and each.info == "json"]


def fill_placeholders(source: str, key: str, seen: str) -> str:
    """Return the command with real values: `key` for `sd_test_…`, and for `inv_…` the last invoice's id in `seen`.

    Other prefixes of ids are replaced in the same way as `inv_…`, and `AFTER=…` gets the last `nextBefore`.
    """

    def last(match: re.Match[str]) -> str:
        return re.findall(rf"\b{match[1]}_\w+", seen)[-1]

    if "AFTER=…" in source:
        source = source.replace("AFTER=…", f"AFTER={_END_OF_LOG.findall(seen)[-1]}")
    return _PLACEHOLDER.sub(last, source.replace("sd_test_…", key).replace("sd_live_…", key))


def read(shown: str) -> Any:
    """Parse a response as the guide shows it. `…` in an object or a list means that there are more members."""
    parts, inside, before = [], [], ""
    for token in _TOKEN.findall(shown):
        if token in "{[":
            inside.append(token)
        elif token in "}]":
            inside.pop()
        member = token == ELIDED and inside[-1] == "{" and before != ":"
        parts.append('"…": "…"' if member else '"…"' if token == ELIDED else token)
        before = before if token.isspace() else token
    return json.loads("".join(parts))


def differences(shown: Any, real: Any, path: str = "$") -> list[str]:
    """Return the differences between the response in the guide and the real one. `…` in the guide equals any text."""
    if isinstance(shown, str) and ELIDED in shown:
        pattern = ".*".join(map(re.escape, shown.split(ELIDED)))
        agrees = shown == ELIDED or (isinstance(real, str) and re.fullmatch(pattern, real, re.DOTALL) is not None)
        return [] if agrees else [f"{path}: {real!r} is not like {shown!r}"]
    if isinstance(shown, dict) and isinstance(real, dict):
        return _members(shown, real, path)
    if isinstance(shown, list) and isinstance(real, list):
        return _entries(shown, real, path)
    return [] if shown == real else [f"{path}: {real!r} is not {shown!r}"]


def _members(shown: dict[str, Any], real: dict[str, Any], path: str) -> list[str]:
    expected = {name: value for name, value in shown.items() if name != ELIDED}
    messages = [f"{path}.{name}: missing in the response" for name in expected.keys() - real.keys()]
    if ELIDED not in shown:
        messages += [f"{path}.{name}: not in the guide" for name in real.keys() - expected.keys()]
    for name in expected.keys() & real.keys():
        messages += differences(expected[name], real[name], f"{path}.{name}")
    return messages


def _entries(shown: list[Any], real: list[Any], path: str) -> list[str]:
    if shown and shown[-1] == ELIDED:
        shown = shown[:-1]
        real = real[: len(shown)]
    if len(shown) != len(real):
        return [f"{path}: {len(real)} entries, {len(shown)} are shown"]
    pairs = enumerate(zip(shown, real, strict=True))
    return [problem for place, (a, b) in pairs for problem in differences(a, b, f"{path}[{place}]")]
