"""How a source is reached, and what is read from it."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError as Unfit

from datasources.catalogue.files import MappingFile
from datasources.enums import ConnectorKind, KeepsFor
from datasources.errors import SecretsWanted
from datasources.forms.catalogue import KEPT_HELP
from datasources.forms.mapping import WrittenAsJson, mapping_of
from datasources.forms.settings import field_of, secret_names, settings_model
from datasources.models import Source
from datasources.queries.sources import read_elsewhere, secrets_of, secrets_with
from datasources.queries.trials import was_tried

SETTING = "setting_"


class NewSourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whose system it is and how it is reached; the rest is asked when that is known."""

    class Meta:
        model = Source
        fields = ("department", "slug", "kind")


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A source's settings, each a field of its own; its secrets, which are never shown; and its mapping.

    After `is_valid`, `settings` and `mapping` are what the source is to have, `secrets` those that were written.
    """

    mapping = WrittenAsJson(
        label=_("What is read"),
        help_text=_("For each dataset: where it lies, the identity code’s column, and which columns are which fields."),
        rows=24,
    )
    settings: dict[str, Any]
    secrets: dict[str, str]

    class Meta:
        model = Source
        fields = (
            *("live", "quiet_from", "quiet_until", "most_in_flight", "keeps_for", "keeps_for_ground"),
            *("switched_on", "mapping", "kept_here"),
        )
        labels: ClassVar[dict[str, Any]] = {
            "switched_on": _("Switched on"),
            "live": _("Asked while a resident waits"),
            "quiet_from": _("Quiet from"),
            "quiet_until": _("Quiet until"),
            "most_in_flight": _("Asked by so many at once"),
            "keeps_for": _("Copies are kept of"),
            "keeps_for_ground": _("Ground for keeping copies of everyone"),
            "kept_here": _("Kept here"),
        }
        help_texts: ClassVar[dict[str, Any]] = {"kept_here": KEPT_HELP}
        widgets: ClassVar[dict[str, Any]] = {"keeps_for_ground": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Without what every mapping has when nothing is said.
        parts = {name: MappingFile.model_validate(part) for name, part in self.instance.mapping.items()}
        self.initial["mapping"] = {name: part.model_dump(exclude_defaults=True) for name, part in parts.items()}

    def clean_mapping(self) -> dict[str, Any]:
        """Each dataset is one of the department's, names its fields, and is what the connector can read."""
        told = self.cleaned_data["mapping"] or {}
        if not isinstance(told, dict):
            raise ValidationError(_("Write an object with a part for each dataset."))
        return {dataset: mapping_of(self.instance, dataset, part) for dataset, part in told.items()}

    def clean(self) -> dict[str, Any]:
        """Settings and secrets together are what the connector takes; faults stand beside their fields."""
        cleaned = super().clean() or self.cleaned_data
        told = {name.removeprefix(SETTING): value for name, value in cleaned.items() if name.startswith(SETTING)}
        hidden = secret_names(self.instance.kind)
        written = {name: value for name, value in told.items() if name in hidden and value}
        beside = {name: value for name, value in self.instance.settings.items() if name not in told}
        self.settings = beside | self._decided({name: told[name] for name in told.keys() - hidden})
        self.secrets = self._allowed(written)
        try:
            settings_model(self.instance.kind).model_validate(self.settings | secrets_of(self.instance) | self.secrets)
        except Unfit as fault:
            self._tell(fault)
        if ConnectorKind(self.instance.kind).is_only_asked and not cleaned.get("live"):
            self.add_error("live", _("This kind of system is only asked about a person while they are here."))
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None):
            self.add_error("quiet_until", _("Quiet hours have a beginning and an end."))
        if cleaned.get("switched_on") and not self.instance.switched_on and not self._was_tried(cleaned):
            self.add_error("switched_on", _("Make a dry run of what stands here, and see that it ends well."))
        if cleaned.get("switched_on") and (other := read_elsewhere(self.instance, cleaned.get("mapping") or {})):
            said = _("%(source)s reads this already: %(datasets)s. Switch it off first.")
            self.add_error("switched_on", said % {"source": other.source, "datasets": ", ".join(other.datasets)})
        if cleaned.get("keeps_for") == KeepsFor.ALL and not cleaned.get("keeps_for_ground"):
            self.add_error("keeps_for_ground", _("Write the ground: it is shown to everyone."))
        return cleaned

    def _allowed(self, written: dict[str, str]) -> dict[str, str]:
        """The secrets that were written; faults where one is missing, or stands where everybody reads it."""
        try:
            secrets_with(self.instance, written, settings=self.settings)
        except SecretsWanted as fault:
            for name in fault.names:
                self.add_error(f"{SETTING}{name}", _("The system has moved: write this anew."))
        for name, value in self.settings.items():
            if isinstance(value, str) and _holds_password(value):
                self.add_error(f"{SETTING}{name}", _("Write the password in its own field: there it is never shown."))
        return written

    def _decided(self, told: dict[str, Any]) -> dict[str, Any]:
        """What was filled in. An empty field has its default, and so has one that was left at it."""
        fields, held = settings_model(self.instance.kind).model_fields, self.instance.settings
        filled = {name: value for name, value in told.items() if value not in ("", None)}
        return {name: value for name, value in filled.items() if name in held or value != fields[name].default}

    def _was_tried(self, cleaned: dict[str, Any]) -> bool:
        source = self.instance
        held = secrets_of(source)
        same = (self.settings, held | self.secrets) == (source.settings, held)
        return same and cleaned.get("mapping") == source.mapping and was_tried(source)

    def _tell(self, fault: Unfit) -> None:
        """Beside each field that is wrong; a rule over several above all. Never what was written: it may be secret."""
        for error in fault.errors(include_input=False, include_context=False, include_url=False):
            name = f"{SETTING}{error['loc'][0]}" if error["loc"] else ""
            missing = error["type"] in ("missing", "string_too_short")
            sentence = _("Fill this in.") if missing else _("This cannot be used: see what it says beside the field.")
            several = [f"{SETTING}{each}" for each in _plain(error["msg"]).split(", ")]
            if name in self.fields:
                self.add_error(name, sentence)
            elif all(each in self.fields for each in several):
                for each in several:
                    self.add_error(each, _("Fill this in."))
            else:
                self.add_error(None, gettext("These do not go together: %(what)s.") % {"what": _plain(error["msg"])})


def source_form(source: Source) -> type[SourceForm]:
    """The form of this source: a field for each setting of its kind."""
    held = secrets_of(source)
    fields = {
        f"{SETTING}{name}": field_of(name, info, source.settings, held=name in held)
        for name, info in settings_model(source.kind).model_fields.items()
    }
    return type("SourceForm", (SourceForm,), fields)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").rstrip(".")


def _holds_password(value: str) -> bool:
    try:
        return bool(urlsplit(value).password)
    except ValueError:
        return False
