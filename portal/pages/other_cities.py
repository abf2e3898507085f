"""Other cities by their names, in the language in force."""

from datasources.transfers.trust.cities import trusted_cities, trusted_city
from portal.requests.leaving.question import RETURN_PATH


def receivers() -> list[tuple[str, str]]:
    """(slug, name) of every city that can open a package of ours."""
    return [(each.slug, str(each.name)) for each in trusted_cities()]


def city_named(slug: str) -> str:
    """What it is called; of one that is trusted no more, its short name."""
    found = trusted_city(slug)
    return str(found.name) if found else slug.capitalize()


def return_of(slug: str) -> str:
    """Where its answers go; empty where no city of that name is trusted."""
    found = trusted_city(slug)
    return f"{found.url}{RETURN_PATH}" if found else ""
