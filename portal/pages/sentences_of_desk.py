"""What was written down at a service point, as the person reads it in the log."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consents.enums import DeskReason

AT_DESK: Mapping[str, str | Promise] = {
    "consents.requested": _("A question was put to you at a service point."),
    "requests.made": _("A request of yours was recorded at a service point."),
    "consents.given": _("Your yes was recorded at a service point."),
    "consents.refused": _("Your no was recorded at a service point."),
    "consents.withdrawn": _("That you take a permission back was recorded at a service point."),
}
# Written down by staff, as said by whoever acts for the person.
AT_DESK_BY_ANOTHER: Mapping[str, str | Promise] = {
    "consents.given": _("A yes given for you was recorded at a service point."),
    "consents.half_given": _(
        "A guardian's yes was recorded at a service point. The permission is not on before the other guardian gives it,"
        " too."
    ),
    "consents.refused": _("A no said for you was recorded at a service point."),
    "consents.withdrawn": _("At a service point it was recorded that a permission was taken back for you."),
}
# Why staff opened somebody, as they are told it.
DESK_REASONS: Mapping[str, str | Promise] = {
    DeskReason.NO_SIGN_IN: _("You have no means of strong identification."),
    DeskReason.NO_DEVICE: _("You have no device or connection for it."),
    DeskReason.IN_PERSON: _("You wanted to do this with a person."),
    DeskReason.BY_POST: _("You answered by post."),
}
