"""Messages to the systems of departments: signed, sent until they arrive, after Standard Webhooks 1.0.0."""
