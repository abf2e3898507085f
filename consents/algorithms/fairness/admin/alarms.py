"""What the front page of the back office warns of: an evaluation that is due, was worse, or waits for somebody."""

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from consents.algorithms.enums import EvaluationState
from consents.algorithms.fairness.judging import Change, drift
from consents.algorithms.fairness.queries import has_failed, is_due, newest_of_working, one_before
from consents.algorithms.fairness.steps import is_lost
from consents.algorithms.models import Evaluation
from portal.i18n.dates import day_text
from portal.staff.alarms import Alarm, rings

_WAITED_LONG = timedelta(days=14)


@rings
def evaluations_to_mind(request: HttpRequest) -> Iterator[Alarm]:
    """To whoever may see evaluations; a system that is paused or given up warns of nothing."""
    if not request.user.has_perm("algorithms.view_evaluation"):
        return
    for row in newest_of_working():
        yield from (Alarm(sentence, _page(row)) for sentence in _said(row))
    for row in Evaluation.objects.filter(state=EvaluationState.WAITING).select_related("algorithm"):
        if is_lost(row, at=timezone.now()):
            lost = gettext("The file of an evaluation of %(algorithm)s was not counted within an hour. Bring it again.")
            yield Alarm(lost % {"algorithm": row.algorithm.slug}, _page(row))
    late = timezone.now() - _WAITED_LONG
    waiting = Evaluation.objects.filter(state=EvaluationState.COMPUTED, computed_at__lt=late).select_related(
        "algorithm"
    )
    told = gettext("An evaluation of %(algorithm)s has waited for its second person for more than two weeks.")
    for row in waiting:
        yield Alarm(told % {"algorithm": row.algorithm.slug}, _page(row))


def _said(row: Evaluation) -> Iterator[str]:
    words = {"algorithm": row.algorithm.slug, "day": day_text(row.due_on) if row.due_on else ""}
    if is_due(row, today=timezone.localdate()):
        yield gettext("%(algorithm)s: the next evaluation of fairness has been due since %(day)s.") % words
    if has_failed(row):
        yield gettext("%(algorithm)s is in use, and its last evaluation of fairness was over a limit.") % words
    before = one_before(row)
    old = before.figures if before else None
    if row.figures and old and any(each.change is Change.WORSE for each in drift(row.figures, old)):
        yield gettext("%(algorithm)s: groups lie further apart than in the evaluation before.") % words


def _page(row: Evaluation) -> str:
    return reverse("admin:algorithms_evaluation_change", args=[row.pk])
