"""The GDPR API: neither a token nor anything of the person is ever said."""

import logging
from collections.abc import Iterator

import pytest

from datasources.errors import SourceFault
from tests.datasources import misbehaving as bad
from tests.datasources.gdpr_service import AINO, CODE, SECRET, GdprService, introduced


@pytest.fixture
def service() -> Iterator[GdprService]:
    with bad.served(GdprService()) as running:
        yield running


def test_no_token_and_nothing_of_the_person_is_ever_said(
    service: GdprService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, logger="httpx2")  # as portal.log_config has it
    opened = introduced(service)
    said = repr(opened.one("orders", CODE)) + repr(vars(opened)) + repr(vars(opened._tokens))
    service.trees[str(AINO)]["children"][4]["key"] = "PURCHASES"
    said += "".join(str(fault) for fault in _faults(service))
    secrets = [*service.issued, SECRET, "Trip 1", "example.org", str(AINO)]
    assert [secret for secret in secrets if secret in caplog.text] == []
    assert [secret for secret in [*secrets[:-1], "bearer"] if secret in said] == []


def _faults(service: GdprService) -> Iterator[SourceFault]:
    for says in ((403, {"detail": "Trip 1"}), (500, {"detail": "Trip 1"}), (200, {"key": "Trip 1"}), (200, ["Trip 1"])):
        service.says, service.codes["code-of-aino"] = says, AINO
        with pytest.raises(SourceFault) as fault:
            introduced(service).one("orders", CODE)
        yield fault.value
