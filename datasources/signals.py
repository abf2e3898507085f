"""What is told of a person's keys to whoever seals under them."""

from django.dispatch import Signal

# The `brought` key of `person` was ended, and what it sealed is unreadable: `old` is what it was, in this moment only,
# for what is not meant to go with it; `new()` begins another.
brought_key_ended = Signal()
