"""Tables: the catalogue, the sources, what was pulled."""

from datasources.models.catalogue import Dataset, Department, Field, Register
from datasources.models.pulls import Pull, PullKind, PullState, Sheet
from datasources.models.sources import Source

__all__ = ["Dataset", "Department", "Field", "Pull", "PullKind", "PullState", "Register", "Sheet", "Source"]
