"""Why a request is not met, or only in part: each ground is a sentence the person reads, and stands in one law."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.requests.enums import Law


class Ground(models.TextChoices):
    """One sentence for staff and resident alike."""

    LAW_KEEPS = "law_keeps", _("The law says that the data has to be kept.")
    ARCHIVE = "archive", _("The data is kept for archiving, research or statistics.")
    CLAIMS = "claims", _("The data is needed for a legal claim.")
    BOOKS = "books", _("The law on accounting says that the data has to be kept.")
    RIGHT = "right", _("The data was checked, and it is right.")
    DECISION = "decision", _("This is not a fact but a decision. You can claim a revised decision.")
    AT_SOURCE = "at_source", _("The data comes from another authority, which corrects it.")
    COMPELLING = "compelling", _("The city has a ground for the use that weighs more than your situation.")
    NOT_MARKETING = "not_marketing", _("The use is not direct marketing.")
    NO_CASE = "no_case", _("None of the cases that the law names is at hand.")
    OTHERS = "others", _("The data tells about somebody else, too.")
    LIMITED = "limited", _("The law limits the right to see this data.")
    UNIDENTIFIED = "unidentified", _("We could not make sure whose data it is.")
    EXCESSIVE = "excessive", _("The request is clearly without ground, or repeated again and again.")
    NOT_HELD = "not_held", _("The city does not hold such data.")
    SECRET = "secret", _("The document is secret.")
    NO_PARTY = "no_party", _("As a party you do not have the right to this document.")
    NO_DOCUMENT = "no_document", _("The city has no such document.")


# Where each stands in the law, as `Answer.law` of consents.rules.rights names places.
PLACES: Mapping[Ground, tuple[str, ...]] = {
    Ground.LAW_KEEPS: ("gdpr 17(3)(b)",),
    Ground.ARCHIVE: ("gdpr 17(3)(d)", "gdpr 89"),
    Ground.CLAIMS: ("gdpr 17(3)(e)",),
    Ground.BOOKS: ("gdpr 17(3)(b)", "1336/1997 2:10"),
    Ground.RIGHT: ("gdpr 16",),
    Ground.DECISION: ("gdpr 16", "410/2015 134"),
    Ground.AT_SOURCE: ("gdpr 16",),
    Ground.COMPELLING: ("gdpr 21(1)",),
    Ground.NOT_MARKETING: ("gdpr 21(2)",),
    Ground.NO_CASE: ("gdpr 17(1)", "gdpr 18(1)"),
    Ground.OTHERS: ("gdpr 15(4)",),
    Ground.LIMITED: ("1050/2018 34",),
    Ground.UNIDENTIFIED: ("gdpr 11(2)", "gdpr 12(6)"),
    Ground.EXCESSIVE: ("gdpr 12(5)(b)",),
    Ground.NOT_HELD: ("gdpr 15(1)",),
    Ground.SECRET: ("621/1999 24",),
    Ground.NO_PARTY: ("621/1999 11",),
    Ground.NO_DOCUMENT: ("621/1999 5",),
}
_OPENNESS = (Ground.SECRET, Ground.NO_PARTY, Ground.NO_DOCUMENT)


def grounds_of(law: Law) -> list[Ground]:
    """Those of one law only: an answer under one law never rests on the other."""
    under_openness = law is Law.OPENNESS
    return [ground for ground in Ground if (ground in _OPENNESS) == under_openness]
