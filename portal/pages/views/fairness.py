"""Evaluations of fairness, open to everyone: what was judged, what came of it, and how to compute it again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from consents.algorithms.fairness.bundle import bundle_of
from consents.algorithms.fairness.queries import one_before, whole_evaluations
from consents.algorithms.fairness.told import told_of
from consents.algorithms.models import Evaluation
from consents.algorithms.reading import entry
from portal.i18n.languages import language_now


def _found(algorithm: str, pk: UUID) -> Evaluation:
    return get_object_or_404(whole_evaluations(), algorithm__slug=algorithm, pk=pk)


@require_safe
def fairness(request: HttpRequest, algorithm: str, pk: UUID) -> HttpResponse:
    """One published evaluation."""
    row = _found(algorithm, pk)
    described = entry(algorithm)
    name = described.now.parts[language_now()]["name"] if described else algorithm
    context = {"row": row, "name": name, "told": told_of(row, one_before(row))}
    return render(request, "pages/fairness.html", context)


@require_safe
def fairness_bundle(request: HttpRequest, algorithm: str, pk: UUID) -> HttpResponse:
    """Plan, counts, figures and the program that computes them, as a ZIP."""
    row = _found(algorithm, pk)
    answer = HttpResponse(bundle_of(row, one_before(row)), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="fairness-{algorithm}.zip"'
    return answer
