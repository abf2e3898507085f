"""A verb is a function: it is told by whom and when, and asks for other work by a name that exists."""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from celery import current_app
from django.conf import settings

from tests.house.sources import product_code

# Where verbs stand.
VERBS = {"actions", "publishing", "manuscripts", "keeping", "minding", "owing"}
# What stands among the actions without acting for someone, and why.
NOT_VERBS = {
    "consents.webhooks.owing.owe": "a step of numbering changes, each of which has its actor",
    "consents.actions.announcing.announce": "a step of what happened to data, which has its actor",
    "consents.actions.announcing.announce_answer": "a step of an answer, which has its actor",
    "consents.actions.announcing.number_announcements": "numbers changes, each of which has its actor",
    "consents.actions.asking.put_question": "by the system that asked, which is rebuilt from its id",
    "consents.actions.traces.held": "locks a row for its caller",
    "consents.actions.traces.moment": "reads",
    "consents.actions.traces.cover_nothing": "sets a row that its caller saves",
    "consents.actions.requesting.published": "reads",
    "datasources.wearables.actions.joining.join_brought": "a step of joining two accounts, which has its actor",
    "datasources.wearables.actions.routes.drop_routes": "a step of a removal that has its actor",
    "datasources.wearables.actions.routes.join_routes": "a step of joining two accounts, which has its actor",
    "portal.people.actions.marks_place": "pure",
    "portal.people.actions.sealed_names": "pure",
    "consents.algorithms.publishing.steps.by_department": "refuses, changes nothing",
    "consents.algorithms.publishing.steps.held_algorithm": "holds a row",
    "consents.manuscripts.models.promises": "pure",
    "consents.manuscripts.steps.by_officer": "refuses, changes nothing",
    "consents.manuscripts.steps.held": "holds a row",
    "consents.manuscripts.writing.held_draft": "holds a row",
    "consents.manuscripts.writing.must_pass": "reads",
    "consents.manuscripts.writing.parts_changed": "pure",
    "consents.manuscripts.writing.whole": "pure",
    "consents.publishing.differences.differences": "pure",
    "consents.publishing.differences.marked": "pure",
    "consents.publishing.drafting.linted": "reads",
    "consents.publishing.scopes.datasets_of": "reads",
    "consents.publishing.scopes.facts_of": "reads",
    "consents.publishing.scopes.parts_astray": "reads",
    "consents.publishing.scopes.put_in_force": "a step of publishing, which has its actor",
    "consents.publishing.scopes.scope_in_force": "reads",
    "consents.publishing.scopes.scope_of": "reads",
    "consents.publishing.scopes.sorted_scope": "pure",
    "consents.publishing.steps.by_department": "refuses, changes nothing",
    "consents.publishing.steps.held_purpose": "holds a row",
    "datasources.actions.brought_key.end_brought_key": "a step of a removal that has its actor",
    "datasources.actions.offers.items_of": "reads, for a trial that has its actor",
    "datasources.actions.pulls.keep_account": "writes onto a row that its caller saves",
    "datasources.actions.pulls.queue_pull": "a step of a round that has its actor",
    "datasources.actions.pulls.turn_of": "pure",
    "datasources.actions.pulls.total_on": "writes counts onto a row that its caller saves",
    "datasources.actions.reach.knock": "keeps account of a source's health, touches nobody's data",
    "datasources.actions.reach.answered": "keeps account of a source's health, touches nobody's data",
    "datasources.actions.reach.failed": "keeps account of a source's health, touches nobody's data",
    "datasources.actions.reading.take": "a step of a reading that has its actor",
    "datasources.actions.reach.place_at": "holds a lock that falls by itself, touches nobody's data",
    "datasources.actions.reach.long_place_at": "the same, of fewer locks",
    "datasources.actions.reach.is_waited_for": "reads",
    "datasources.actions.reach.place_held": "the same lock, for a while",
    "datasources.actions.values.decoded": "reads",
    "datasources.actions.values.values_of": "reads",
    "datasources.actions.values.hold_values": "a step of a trial that has its actor",
    "datasources.actions.reach.leave": "lets that lock go",
    "datasources.actions.reach.opened": "opens a connection, changes nothing",
    "consents.usecases.actions.counting.count_uses": "counts what stands in the log, each entry of which has its actor",
    "consents.usecases.actions.joining.hand_words": "a step of splitting an account, which has its actor",
    "consents.usecases.actions.joining.hand_interest": "a step of splitting an account, which has its actor",
    "consents.usecases.actions.joining.join_words": "a step of joining two accounts, which has its actor",
    "consents.usecases.actions.writing.take_away": "a step of removing or erasing, which has its actor",
    "consents.usecases.actions.writing.take_off": "a step of removing, erasing or refusing, which has its actor",
    "portal.people.actions.email_of": "reads",
    "portal.people.actions.find_or_make": "the person is not known yet; `sign_in` then tells by whom",
    "portal.people.actions.identity_code_of": "reads",
    "portal.people.actions.names_of": "reads",
    "portal.ledger.actions.record_each": "each entry tells its own time",
    "portal.ledger.actions.sequence": "numbers entries, each of which has its actor",
}


def _actions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for path, _ in product_code():
        if VERBS & {path.stem, path.parent.name}:
            module = importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == module.__name__ and not name.startswith("_"):
                    yield f"{module.__name__}.{name}", function


def test_every_action_is_told_by_whom_and_when() -> None:
    kinds = {
        name: [inspect.signature(function).parameters.get(word) for word in ("by", "at")]
        for name, function in _actions()
    }
    silent = {
        name for name, told in kinds.items() if any(each is None or each.kind is not each.KEYWORD_ONLY for each in told)
    }
    assert silent == set(NOT_VERBS)


def _rung() -> Iterator[tuple[str, ast.expr]]:
    for path, tree in product_code():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "after_commit":
                yield f"{path}:{node.lineno}", node.args[0]


def test_every_task_that_is_rung_exists() -> None:
    rung = {where: name.value if isinstance(name, ast.Constant) else None for where, name in _rung()}
    assert rung
    assert {where: name for where, name in rung.items() if name not in current_app.tasks} == {}


def test_every_scheduled_task_exists() -> None:
    scheduled = {str(row["task"]) for row in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled - set(current_app.tasks) == set()


def _tasks() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path, tree in product_code():
        if path.name == "tasks.py" and path.parts[:2] != ("portal", "jobs"):
            for node in tree.body:
                if isinstance(node, ast.FunctionDef):
                    yield f"{path}:{node.name}", node


def test_a_task_is_a_doorbell_with_keyword_ids_only() -> None:
    ids = {
        "import_id",
        "tie_id",
        "arrival_id",
        "webhook_id",
        "source_id",
        "person_id",
        "trial_id",
        "plan_id",
        "request_id",
        "event_id",
        "purpose_id",
        "outcome_id",
        "breach_id",
        "change_id",
        "evaluation_id",
        "notice_id",
        "letter_id",
        "department",
        "noted_at",
        "kind",
        "began",
        "client",
        "looks",
        "statement_id",
    }
    odd = {
        name: [*(each.arg for each in task.args.args), *({each.arg for each in task.args.kwonlyargs} - ids)]
        for name, task in _tasks()
    }
    assert {name: arguments for name, arguments in odd.items() if arguments} == {}
