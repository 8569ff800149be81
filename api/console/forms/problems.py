"""What is wrong with the fields of a form of the settings, in sentences of the console."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.console.forms.messages import sentence_of
from api.pages.translation import gettext as _
from domain.errors.violation import Violation
from domain.reading import InvalidValue


def sentences_of(violations: Iterable[Violation], labels: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return a sentence for each violation, by the field of the form that shows it.

    `labels` has for each field of the command the field of the form, and what sentences call it: "The name".
    """
    found = ((*labels[each.field.partition("[")[0]], each.summary) for each in violations)
    return {field: sentence_of(_(label), problem, {}) for field, label, problem in found}


def sentence_about(label: str, error: InvalidValue) -> str:
    """Return what is wrong with a value, as a sentence. `label` is what it calls the value, in English: "The name"."""
    return sentence_of(_(label), str(error), {})
