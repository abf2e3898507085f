"""The plan as staff write it: what is judged, by which measures and limits, and up to four columns of groups."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consents.algorithms.fairness.admin.fault_words import plan_flaw_text
from consents.algorithms.fairness.plans import (
    LANGUAGES,
    LEAST,
    MOST_COLUMNS,
    Ground,
    GroupColumn,
    Limits,
    Measure,
    NotAPlan,
    Plan,
    hold,
)
from consents.algorithms.fairness.sentences import MEASURES
from consents.algorithms.models import Algorithm
from consents.forms import LANGUAGE_NAMES

_GROUNDS = (
    (Ground.NOT_SPECIAL, _("No special-category data")),
    (Ground.CONSENT, _("9(2)(a): explicit consent")),
    (Ground.PUBLIC_INTEREST, _("9(2)(g): substantial public interest, by law")),
    (Ground.STATISTICS, _("9(2)(j): research or statistics, by law")),
)
_WORDS = {
    "about": _("What is judged, and for whom it matters"),
    "done": _("What happened to them, after “of 100 people 31 …”"),
    "why": _("Why these measures and limits"),
}
_LIMITS = {
    "difference": (_("Shares: at most so far apart"), 0.1),
    "ratio": (_("Shares: the lowest at least so much of the highest"), 0.8),
    "odds": (_("Mistakes: at most so far apart"), 0.1),
    "calibration": (_("Scores: at most so far from what came true"), 0.1),
}
_LONGEST = 1500


class PlanForm(forms.Form):
    """All of a plan but its groups."""

    algorithm = forms.ModelChoiceField(label=_("Algorithm"), queryset=Algorithm.objects.none())
    judged = forms.MultipleChoiceField(
        label=_("What is judged"), choices=MEASURES.items(), required=False, widget=forms.CheckboxSelectMultiple
    )
    crossings = forms.BooleanField(label=_("Groups that cross are judged, too"), required=False, initial=True)
    least = forms.IntegerField(label=_("The least number of people with a number of their own"), initial=LEAST)
    again_after_days = forms.IntegerField(label=_("Done again after so many days"), initial=365, max_value=3650)
    outcome = forms.CharField(label=_("Column of what the program said (0 or 1)"), max_length=40, initial="outcome")
    truth = forms.CharField(label=_("Column of what was right (0 or 1)"), max_length=40, initial="truth")
    score = forms.CharField(label=_("Column of the score (0 to 1), if there is one"), max_length=40, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=1)

    def __init__(self, *args: Any, algorithms: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, initial) in _LIMITS.items():
            self.fields[name] = forms.FloatField(label=label, initial=initial)
        for name, label in _WORDS.items():
            for language in LANGUAGES:
                widget = forms.TextInput if name == "done" else forms.Textarea(attrs={"rows": 3})
                said = _labelled(label, language)
                self.fields[f"{name}_{language}"] = forms.CharField(label=said, max_length=_LONGEST, widget=widget)
        if algorithms is None:
            del self.fields["algorithm"]
        else:
            self.fields["algorithm"].queryset = algorithms  # type: ignore[attr-defined]


class GroupForm(forms.Form):
    """One column of groups; empty where its column has no name."""

    column = forms.CharField(label=_("Column"), max_length=40, required=False)
    labels = forms.CharField(
        label=_("Its groups, one a line: value = Finnish | Swedish | English"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    ground = forms.ChoiceField(label=_("Special-category data"), choices=_GROUNDS, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("name", _("Name")), ("ground_why", _("Why that ground holds"))):
            for language in LANGUAGES:
                said = _labelled(label, language)
                self.fields[f"{name}_{language}"] = forms.CharField(label=said, max_length=500, required=False)

    def clean_labels(self) -> dict[str, dict[str, str]]:
        """{value: {language: words}}."""
        found = {}
        for line in filter(None, map(str.strip, self.cleaned_data["labels"].splitlines())):
            value, _equals, words = line.partition("=")
            told = [each.strip() for each in words.split("|")]
            if len(told) != len(LANGUAGES) or not all((value.strip(), *told)):
                raise ValidationError(_("Write each line as: value = Finnish | Swedish | English."))
            found[value.strip()] = dict(zip(LANGUAGES, told, strict=True))
        return found


def _labelled(label: Any, language: str) -> Any:
    return f"{label} ({LANGUAGE_NAMES[language]})"


class WholePlan:
    """The form and its groups, together."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        plan: Plan | None = None,
        revision: int = 1,
        algorithms: Any = None,
    ) -> None:
        initial = _initial(plan, revision) if plan else None
        self.form = PlanForm(data, initial=initial, algorithms=algorithms)
        columns = [*map(_group_initial, plan.groups)] if plan else []
        columns += [{}] * (MOST_COLUMNS - len(columns))
        self.groups = [GroupForm(data, prefix=f"g{n}", initial=columns[n]) for n in range(MOST_COLUMNS)]
        self.flaw = ""

    def plan(self) -> Plan | None:
        """What was written; None when something is wrong, which then stands at its field or in `flaw`."""
        if not all([self.form.is_valid(), *(each.is_valid() for each in self.groups)]):
            return None
        plan = _plan(self.form.cleaned_data, [each.cleaned_data for each in self.groups])
        try:
            hold(plan)
        except NotAPlan as fault:
            self.flaw = plan_flaw_text(fault)
            return None
        return plan

    @property
    def revision(self) -> int:
        """The one that was before the writer."""
        return int(self.form.cleaned_data["revision"])

    @property
    def has_errors(self) -> bool:
        """Something is to be mended."""
        return bool(self.flaw or self.form.errors or any(each.errors for each in self.groups))


