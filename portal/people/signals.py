"""What happens to people, for the floors above to hear."""

from django.dispatch import Signal

# Sent with `person` (UUID) and `at` after a resident's sign-in has been recorded, outside every scope.
signed_in = Signal()

# Sent alike when somebody has begun to act for `person`: what they see of them should be fresh, too.
acted_for = Signal()
