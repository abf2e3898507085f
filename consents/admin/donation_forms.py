"""What staff write of a part of a donation, and of what came of given data."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.forms import LANGUAGE_NAMES
from consents.models import Purpose
from consents.publishing.scopes import OPTIONAL, scope_of
from consents.texts import LANGUAGES


class InLanguages(forms.BaseForm):
    """Fields `<language>_<part>` for each of the three languages; `parts()` once valid."""

    written: ClassVar[dict[str, tuple[Any, int]]]

    def add_languages(self) -> None:
        """One field for each language and part."""
        for language in LANGUAGES:
            for part, (label, most) in self.written.items():
                rows = {"rows": 6 if most > 300 else 1, "cols": 80}  # noqa: PLR2004 - a paragraph, not a line
                self.fields[f"{language}_{part}"] = forms.CharField(
                    label=f"{label}, {LANGUAGE_NAMES[language]}", max_length=most, widget=forms.Textarea(attrs=rows)
                )

    def parts(self) -> dict[str, dict[str, str]]:
        """As the tables keep it."""
        return {
            language: {part: self.cleaned_data[f"{language}_{part}"].strip() for part in self.written}
            for language in LANGUAGES
        }


class ModuleForm(forms.Form, InLanguages):
    """One part: its short name, the data it stands for, and its words."""

    written: ClassVar[dict[str, tuple[Any, int]]] = {"name": (_("Name"), 80), "why": (_("What it is used for"), 200)}
    slug = forms.SlugField(label=_("Short name"), max_length=60)
    fields_given = forms.MultipleChoiceField(label=_("Data"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, purpose: Purpose, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = purpose.texts.first()
        scope = scope_of(text) if text else {}
        asked = [f"{slug}.{name}" for slug, fields in scope.items() for name in fields[OPTIONAL]]
        self.fields["fields_given"].choices = [(each, each) for each in asked]  # type: ignore[attr-defined]
        self.add_languages()


class OutcomeForm(forms.Form, InLanguages):
    """Of which donation, and what came of it."""

    written: ClassVar[dict[str, tuple[Any, int]]] = {"title": (_("Title"), 120), "text": (_("What came of it"), 2000)}
    purpose = forms.ModelChoiceField(Purpose.objects.none(), label=_("Purpose"))

    def __init__(self, *args: Any, departments: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theirs = Purpose.objects.exclude(donation="").filter(department__slug__in=departments)
        self.fields["purpose"].queryset = theirs.select_related("department")  # type: ignore[attr-defined]
        self.add_languages()
