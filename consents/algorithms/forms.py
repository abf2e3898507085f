"""What staff may send about the register of algorithms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from consents.algorithms.enums import (
    NEXT_STATES,
    AiRole,
    AlgorithmState,
    AlgorithmType,
    AnnexPoint,
    Deciding,
    Domain,
    Risk,
    UseType,
)
from consents.algorithms.models import Algorithm
from consents.algorithms.parts import SECTIONS
from consents.algorithms.publishing.states import LONGEST_REASON
from consents.algorithms.words import FACT_NAMES, PART_NAMES, SECTION_NAMES
from consents.forms import LANGUAGE_NAMES, ManuscriptForm, OneLine
from consents.models import Purpose
from consents.texts import LANGUAGES
from datasources.models import Dataset

_CHOICES: Mapping[str, type[TextChoices]] = {
    "deciding": Deciding,
    "algorithm_type": AlgorithmType,
    "use_type": UseType,
    "risk": Risk,
    "ai_role": AiRole,
    "annex_iii": AnnexPoint,
    "domain": Domain,
}
_DAYS = {"begins_on", "ends_on", "revise_by"}
_LONGEST_FACT = 500


class AlgorithmForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new algorithm: what it is called in addresses, and who answers for it."""

    class Meta:
        model = Algorithm
        fields = ("slug", "department")
        labels = {"slug": _("Short name in addresses"), "department": _("Department that answers for it")}
        help_texts = {"slug": _("Small letters, figures and hyphens, as in reading-tips. It stays as it is for ever.")}


def _fact_field(name: str) -> forms.Field:
    label = FACT_NAMES[name]
    if name in _CHOICES:
        # An entry says each of these, so nothing is chosen beforehand.
        offered = list(_CHOICES[name].choices)
        blank = [] if name == "annex_iii" else [("", "–")]
        return forms.ChoiceField(label=label, choices=[*blank, *offered], required=False)
    if name in _DAYS:
        return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))
    return forms.CharField(label=label, required=False, max_length=_LONGEST_FACT)


class EntryForm(ManuscriptForm):
    """The words of an entry, its facts, and the data that it reads."""

    LABELS = PART_NAMES
    ROWS = {"name": 2, "owner": 2}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FACT_NAMES:
            self.fields[name] = _fact_field(name)
        offered = Dataset.objects.filter(retired_at=None).select_related("register")
        self.offered = list(offered.order_by("register__department__position", "position"))
        choices = [(each.slug, f"{each.register.name}: {each.name}") for each in self.offered]
        self.fields["datasets"] = forms.MultipleChoiceField(
            label=_("Data of the catalogue that it reads"), choices=choices, required=False
        )

    @staticmethod
    def initial_of(
        parts: Mapping[str, Mapping[str, str]], facts: Mapping[str, Any], datasets: Sequence[str], revision: int
    ) -> dict[str, Any]:
        """A saved entry as the form takes it."""
        told = {name: facts.get(name, "") for name in FACT_NAMES}
        return {**EntryForm.initial_parts(parts, revision), **told, "datasets": list(datasets)}

    def sections(self) -> list[tuple[Any, list[tuple[Any, list[tuple[Any, forms.BoundField]]]]]]:
        """(heading, its parts): a part is its label, and its field in each language with the language's name."""
        return [(SECTION_NAMES[section], [self.row(part) for part in parts]) for section, parts in SECTIONS.items()]

    def fact_fields(self) -> list[forms.BoundField]:
        """Every fact."""
        return [self[name] for name in FACT_NAMES]

    def data_rows(self) -> list[tuple[str, str, bool]]:
        """(slug, name with the register's, whether it is ticked)."""
        ticked = {str(each) for each in self["datasets"].value() or ()}
        return [(each.slug, f"{each.register.name}: {each.name}", each.slug in ticked) for each in self.offered]

    def facts(self) -> dict[str, Any]:
        """Once valid: what was written, as it is kept."""
        told = {name: self.cleaned_data[name] for name in FACT_NAMES if self.cleaned_data[name]}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}

    def datasets(self) -> list[str]:
        """Once valid: the data ticked."""
        return sorted(self.cleaned_data["datasets"])

    def written(self) -> dict[str, Any]:
        """Words, facts and data."""
        return {**super().written(), "facts": self.facts(), "datasets": self.datasets()}


class StateForm(forms.Form):
    """Where it goes from where it stands, and why, for everyone to read."""

    to = forms.ChoiceField(
        label=_("New state"), widget=forms.RadioSelect, error_messages={"required": _("Choose the new state.")}
    )

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        to.choices = [(each.value, str(each.label).capitalize()) for each in NEXT_STATES[state]]  # type: ignore[attr-defined]
        for language in LANGUAGES:
            self.fields[f"reason_{language}"] = OneLine(
                label=LANGUAGE_NAMES[language],
                max_length=LONGEST_REASON,
                widget=forms.Textarea(attrs={"rows": 3, "lang": language}),
                error_messages={"required": _("Write the reason in three languages.")},
            )

    def reasons(self) -> list[tuple[Any, forms.BoundField]]:
        """(name of the language, its field)."""
        return [(LANGUAGE_NAMES[one], self[f"reason_{one}"]) for one in LANGUAGES]

    def reason(self) -> dict[str, str]:
        """Once valid."""
        return {one: self.cleaned_data[f"reason_{one}"] for one in LANGUAGES}

    def state(self) -> AlgorithmState:
        """Once valid."""
        return AlgorithmState(self.cleaned_data["to"])


class NamingForm(forms.Form):
    """Which uses of data of one's own departments name the algorithm."""

    def __init__(self, *args: Any, purposes: Iterable[Purpose], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purposes = list(purposes)
        self.fields["purposes"] = forms.MultipleChoiceField(
            label=_("Uses of data that name it"),
            required=False,
            choices=[(each.slug, each.slug) for each in self.purposes],
            widget=forms.CheckboxSelectMultiple,
        )

    def ticks(self) -> forms.BoundField:
        """The boxes, one a purpose."""
        return self["purposes"]
