"""The import contracts hold, and each of them breaks when something is planted."""

from copy import deepcopy
from functools import cache
from typing import Any

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.contract import Contract

from tests.house.sources import ROOT

KINDS: dict[str, Any] = {
    "layers": LayersContract,
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "protected": ProtectedContract,
    "acyclic_siblings": AcyclicSiblingsContract,
}
PLANTED = {
    "Floors: imports fall downward": ("portal.keys.ring", "portal.ledger.actions"),
    "Rooms: nothing stands outside the plan": ("portal.odds_and_ends", "portal.env"),
    "Shelves of the apps": ("consents.actions", "consents.tasks"),
    "Shelves of the portal's rooms": ("portal.people.models", "portal.people.actions"),
    "Rules are pure: no database, request or clock": ("consents.rules", "consents.models"),
    "Rules of letters are pure": ("portal.notices.rules", "portal.notices.models"),
    "Rules of requests are pure": ("portal.requests.rules", "portal.requests.models"),
    "Rules of use cases are pure": ("consents.usecases.rules.steps", "consents.usecases.models"),
    "Carriers of letters only translate": ("portal.notices.mail", "portal.people.actions"),
    "Pages name no table": ("portal.pages.views.home", "datasources.models"),
    "Connectors only translate": ("datasources.connectors.sql.connector", "datasources.models"),
    "Connectors do not know each other": ("datasources.connectors.sql.shape", "datasources.connectors.rest.client"),
    "Rules of watches are pure": ("datasources.wearables.rules.days", "datasources.models"),
    "Formats of watches only translate": ("datasources.wearables.formats.fit.format", "datasources.wearables.rules"),
    "Formats of watches do not know each other": (
        "datasources.wearables.formats.tcx.format",
        "datasources.wearables.formats.gpx.format",
    ),
    "The made-up world stays outside": ("portal.people.actions", "demo.people"),
    "The made-up world knows the portal from outside only": ("demo.check", "portal.env"),
    "No circles": ("consents.texts", "consents.catalogue.loader"),
    "Settings are read through Django": ("portal.pages.context", "portal.settings"),
}


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph(*_read()["session_options"]["root_packages"], include_external_packages=True)


@cache
def _read() -> dict[str, Any]:
    configuration: dict[str, Any] = read_configuration(str(ROOT / "pyproject.toml"))
    return configuration


@cache
def _contracts() -> dict[str, Contract]:
    read = _read()
    return {
        options["name"]: KINDS[options["type"]](
            name=options["name"], session_options=read["session_options"], contract_options=options
        )
        for options in read["contracts_options"]
    }


def test_every_contract_has_its_planted_violation_here() -> None:
    assert set(_contracts()) == set(PLANTED)


@pytest.mark.parametrize("name", PLANTED)
def test_a_contract_holds_and_breaks_when_it_should(name: str) -> None:
    contract, planted = _contracts()[name], _graph_with(*PLANTED[name])
    held = contract.check(_graph(), verbose=False).kept
    assert (held, contract.check(planted, verbose=False).kept) == (True, False)


def _graph_with(importer: str, imported: str) -> grimp.ImportGraph:
    graph = deepcopy(_graph())
    graph.add_import(importer=importer, imported=imported, line_number=1, line_contents="planted")
    return graph
