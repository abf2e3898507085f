"""The register of algorithms: the list, one entry, its versions, and the files to take along. Open to everyone."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consents.algorithms.enums import AlgorithmState
from consents.algorithms.exports.forms import FORMS, OWN, as_json, as_rows, schema_of
from consents.algorithms.fairness.queries import published_evaluations
from consents.algorithms.reading import Entry, departments_there, entries, entry, listed, states_there
from consents.algorithms.sheets import changed_rows, lines_of, page_of, sections_of
from consents.texts import LANGUAGES
from portal.i18n.languages import language_now
from portal.pages.door import beside_the_public
from portal.pages.matters import entries as entries_of
from portal.pages.programs import concerned_by
from portal.pages.spreadsheets import table

_MOST_PAGES = 1000


def _number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return min(int(asked), _MOST_PAGES) if asked.isascii() and asked.isdecimal() and int(asked) > 0 else 1


@require_safe
def algorithms(request: HttpRequest) -> HttpResponse:
    """Every published entry, narrowed by state and department, a page at a time."""
    states, departments = states_there(), departments_there()
    state, department = request.GET.get("state", ""), request.GET.get("department", "")
    state = state if state in AlgorithmState.values else ""
    department = department if department in {each.slug for each in departments} else ""
    page = listed(language=language_now(), state=state, department=department, number=_number(request))
    context = {
        "lines": list(lines_of(page.rows)),
        "page": page,
        "states": [(each, AlgorithmState(each).label, count) for each, count in states.items()],
        "departments": departments,
        "state": state,
        "department": department,
        "address": "&".join(
            f"{name}={value}" for name, value in (("state", state), ("department", department)) if value
        ),
    }
    return render(request, "pages/algorithms.html", context)


def _entry(slug: str) -> Entry:
    found = entry(slug)
    if found is None:
        raise Http404
    return found


@require_safe
def algorithm(request: HttpRequest, algorithm: str) -> HttpResponse:
    """One entry, whole: what it says, which data and uses it is tied to, its states, its versions, whom to ask."""
    told = page_of(_entry(algorithm)) | {"evaluations": published_evaluations(algorithm)}
    concerned = beside_the_public(request, lambda mine: concerned_by(entries_of(mine), algorithm))
    response = render(request, "pages/algorithm.html", told | {"concerned": concerned})
    if concerned is not None:
        response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def algorithm_version(request: HttpRequest, algorithm: str, version: int) -> HttpResponse:
    """One version as it was published, with what is new in it and what is gone."""
    found = _entry(algorithm)
    by_number = {each.version: each for each in found.versions}
    if version not in by_number:
        raise Http404
    before = next((each for each in found.versions if each.version < version), None)
    this = by_number[version]
    context = {
        "entry": found,
        "name": found.now.parts[language_now()]["name"],
        "this": this,
        "words": this.parts[language_now()],
        "before": before,
        "changed": changed_rows(this, before) if before else (),
        "sections": sections_of(this),
    }
    return render(request, "pages/algorithm_version.html", context)


def _asked(request: HttpRequest) -> tuple[str, str] | None:
    """(form, language) of a file; None for others than there are."""
    form, language = request.GET.get("form", OWN), request.GET.get("lang", LANGUAGES[0])
    return (form, language) if form in FORMS and language in LANGUAGES else None


def _no_such_form() -> JsonResponse:
    told = {"error": "There is no such form or language.", "form": list(FORMS), "lang": list(LANGUAGES)}
    return JsonResponse(told, status=400)


def _table(found: list[Entry], name: str, form: str, language: str) -> HttpResponse:
    content = table(as_rows(found, form, language=language, base=settings.PUBLIC_URL))
    kept = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=kept)


@require_safe
def all_json(request: HttpRequest) -> HttpResponse:
    """/algorithms.json?form=own&lang=fi: the whole register."""
    if (asked := _asked(request)) is None:
        return _no_such_form()
    form, language = asked
    told = as_json(entries(), form, language=language, base=settings.PUBLIC_URL)
    schema = f"{settings.PUBLIC_URL}/schemas/algorithms/{form}.json"
    return JsonResponse({"form": form, "schema": schema, "entries": told}, json_dumps_params={"ensure_ascii": False})


@require_safe
def all_csv(request: HttpRequest) -> HttpResponse:
    """/algorithms.csv: the whole register as a table."""
    if (asked := _asked(request)) is None:
        return _no_such_form()
    return _table(entries(), "algorithms", *asked)


@require_safe
def one_json(request: HttpRequest, algorithm: str) -> HttpResponse:
    """/algorithms/<slug>.json: one entry, in our own form with its history."""
    if (asked := _asked(request)) is None:
        return _no_such_form()
    form, language = asked
    (told,) = as_json([_entry(algorithm)], form, language=language, base=settings.PUBLIC_URL)
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@require_safe
def one_csv(request: HttpRequest, algorithm: str) -> HttpResponse:
    """/algorithms/<slug>.csv: one entry as a table of one row."""
    if (asked := _asked(request)) is None:
        return _no_such_form()
    return _table([_entry(algorithm)], f"algorithm-{algorithm}", *asked)


@require_safe
def schema(request: HttpRequest, form: str) -> HttpResponse:
    """/schemas/algorithms/<form>.json: what one entry in that form looks like."""
    if form not in FORMS:
        raise Http404
    told = schema_of(form)
    return JsonResponse({**told, "$id": f"{settings.PUBLIC_URL}{told['$id']}"}, content_type="application/schema+json")
