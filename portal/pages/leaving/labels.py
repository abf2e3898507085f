"""What the law says of an item that somebody would take along, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from consents.rules.rights import Right, rights_of
from datasources.catalogue.moving import Moving, read_moving
from datasources.enums import Basis
from datasources.transfers.package.shape import Label
from datasources.transfers.package.texts import LABELS
from portal.cities import city_folder
from portal.pages.portable import basis_of, by_right, taking_facts
from portal.pages.rights_told import REASONS, places_told


@dataclass(frozen=True)
class Told:
    """The label of an item, why it has it, and where the law says so, in the language in force."""

    label: Label
    why: str
    law: str

    @property
    def name(self) -> str:
        """The label in words."""
        return str(LABELS[self.label])


def moving_facts() -> Mapping[str, Moving]:
    """{dataset: what the law says of it when somebody moves} of this city."""
    return read_moving(city_folder(settings.CITY))


def label_told(dataset: str, basis: str) -> Told:
    """Of a dataset of the city's: what its law says, else what it rests on and came from (GDPR 20(1), 15(3)).

    `basis`: of its register.
    """
    if (fact := moving_facts().get(dataset)) is not None:
        return Told(Label(fact.moves.value), str(fact.why), str(fact.law))
    itself, answer = taking_facts().get(dataset), rights_of(basis_of(dataset, basis))[Right.TAKE]
    if itself is not None:
        return Told(
            *(Label.RIGHT if by_right(dataset, basis) else Label.COPY, str(itself.why), places_told(("gdpr 20(1)",)))
        )
    label = Label.RIGHT if answer.may_ask else Label.COPY
    law = answer.law if answer.may_ask else ("gdpr 15(3)",)
    return Told(label, str(REASONS[answer.why]), places_told(law))


def brought_told() -> Told:
    """Of what the person brought themselves, by their permission."""
    return label_told("", Basis.CONSENT.value)


def accepted_told() -> Told:
    """Of what the person accepted from another city: they gave it themselves, by their permission."""
    why = gettext("You brought it from another city. It goes on just as it came, with that city named.")
    return Told(Label.RIGHT, why, places_told(("gdpr 20(1)",)))


def permissions_told() -> Told:
    """Of the permissions: they hold in this city only."""
    why = gettext("Your permissions are valid here only. In the new city you are asked anew.")
    return Told(Label.COPY, why, places_told(("gdpr 15(3)",)))


def others_told() -> Told:
    """Of a register that is not the city's."""
    why = gettext("The city does not hold this data and cannot hand it over. Ask whoever answers for it.")
    return Told(Label.OTHER_CONTROLLER, why, "")
