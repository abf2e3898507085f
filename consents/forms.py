"""What staff may send about a purpose's text."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.enums import Change, Donation, Nature, OldAnswers
from consents.models import Purpose
from consents.publishing.scopes import NEEDED, OPTIONAL, Scope
from consents.rules.acting import OWN_VOICE
from consents.rules.limiting import may_market
from consents.rules.reminding import EARLIEST
from consents.texts import LANGUAGES
from datasources.enums import Basis
from datasources.models import Field

LONGEST_PART = 2000
LABELS: Mapping[str, Any] = {
    "name": _("Name"),
    "summary": _("In one sentence"),
    "who": _("Who is asking?"),
    "what": _("Which data?"),
    "why": _("What is it used for?"),
    "benefit": _("What good it does"),
    "who_else": _("Who else gets the data"),
    "if_no": _("What happens if you say no?"),
    "how_long": _("How long does it last?"),
    "how_to_stop": _("How do you take it back?"),
    "risk": _("What may go wrong"),
    "more": _("More about this"),
    "child": _("Why a child decides, or does not"),
}
LANGUAGE_NAMES: Mapping[str, Any] = {"fi": _("in Finnish"), "sv": _("in Swedish"), "en": _("in English")}


class OneLine(forms.CharField):
    """A part: what was broken into lines is one paragraph; spaces that do not break stay."""

    def to_python(self, value: Any) -> str:
        """Line ends and tabs are spaces."""
        return re.sub(r"[ \t\r\n]+", " ", super().to_python(value) or "").strip(" ")


class PurposeForm(forms.ModelForm):  # type: ignore[type-arg]
    """The facts of a purpose."""

    class Meta:
        model = Purpose
        fields = (
            *("slug", "department", "basis", "nature", "core_process", "valid_days", "remind_days", "free_because"),
            *(
                "adults_only",
                "child_decides_from",
                "guardian_too",
                "special_category",
                "outside_eu",
                "suggested_by_algorithm",
                "direct_marketing",
                "ask_on_arrival",
            ),
            *("donation", "research_plan", "research_leader"),
        )
        labels = {
            "slug": _("Short name in addresses"),
            "department": _("Who asks"),
            "basis": _("Why it may be done"),
            "nature": _("What the permission is"),
            "core_process": _("Part of the service"),
            "valid_days": _("How many days it lasts"),
            "free_because": _("Why people are free to say no"),
            "remind_days": _("Days before the end on which people are reminded"),
            "adults_only": _("Only adults are asked"),
            "child_decides_from": _("Age from which a child answers themselves"),
            "guardian_too": _("From fifteen on a guardian may answer, too"),
            "special_category": _("Data of special categories"),
            "outside_eu": _("Data goes outside the EU"),
            "suggested_by_algorithm": _("A program makes suggestions"),
            "direct_marketing": _("It is direct marketing"),
            "ask_on_arrival": _("Asked of everyone who signs in"),
            "donation": _("Data is given for the common good"),
            "research_plan": _("Plan of the research"),
            "research_leader": _("Responsible for the research"),
        }
        help_texts = {
            "slug": _("Small letters, figures and hyphens, as in reading-tips. It stays as it is for ever."),
            "valid_days": _("Only for what rests on permission. A year is 365 days."),
            "free_because": _("As in: the service is the same without it."),
            "remind_days": _("From 1 to 60, with a comma between. Data of special categories needs 30 and 7."),
            "child_decides_from": _("13 unless there is a reason; 15 at the most. Write the reason in the text."),
            "research_plan": _("Its number or name. A permission does not replace it (1050/2018, section 31)."),
            "direct_marketing": _("Whoever objects is left alone at once, and need not say why (GDPR 21(2) and (3))."),
            "guardian_too": _(
                "Only where the matter concerns the young person or their own interest or right (434/2003 14 §)."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "nature" in self.fields:
            self.fields["nature"].choices = [("", "–"), *Nature.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What rests on permission says what it permits and for how long; what rests on law does neither."""
        told = super().clean() or self.cleaned_data
        by_permission = told.get("basis") == Basis.CONSENT
        if {"basis", "nature"} <= told.keys() and by_permission == (told["nature"] == Nature.LAW):
            self.add_error("nature", _("This does not go with why it may be done."))
        if by_permission and "valid_days" in told and not told["valid_days"]:
            self.add_error("valid_days", _("A permission always has an end: write how many days it lasts."))
        if told.get("direct_marketing") and "basis" in told and not may_market(told["basis"]):
            self.add_error("direct_marketing", _("No law asks for direct marketing."))
        self._check_children(told)
        self._check_reminders(told)
        self._check_donation(told, by_permission=by_permission)
        return told

    def _check_donation(self, told: dict[str, Any], *, by_permission: bool) -> None:
        if told.get("donation") and not by_permission:
            self.add_error("donation", _("Data is given by permission only."))
        if told.get("donation") and told.get("ask_on_arrival"):
            self.add_error("ask_on_arrival", _("Who gives data comes by themselves: nobody is asked at sign-in."))
        if told.get("donation") == Donation.RESEARCH:
            for name in ("research_plan", "research_leader"):
                if not told.get(name):
                    self.add_error(name, _("Research names its plan and who is responsible for it."))

    def _check_children(self, told: dict[str, Any]) -> None:
        if told.get("child_decides_from", 0) > OWN_VOICE:
            self.add_error("child_decides_from", _("A child of fifteen answers for themselves: 15 is the most."))
        if told.get("adults_only") and told.get("guardian_too"):
            self.add_error("guardian_too", _("Where only adults are asked, no guardian answers."))

    def _check_reminders(self, told: dict[str, Any]) -> None:
        days = set(told.get("remind_days") or ())
        if not days <= set(range(1, EARLIEST.days + 1)):
            self.add_error("remind_days", _("Reminders stand from 1 to 60 days before the end."))
        if told.get("special_category") and not {30, 7} <= days:
            self.add_error("remind_days", _("Data of special categories is reminded of 30 and 7 days before the end."))


