"""What is told downward of permissions."""

from django.dispatch import Signal

# After every answer, end and question, in its transaction: `consent` as it stands now, `at`.
stands = Signal()
