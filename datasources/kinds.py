"""What the log tells about registers, sources and pulls."""

from portal.ledger.kinds import EntryKind


class SourcesEntry(EntryKind):
    """Catalogue, pulls, sheets."""

    CATALOGUE_CHANGED = "datasources.catalogue_changed"
    SOURCE_CHANGED = "datasources.source_changed"
    SOURCE_TRIED = "datasources.source_tried"
    VALUES_SHOWN = "datasources.values_shown"
    PULLED = "datasources.pulled"
    PULL_FAILED = "datasources.pull_failed"
    SHEET_ARRIVED = "datasources.sheet_arrived"
    SHEET_CHANGED = "datasources.sheet_changed"
    SHEET_REMOVED = "datasources.sheet_removed"
    COPIED_AGAIN = "datasources.copied_again"
    WRONG_PERSON = "datasources.wrong_person"
