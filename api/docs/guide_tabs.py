"""The tabs of a command in a guide: the same request in each language, and settings for each shell.

Each tab is a radio button, so that tabs work without JavaScript; the script only remembers the choice.
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from api.docs.guide_commands import Export, exports_of, request_of
from api.pages.markdown import highlight_code
from api.samples.languages import LANGUAGES, POWERSHELL, Language

_SHOWN = ("curl", "python", "javascript", "php")
"""The languages of the tabs. The guide itself has the command for curl."""
_TIME = "[DateTimeOffset]::UtcNow.ToUnixTimeSeconds()"
_LEGENDS = {"language": "Language of this example", "shell": "Your shell"}


class Tab(NamedTuple):
    """One of several ways to write the same command or settings."""

    id: str
    """The value that the script remembers as the reader's choice, such as `python`."""
    label: str
    language: str
    """The language for highlighting."""
    source: str
    hint: str = ""
    """How to run the program; empty for commands that people paste into a shell."""


def tabs_of(block: str) -> tuple[str, list[Tab]] | None:
    """Return what the reader chooses with the tabs of a block (`language` or `shell`), and the tabs, or else None."""
    if exports := exports_of(block):
        lines = "\n".join(_powershell_line(each) for each in exports) + "\n"
        return "shell", [Tab("sh", "macOS, Linux", "sh", block), Tab("powershell", "PowerShell", "powershell", lines)]
    request = request_of(block)
    if request is None:
        return None
    languages = [*(LANGUAGES[id] for id in _SHOWN), POWERSHELL]
    sources = {language.id: f"{language.render(request)}\n" for language in languages} | {"curl": block}
    return "language", [language_tab(language, sources[language.id]) for language in languages]


def render_tabs(choice: str, tabs: list[Tab], id: str) -> str:
    """Return tabs as HTML. `id` is unique on the page."""
    parts = [f'<fieldset class="tabs" data-choice="{choice}"><legend class="unseen">{_LEGENDS[choice]}</legend>']
    for number, tab in enumerate(tabs):
        checked = "" if number else " checked"
        parts.append(
            f'<input type="radio" name="{id}" id="{id}-{tab.id}" value="{tab.id}"{checked}>'
            f'<label for="{id}-{tab.id}">{escape(tab.label)}</label>'
        )
    for tab in tabs:
        hint = f'<p class="run">{tab.hint}</p>' if tab.hint else ""
        parts.append(f'<div class="tab">{highlight_code(tab.source, tab.language)}{hint}</div>')
    return "\n".join([*parts, "</fieldset>\n"])


def language_tab(language: Language, source: str) -> Tab:
    """Return the tab of a sample in this language."""
    hint = (
        f"Save it as <code>{language.file}</code> and run <code>{language.command}</code>." if language.command else ""
    )
    return Tab(language.id, language.label, language.highlighter, source, hint)


def _powershell_line(export: Export) -> str:
    name, value, ends_with_time = export
    if not ends_with_time:
        return f'$env:{name} = "{value}"'
    return f'$env:{name} = "{value}$({_TIME})"' if value else f"$env:{name} = {_TIME}"