def _key(language: str, part: str) -> str:
    return f"{language}_{part}"


class ManuscriptForm(forms.Form):
    """Parts in three languages side by side, and the revision that was before the writer."""

    LABELS: ClassVar[Mapping[str, Any]]
    ROWS: ClassVar[Mapping[str, int]]

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, label in self.LABELS.items():
            for language in LANGUAGES:
                area = forms.Textarea(attrs={"rows": self.ROWS.get(part, 4), "lang": language})
                self.fields[_key(language, part)] = OneLine(
                    label=label, required=False, max_length=LONGEST_PART, widget=area, strip=False
                )

    @classmethod
    def initial_parts(cls, parts: Mapping[str, Mapping[str, str]], revision: int) -> dict[str, Any]:
        """Saved words as the form takes them."""
        told = {_key(one, part): parts.get(one, {}).get(part, "") for one in LANGUAGES for part in cls.LABELS}
        return {**told, "revision": revision}

    def row(self, part: str) -> tuple[Any, list[tuple[Any, forms.BoundField]]]:
        """(label of the part, its field in each language with the language's name)."""
        return self.LABELS[part], [(LANGUAGE_NAMES[one], self[_key(one, part)]) for one in LANGUAGES]

    def parts(self) -> dict[str, dict[str, str]]:
        """Once valid: `{language: {part: text}}`."""
        return {one: {part: self.cleaned_data[_key(one, part)] for part in self.LABELS} for one in LANGUAGES}

    def written(self) -> dict[str, Any]:
        """Once valid: all that is written, by column."""
        return {"parts": self.parts()}


class TextForm(ManuscriptForm):
    """The words of a purpose, and the data asked for."""

    LABELS = LABELS
    ROWS = {"name": 2, "summary": 3, "more": 10}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Field.objects.filter(retired_at=None, dataset__retired_at=None).select_related("dataset")
        self.offered = list(offered.order_by("dataset__register__department", "dataset__position", "position"))
        choices = [(f"{field.dataset.slug}.{field.slug}", field.label) for field in self.offered]
        for name in (NEEDED, OPTIONAL):
            self.fields[name] = forms.MultipleChoiceField(choices=choices, required=False)

    @staticmethod
    def initial_of(parts: Mapping[str, Mapping[str, str]], scope: Scope, revision: int) -> dict[str, Any]:
        """A saved text as the form takes it."""
        data = {
            name: [f"{slug}.{field}" for slug, fields in scope.items() for field in fields[name]]
            for name in (NEEDED, OPTIONAL)
        }
        return {**TextForm.initial_parts(parts, revision), **data}

    def rows(self) -> list[tuple[Any, list[tuple[Any, forms.BoundField]]]]:
        """Every part."""
        return [self.row(part) for part in LABELS]

    def data_rows(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """(name of the dataset, its fields with what is ticked)."""
        ticked = {name: {str(each) for each in self[name].value() or ()} for name in (NEEDED, OPTIONAL)}
        found: dict[str, list[dict[str, Any]]] = {}
        for field in self.offered:
            value = f"{field.dataset.slug}.{field.slug}"
            row: dict[str, Any] = {"value": value, "label": field.label}
            row |= {name: value in ticked[name] for name in (NEEDED, OPTIONAL)}
            found.setdefault(field.dataset.name, []).append(row)
        return list(found.items())

    def scope(self) -> dict[str, dict[str, list[str]]]:
        """Once valid: the data ticked."""
        found: dict[str, dict[str, list[str]]] = {}
        for name in (NEEDED, OPTIONAL):
            for value in self.cleaned_data[name]:
                slug, field = value.split(".")
                found.setdefault(slug, {NEEDED: [], OPTIONAL: []})[name].append(field)
        return found

    def written(self) -> dict[str, Any]:
        """Words and data."""
        return {**super().written(), "scope": self.scope()}


VERSIONS: Mapping[str, tuple[Change, OldAnswers]] = {
    "clarification": (Change.CLARIFICATION, OldAnswers.STAND),
    "asked_again": (Change.CHANGE, OldAnswers.ASKED_AGAIN),
    "ended": (Change.CHANGE, OldAnswers.ENDED),
}


class NewVersionForm(forms.Form):
    """What the new version is, and what becomes of old answers: nothing is chosen beforehand."""

    kind = forms.ChoiceField(
        label=_("What the new version is"),
        widget=forms.RadioSelect,
        choices=[
            ("clarification", _("A clarification: the same in clearer words. Answers stand.")),
            ("asked_again", _("A change. People are asked again; until then a yes covers what it covered.")),
            ("ended", _("A change. Every yes ends when the text is published, and people are asked again.")),
        ],
        error_messages={"required": _("Choose what the new version is.")},
    )


class StepForm(forms.Form):
    """One press: which step, of which revision, and why it is sent back."""

    step = forms.ChoiceField(choices=[(each, each) for each in ("send", "approve", "send_back", "publish")])
    revision = forms.IntegerField(min_value=1)
    reason = forms.CharField(
        label=_("What is to be mended"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
    )
