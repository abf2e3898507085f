"""Where sealed values of this app stand: the associated data of their seals."""

from uuid import UUID

from portal.keys.seals import place


def sheet_place(person: UUID, dataset: UUID | str) -> bytes:
    """A sheet's body. For thousands, the dataset's id is written out once."""
    return place("datasources_sheet", "body", person, dataset)


def changes_place(person: UUID, dataset: UUID) -> bytes:
    """What changed in a sheet."""
    return place("datasources_sheet", "changes", person, dataset)
