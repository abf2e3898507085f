"""What staff may send about use cases."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from consents.forms import LANGUAGE_NAMES
from consents.models import Purpose
from consents.usecases.actions.keeping import Answer, Kept
from consents.usecases.enums import CaseState, RefusalGround
from consents.usecases.models import Case
from consents.usecases.rules.findings import findings
from consents.usecases.rules.steps import next_states
from consents.usecases.texts import LANGUAGES, CaseText
from datasources.models import Dataset, Department

RESERVED = frozenset({"propose", "yours", "feed", "effect"})
_LONGEST, _LONGEST_NAME = 2000, 120
PARTS: Mapping[str, Any] = {
    "name": _("Name"),
    "problem": _("The problem"),
    "gains": _("Who gains"),
    "risks": _("Risks"),
    "figures": _("Public figures"),
    "source": _("Source of the figures"),
}
_NEEDED = frozenset({"name", "problem", "gains", "risks"})


def public(text: str) -> None:
    """ValidationError where it must not be published; the city's own links and numbers may stand in what it says."""
    if found := [each for each in findings(text) if each.value in {"identity_code", "account", "markup", "invisible"}]:
        raise ValidationError([str(each.label) for each in found])


class CaseForm(forms.ModelForm):  # type: ignore[type-arg]
    """The facts of a case and its words in three languages; `departments`: whose it may be."""

    class Meta:
        model = Case
        fields = ("slug", "department", "core_process", "basis", "datasets", "purposes")

    def __init__(self, *args: Any, departments: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.filter(slug__in=departments, retired_at=None)  # type: ignore[attr-defined]
        self.fields["datasets"].queryset = Dataset.objects.filter(retired_at=None)  # type: ignore[attr-defined]
        self.fields["purposes"].queryset = Purpose.objects.filter(closed_at=None)  # type: ignore[attr-defined]
        for name in ("department", "core_process", "basis"):
            self.fields[name].required = True
        if not self.instance.is_new:
            # Its address is told to others.
            del self.fields["slug"]
        for language in LANGUAGES:
            for part, label in PARTS.items():
                self.fields[f"{part}_{language}"] = _part(part, label, self._said(language, part))

    def _said(self, language: str, part: str) -> str:
        return str(self.instance.texts.get(language, {}).get(part, ""))

    def clean_slug(self) -> str:
        """None of the addresses that are pages already."""
        slug = str(self.cleaned_data["slug"])
        if slug in RESERVED:
            raise ValidationError(_("Choose another short name: this one is an address already."))
        return slug

    def facts(self) -> Iterator[BoundField]:
        """The fields that are not words."""
        return (self[name] for name in self.fields if name in self.Meta.fields)

    def words(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """(language, its parts)."""
        for language in LANGUAGES:
            yield LANGUAGE_NAMES[language], [self[f"{part}_{language}"] for part in PARTS]

    def kept(self) -> Kept:
        """What passed."""
        told = self.cleaned_data
        texts = {
            language: CaseText.model_validate({part: told[f"{part}_{language}"] for part in PARTS})
            for language in LANGUAGES
        }
        return Kept(texts, told["datasets"], told["purposes"])


def _part(part: str, label: Any, said: str) -> forms.CharField:
    most = _LONGEST_NAME if part == "name" else _LONGEST
    widget = forms.TextInput(attrs={"size": 80}) if part == "name" else forms.Textarea(attrs={"rows": 4, "cols": 80})
    needed = part in _NEEDED
    return forms.CharField(
        label=label, max_length=most, required=needed, widget=widget, initial=said, validators=[public]
    )


class SayForm(forms.Form):
    """An answer in public in three languages, a new state, or both."""

    state = forms.ChoiceField(label=_("New state"), required=False)
    comment = forms.ChoiceField(label=_("Answers the comment"), required=False)

    def __init__(self, *args: Any, case: Case, comments: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(each.value, each.label) for each in next_states(CaseState(case.state))]
        self.fields["state"].choices = [("", _("It stays as it is")), *states]  # type: ignore[attr-defined]
        self.fields["comment"].choices = [  # type: ignore[attr-defined]
            ("", _("none")),
            *((str(pk), text) for pk, text in comments),
        ]
        for language in LANGUAGES:
            self.fields[language] = forms.CharField(
                label=LANGUAGE_NAMES[language],
                max_length=_LONGEST,
                widget=forms.Textarea(attrs={"rows": 4, "cols": 80, "lang": language}),
                validators=[public],
                error_messages={"required": _("Write the answer in all three languages.")},
            )

    def answer(self) -> Answer:
        """What passed."""
        told = self.cleaned_data
        state = CaseState(told["state"]) if told["state"] else None
        comment = UUID(told["comment"]) if told["comment"] else None
        return Answer({language: told[language] for language in LANGUAGES}, state, comment)


class RefuseForm(forms.Form):
    """Why it is not published, as its writer will read it."""

    ground = forms.ChoiceField(
        label=_("Why it is not published"),
        choices=[("", "–"), *RefusalGround.choices],
        error_messages={"required": _("Choose a reason.")},
    )