def _plan(told: Mapping[str, Any], groups: list[dict[str, Any]]) -> Plan:
    return Plan(
        judged=tuple(Measure(each) for each in told["judged"]),
        limits=Limits(**{name: told[name] for name in _LIMITS}),
        groups=tuple(_groups(groups)),
        outcome=told["outcome"].strip(),
        truth=told["truth"].strip(),
        score=told["score"].strip(),
        about=_by_language(told, "about"),
        done=_by_language(told, "done"),
        why=_by_language(told, "why"),
        least=told["least"],
        crossings=told["crossings"],
        again_after_days=told["again_after_days"],
    )


def _groups(groups: list[dict[str, Any]]) -> Iterator[GroupColumn]:
    for told in groups:
        if told["column"].strip():
            why = _by_language(told, "ground_why") if told["ground"] else {}
            yield GroupColumn(told["column"].strip(), _by_language(told, "name"), told["labels"], told["ground"], why)


def _by_language(told: Mapping[str, Any], name: str) -> dict[str, str]:
    return {language: told[f"{name}_{language}"].strip() for language in LANGUAGES}


def _initial(plan: Plan, revision: int) -> dict[str, Any]:
    words = {f"{name}_{language}": getattr(plan, name)[language] for name in _WORDS for language in LANGUAGES}
    limits = {name: getattr(plan.limits, name) for name in _LIMITS}
    plain = {
        name: getattr(plan, name)
        for name in ("judged", "crossings", "least", "again_after_days", "outcome", "truth", "score")
    }
    return {**plain, **limits, **words, "judged": [each.value for each in plan.judged], "revision": revision}


def _group_initial(group: GroupColumn) -> dict[str, Any]:
    lines = [
        f"{value} = {' | '.join(words[language] for language in LANGUAGES)}" for value, words in group.labels.items()
    ]
    found = {"column": group.column, "labels": "\n".join(lines), "ground": group.ground}
    for language in LANGUAGES:
        found[f"name_{language}"] = group.name[language]
        found[f"ground_why_{language}"] = group.ground_why.get(language, "")
    return found
