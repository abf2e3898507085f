"""Use cases in the back office: what is kept and said in public, and what waits for a moderator."""

from consents.usecases.admin import cases, words

__all__ = ["cases", "words"]
