"""What is wrong with the fields of a form, in sentences of the console."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.pages.translation import gettext as _
from domain.errors.violation import Violation


def sentences_of(violations: Iterable[Violation], sentences: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return a sentence for each violation, by the field of the form that shows it.

    `sentences` has for each field of the command the field of the form, and a marked sentence with the place
    `%(problem)s`. What stands there is English in every language: it is the message of the API.
    """
    found = ((*sentences[each.field.partition("[")[0]], each.summary) for each in violations)
    return {field: _(sentence, problem=problem) for field, sentence, problem in found}
