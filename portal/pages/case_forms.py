"""What a resident writes about use cases: checked for what must not be published before anybody reads it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from consents.usecases.enums import Found, ReportGround, Shown
from consents.usecases.rules.findings import cleaned, findings, looks_official
from consents.usecases.texts import Said
from portal.cities import city

NAME, TEXT, GAINS, ALIAS = 100, 2000, 1000, 40
# More than anybody writes by hand is not sent back to be mended.
_KEPT = 10_000


def _text(most: int, missing: Any) -> forms.CharField:
    return forms.CharField(
        max_length=most,
        error_messages={
            "required": missing,
            "max_length": _("The text is too long. Write %(limit_value)d characters at the most."),
            "null_characters_not_allowed": Found.INVISIBLE.label,
        },
    )


class WordsForm(forms.Form):
    """`key` makes two presses of one form one thing; `name`: their own, where they may be shown by it.

    What they write is marked with the language that it is in, which need not be that of the page.
    """

    key = forms.UUIDField()
    text = _text(TEXT, _("Write what you want to say."))
    shown = forms.ChoiceField(
        choices=Shown,
        initial=Shown.NOTHING,
        error_messages={"required": _("Choose how you are named."), "invalid_choice": _("Choose how you are named.")},
    )
    language = forms.ChoiceField(
        choices=settings.LANGUAGES,
        error_messages={"required": _("Choose a language."), "invalid_choice": _("Choose a language.")},
    )
    alias = forms.CharField(
        required=False,
        max_length=ALIAS,
        error_messages={
            "max_length": _("The name is too long. Write %(limit_value)d characters at the most."),
            "null_characters_not_allowed": Found.INVISIBLE.label,
        },
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_name = name
        ways = [way for way in Shown if name or way is not Shown.NAME]
        self.fields["shown"].choices = [(way.value, way.label) for way in ways]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Each text by itself, and the chosen name."""
        told = super().clean() or {}
        for field in ("name", "text", "gains", "alias"):
            if field in told:
                told[field] = cleaned(told[field])
                for found in findings(told[field]):
                    self.add_error(field, found.label)
        if told.get("shown") == Shown.ALIAS and "alias" in told:
            self._check_alias(told["alias"])
        return told

    def _check_alias(self, alias: str) -> None:
        if not alias:
            self.add_error("alias", _("Write the name that you choose."))
        elif looks_official(alias, city_words()):
            self.add_error("alias", _("Choose a name that does not look like the city's."))

    def said(self) -> Said:
        """What passed."""
        told = self.cleaned_data
        named = {Shown.NAME: self.own_name, Shown.ALIAS: told["alias"]}
        return Said(
            text=told["text"],
            name=told.get("name", ""),
            gains=told.get("gains", ""),
            signature=named.get(Shown(told["shown"]), ""),
        )

    def kept(self) -> dict[str, str]:
        """What was written, for the form to show again."""
        values = {name: str(self[name].value() or "") for name in self.fields}
        return {name: value if len(value) <= _KEPT else "" for name, value in values.items()}

    def errors_told(self) -> Iterator[tuple[str, str]]:
        """(field, sentence) for the summary, in the order of the form; what is of no field comes last."""
        for field in (*self.fields, NON_FIELD_ERRORS):
            for error in self.errors.get(field, ()):
                yield field, str(error)


class ProposalForm(WordsForm):
    """A use of data that might help: what it is called, the problem, who gains."""

    name = _text(NAME, _("Give the proposal a name."))
    gains = _text(GAINS, _("Write who would gain from it."))
    field_order = ("name", "text", "gains", "language", "shown", "alias")


class CommentForm(WordsForm):
    """One comment."""


class ReportForm(forms.Form):
    """What is wrong with a comment."""

    ground = forms.ChoiceField(
        choices=ReportGround,
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose a reason.")},
    )


def city_words() -> frozenset[str]:
    """What the city is called, in small letters."""
    facts = city()
    named = (
        *facts.finnish.model_dump().values(),
        *facts.swedish.model_dump().values(),
        *facts.name.model_dump().values(),
    )
    return frozenset(name.casefold() for name in named)
