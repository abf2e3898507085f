"""What a page says after something was done about a maker's service."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from datasources.wearables.makers.all import MAKERS


@dataclass(frozen=True)
class Said:
    """`is_trouble`: not what the person wanted."""

    text: str | Promise
    is_trouble: bool = False


_SAID: Mapping[str, Said] = {
    "tied": Said(_("The service is connected. What it has measured comes here in a moment.")),
    "refused": Said(_("You did not give the permission there. Nothing was connected.")),
    "again": Said(_("Nothing was connected. Begin again on this page."), is_trouble=True),
    "failed": Said(
        _("The service did not answer as it should. Nothing was connected. Try again later."), is_trouble=True
    ),
    "fetching": Said(_("We are fetching what is new. Open this page again in a moment.")),
    "later": Said(_("We fetched a moment ago, or the service asks us to wait. Try again later.")),
    "cut": Said(_("The connection was ended, here and at the maker. What was fetched before is still here.")),
}
_UNHEARD = _(
    "The connection was ended here, and we can no longer fetch anything. {maker} did not answer: "
    "take the permission back in its own app, too."
)


def tie_said(told: str) -> Said | None:
    """By the word in the address; None for any other."""
    unheard = {f"unheard-{name}": maker.title for name, maker in MAKERS.items()}
    if told in unheard:
        return Said(format_lazy(_UNHEARD, maker=unheard[told]), is_trouble=True)
    return _SAID.get(told)
