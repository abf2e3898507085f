"""What the steps and the checks say of an algorithm."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from consents.admin.telling import Told, fault_text, told
from consents.algorithms import faults
from consents.algorithms.words import FACT_NAMES, PART_NAMES
from consents.lint import Finding, Report, Rule
from consents.manuscripts.faults import PublishingFault

_LAYER_NAMES: Mapping[str, Any] = {"layer1": _("What is read first"), "layer2": _("How it works")}
_OF_FAULT: Mapping[type[PublishingFault], Any] = {
    faults.NotTheDepartment: _("Only staff of the department that answers for the algorithm may do this."),
    faults.NoSuchStep: _("From its state the algorithm cannot go there."),
    faults.NotPublished: _("The algorithm has no published entry."),
    faults.ReasonsMissing: _("Write the reason in three languages."),
    faults.MustBeNamed: _("A program makes suggestions for this purpose, so it names the program’s entry."),
    faults.AutomatedByConsent: _("A permission never carries a decision that a program makes by itself."),
}


def said_of(fault: PublishingFault) -> str:
    """A sentence for whoever pressed."""
    return str(_OF_FAULT[type(fault)]) if type(fault) in _OF_FAULT else fault_text(fault)


def _in_words(finding: Finding) -> Finding:
    if finding.rule != Rule.FACTS:
        return finding
    odd = (str(FACT_NAMES.get(each, each)) for each in finding.facts["what"].split(", "))
    return replace(finding, facts={"what": ", ".join(odd)})


def report_told(report: Report) -> Told:
    """What the checks found, in the language of the page, by the names of an entry's parts and facts."""
    return told(replace(report, findings=[_in_words(each) for each in report.findings]), PART_NAMES, _LAYER_NAMES)
