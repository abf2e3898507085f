"""Which days are off in Finland."""

from datetime import date
from functools import cache

import holidays


@cache
def _finnish() -> holidays.HolidayBase:
    # Made when first asked: it reads the days of every country of the package.
    return holidays.country_holidays("FI")


def is_free(day: date) -> bool:
    """Public holidays, Midsummer Eve and Christmas Eve (150/1930 5 §); of years to come as well."""
    return day in _finnish()
