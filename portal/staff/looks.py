"""That somebody looked at a page of the back office, for a floor above to write down: views, not changes alone."""

from django.dispatch import Signal

# Sent with `request` within the reader's scope, after a list or a row of it was read and before it is shown.
looked = Signal()
