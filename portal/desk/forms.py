"""What staff say in the back office: of a department system, of a request, and why a name is opened."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consents.queries.offering import purposes_of
from datasources.models import Department
from portal.desk.numbers import case_number, no_identity_code
from portal.i18n.languages import language_now
from portal.outward.addresses import PointsInward
from portal.outward.fetching import NotFetched
from portal.people.models import ReviewFinding
from portal.rest.actions import Wishes
from portal.rest.keysets import NotAKeySet, NotAnAddress, fetched_keys, key_set_of
from portal.rest.models import MOST_CALLS_PER_SECOND, SCOPES, Client

# The admin adds to a form's own `fields` what it only shows.
_SAID = ("name", "scopes", "purposes", "calls_per_second", "jwks", "jwks_url")
_NO_KEYS = _(
    "These are no public keys that can be used: EC keys on P-256 and RSA keys of 2048 bits or more, each with a “kid” "
    "of its own, and never the private part."
)


class NewClientForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whose system it is; the rest is asked when that is known."""

    department = forms.ChoiceField(label=_("Department"))

    class Meta:
        model = Client
        fields = ("department", "name")
        labels: ClassVar[dict[str, Any]] = {"name": _("Name")}
        help_texts: ClassVar[dict[str, Any]] = {"name": _("As the department calls it, for instance Booking system.")}

    departments: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        living = Department.objects.filter(retired_at=None)
        shown = living if "*" in self.departments else living.filter(slug__in=self.departments)
        self.fields["department"].choices = [(row.slug, row.name) for row in shown]  # type: ignore[attr-defined]

    def wishes(self) -> Wishes:
        """Once valid: let in, and may do nothing yet."""
        return Wishes(name=self.cleaned_data["name"], scopes=[])


class ClientForm(forms.ModelForm):  # type: ignore[type-arg]
    """What it may do, how often, and how it shows who it is."""

    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    purposes = forms.MultipleChoiceField(
        label=_("Purposes"),
        help_text=_("Those that it may name. When none is ticked, it may name every purpose of its department."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=(),
    )
    calls_per_second = forms.IntegerField(
        label=_("Calls a second"),
        help_text=_("Twice as many at once. Without a number it has as many as every other system."),
        required=False,
        min_value=1,
        max_value=MOST_CALLS_PER_SECOND,
    )
    jwks = forms.JSONField(
        label=_("Public keys, pasted"),
        help_text=_("A key set (JWKS) or one key. Several hold at once, so that a system can change over."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "cols": 100, "spellcheck": "false", "class": "code"}),
        error_messages={"invalid": _("This is not JSON.")},
    )
    jwks_url = forms.CharField(
        label=_("Address of its public keys"),
        help_text=_("The keys are fetched now, and again when the system signs with a key that is not known yet."),
        required=False,
        max_length=300,
        widget=forms.URLInput(attrs={"size": 80}),
        empty_value="",
    )

    class Meta:
        model = Client
        fields = _SAID
        labels: ClassVar[dict[str, Any]] = {"name": _("Name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client: Client = self.instance
        self.fetched: dict[str, Any] = client.fetched_jwks
        self._choose("scopes", [(scope, f"{scope}: {gettext(meaning)}") for scope, meaning in SCOPES.items()])
        offered = {text.purpose.slug: text.parts[language_now()]["name"] for text in self._offered(client)}
        # What was ticked once stays to be seen, published or not.
        named = dict.fromkeys(client.purposes) | offered
        self._choose("purposes", [(slug, f"{slug}: {name}" if name else slug) for slug, name in named.items()])

    @staticmethod
    def _offered(client: Client) -> Any:
        return purposes_of(client.department)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_jwks(self) -> dict[str, Any]:
        """A set; one key alone is a set of one."""
        told = self.cleaned_data["jwks"]
        if not told:
            return {}
        try:
            return key_set_of({"keys": [told]} if isinstance(told, dict) and "kty" in told else told)
        except NotAKeySet:
            raise ValidationError(_NO_KEYS) from None

    def clean_jwks_url(self) -> str:
        """Fetched when it is new: an address that gives no keys is not kept."""
        url: str = self.cleaned_data["jwks_url"]
        if url == self.instance.jwks_url and (not url or self.fetched):
            return url
        try:
            self.fetched = fetched_keys(url) if url else {}
        except NotAnAddress:
            raise ValidationError(_("Write an address that begins with https://.")) from None
        except PointsInward:
            raise ValidationError(_("The address points inward, where the portal does not go.")) from None
        except NotFetched:
            raise ValidationError(_("No key set came from this address.")) from None
        except NotAKeySet:
            raise ValidationError(_NO_KEYS) from None
        return url

    def wishes(self) -> Wishes:
        """Once valid."""
        told = {name: self.cleaned_data[name] for name in _SAID}
        return Wishes(**told, fetched_jwks=self.fetched)


class WhyForm(forms.Form):
    """Why a name is opened, and for which case."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[
            ("asked", _("A resident asks who it was, and the request was weighed")),
            ("looked_into", _("An unusual use is looked into")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these.")},
    )
    case = forms.CharField(label=_("Number of the case"), max_length=60, validators=[case_number, no_identity_code])


class FindingForm(forms.Form):
    """What looking into an opening showed."""

    finding = forms.ChoiceField(
        label=_("What did you find?"),
        choices=ReviewFinding.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you found.")},
    )
