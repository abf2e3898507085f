"""The code list of a field as rows of a form: a code, and what it means in three languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("fi", "sv", "en")
_IN_WORDS = {"fi": _("in Finnish"), "sv": _("in Swedish"), "en": _("in English")}
_EMPTY_ROWS, _MOST_ROWS = 2, 200
_LONGEST_CODE, _LONGEST_TEXT = 60, 120

Texts = dict[str, str]


def code_fields(
    slug: str, label: str, codes: Mapping[str, Texts], seen: Sequence[str], data: Mapping[str, Any]
) -> dict[str, forms.Field]:
    """Fields for each code there is, each that was seen, and two more; as many as were sent, when they were sent."""
    told: list[tuple[str, Texts]] = [*codes.items(), *((code, {}) for code in seen if code not in codes)]
    told += [("", {})] * _EMPTY_ROWS
    while len(told) < _MOST_ROWS and _name(slug, len(told), "code") in data:
        told.append(("", {}))
    fields: dict[str, forms.Field] = {}
    for number, (code, texts) in enumerate(told[:_MOST_ROWS]):
        at = {"field": label, "number": number + 1}
        fields[_name(slug, number, "code")] = forms.CharField(
            label=gettext("%(field)s, code %(number)s") % at,
            initial=code,
            required=False,
            max_length=_LONGEST_CODE,
            widget=forms.TextInput(attrs={"size": 10, "spellcheck": "false"}),
        )
        for language in LANGUAGES:
            words = at | {"language": _IN_WORDS[language]}
            fields[_name(slug, number, language)] = forms.CharField(
                label=gettext("%(field)s, code %(number)s %(language)s") % words,
                initial=texts.get(language, ""),
                required=False,
                max_length=_LONGEST_TEXT,
                widget=forms.TextInput(attrs={"size": 20, "lang": language}),
            )
    return fields


def code_rows(form: forms.Form, slug: str) -> list[list[forms.BoundField]]:
    """The bound fields, row by row: the code, then its texts."""
    rows: list[list[forms.BoundField]] = []
    while (name := _name(slug, len(rows), "code")) in form.fields:
        number = len(rows)
        rows.append([form[name], *(form[_name(slug, number, language)] for language in LANGUAGES)])
    return rows


def codes_in(form: forms.Form, slug: str) -> dict[str, Texts]:
    """`{code: {fi, sv, en}}` of what was filled in; faults stand beside the row that has one."""
    told: dict[str, Texts] = {}
    number = 0
    while (name := _name(slug, number, "code")) in form.fields:
        code = form.cleaned_data.get(name, "")
        texts = {language: form.cleaned_data.get(_name(slug, number, language), "") for language in LANGUAGES}
        if code and code in told:
            form.add_error(name, _("This code stands here twice."))
        elif code and not all(texts.values()):
            form.add_error(name, _("Write what it means in all three languages."))
        elif not code and any(texts.values()):
            form.add_error(name, _("Write the code."))
        elif code:
            told[code] = texts
        number += 1
    return told


def _name(slug: str, number: int, what: str) -> str:
    return f"codes_{slug}_{number}_{what}"
