"""Is a text plain, whole and the same in three languages? Pure: no database, no request, no clock."""

from consents.lint.findings import SENTENCE, Facts, Finding, Rule, Texts
from consents.lint.report import PARTS, Report, lint

__all__ = ["PARTS", "SENTENCE", "Facts", "Finding", "Report", "Rule", "Texts", "lint"]
