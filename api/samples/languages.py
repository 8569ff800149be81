"""The languages of samples: their names for people, and how a sample is saved and run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from api.samples import curl, go, javascript, php, powershell, python
from api.samples.request import SampleRequest


class Language(NamedTuple):
    """A language in which samples are written."""

    id: str
    """A word that programs use, such as in the address of a tab: `curl`, `python`, `javascript`."""
    label: str
    """The text on the tab of the language."""
    highlighter: str
    """The name of the language for syntax highlighting."""
    file: str
    """The file name under which a sample can be saved."""
    command: str
    """The command that runs the file; empty if people paste the sample into a shell."""
    render: Callable[[SampleRequest], str]
    """Returns the sample that sends a request."""


_LANGUAGES = (
    Language("curl", "curl", "sh", "sample.sh", "", curl.render),
    Language("python", "Python", "python", "sample.py", "python3 sample.py", python.render),
    Language("javascript", "Node.js", "javascript", "sample.mjs", "node sample.mjs", javascript.render),
    Language("php", "PHP", "php", "sample.php", "php sample.php", php.render),
    Language("go", "Go", "go", "sample.go", "go run sample.go", go.render),
)
POWERSHELL = Language("powershell", "PowerShell", "powershell", "sample.ps1", "", powershell.render)
"""Shown only in guides, beside the commands for a POSIX shell, because PowerShell quotes texts differently."""

LANGUAGES: Mapping[str, Language] = {language.id: language for language in _LANGUAGES}
"""The languages of the reference and the landing page, by id, in the order of their tabs."""


def render_all(request: SampleRequest) -> dict[str, str]:
    """Return the sample of a request in each language, by the id of the language."""
    return {id: language.render(request) for id, language in LANGUAGES.items()}
