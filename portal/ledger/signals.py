"""What the sequencer does beside the log, for the floors above to hear."""

from django.dispatch import Signal

# Sent at each turn of the sequencer with `at`, outside every scope: whoever else numbers rows in the order of commits
# does so now, and answers how many there were.
numbering = Signal()
