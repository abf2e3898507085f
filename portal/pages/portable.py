"""Whether a dataset may be taken to another service by right, and what it rests on by itself."""

from collections.abc import Mapping

from django.conf import settings

from datasources.catalogue.taking import Taking, covered, read_taking
from datasources.enums import Basis
from portal.cities import city_folder


def taking_facts() -> Mapping[str, Taking]:
    """{dataset: in what it differs from its register} of this city."""
    return read_taking(city_folder(settings.CITY))


def basis_of(dataset: str, register_basis: str) -> Basis:
    """Of the dataset itself, where the catalogue says so; else its register's."""
    fact = taking_facts().get(dataset)
    return (fact.basis if fact else None) or Basis(register_basis)


def by_right(dataset: str, register_basis: str) -> bool:
    """Article 20 covers it; everything else is the same file out of courtesy."""
    return covered(Basis(register_basis), taking_facts().get(dataset))
