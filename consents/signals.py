"""What is told downward of permissions."""

from django.dispatch import Signal

# After every answer, end and question, in its transaction: `consent` as it stands now, `at`.
stands = Signal()
# Before a purpose of a city's files is published, in its transaction: `purpose`, the `slugs` of the algorithms that the
# file names, `at`.
names_algorithms = Signal()
