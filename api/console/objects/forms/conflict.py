"""What a form shows after somebody else has changed its object: who changed what, and all that the user has typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from api.console.objects.forms.lines import LineForm
from api.console.objects.forms.object_form import ObjectForm
from api.pages.others_texts import isolated
from api.pages.translation import gettext as _
from api.pages.translation import marked

CHANGED_MEANWHILE = marked(
    "Somebody has changed this since you opened the page. What you typed is below; saving it overwrites the change."
)
_MOST = 20
"""How many changed lines are told one by one."""


def compare(form: ObjectForm, present: ObjectForm, stored: Sequence[LineForm]) -> None:
    """Keep what the user has typed, and say what somebody else has changed meanwhile.

    `present` is the form of the object as it is now, and `stored` are the lines of the version that the user has
    changed. Fields that cannot be changed any more are left out.
    """
    form.notices.append(_(CHANGED_MEANWHILE))
    form.fields = tuple(field for field in form.fields if field in present.fields)
    form.lines = form.lines if present.lines is not None else None
    for field in form.fields:
        text = present.texts[field.name]
        if field.value(text) != field.value(form.texts[field.name]):
            form.changes.append(_("%(field)s is now: %(text)s", field=_(field.label), text=isolated(text) or "–"))
    if form.lines is not None:
        changes = list(_line_changes(_filled(stored), _filled(present.lines or ())))
        form.changes += changes[:_MOST]
        if len(changes) > _MOST:
            form.changes.append(_("And %(count)s more.", count=len(changes) - _MOST))


def _filled(lines: Iterable[LineForm]) -> list[LineForm]:
    return [line for line in lines if not line.is_empty]


def _line_changes(before: Sequence[LineForm], after: Sequence[LineForm]) -> Iterator[str]:
    """Return a sentence for each line that was changed, added or removed."""
    old, new = ([tuple(line.body.values()) for line in lines] for lines in (before, after))
    for name, first, end, new_first, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if name == "equal":
            continue
        paired = min(end - first, new_end - new_first)
        for place in range(new_first, new_end):
            is_new = place >= new_first + paired
            words = marked("Line %(number)s is new: %(line)s") if is_new else marked("Line %(number)s is now: %(line)s")
            yield _(words, number=place + 1, line=_words(after[place]))
        for place in range(first + paired, end):
            yield _("Line %(number)s was removed: %(line)s", number=place + 1, line=_words(before[place]))


def _words(line: LineForm) -> str:
    """Return a line in words, such as "Cloth, 10 × 100, 18 %"."""
    texts = line.texts
    return f"{isolated(texts['description'])}, {texts['quantity']} × {texts['unitPrice']}, {texts['taxRate']} %"
