"""A field for identity codes in the forms of staff."""

from typing import Any

from django import forms


class Unshown(forms.TextInput):
    """What was typed is never sent back to the page."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """As if it were empty."""
        return super().get_context(name, None, attrs)
