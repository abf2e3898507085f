"""Numbers that staff write: of a case or of a paper, kept readable, so never an identity code."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

_CODE = re.compile(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Z]", re.IGNORECASE)
case_number = RegexValidator(r"^[\w./:-][\w ./:-]*$", _("Write the number only."))


def no_identity_code(text: str) -> None:
    """ValidationError where an identity code stands in what is kept readable."""
    if _CODE.search(text):
        raise ValidationError(_("Do not write an identity code here."))
