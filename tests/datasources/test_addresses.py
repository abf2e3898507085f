"""A source's address leads outside, or where the operator lets it; nothing else is ever connected to."""

import socket
import threading
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from datasources.addresses import connected, looked_up
from datasources.connectors.files.connector import FilesConnector
from datasources.connectors.gdpr_api.connector import GdprApiConnector
from datasources.connectors.rest.connector import RestConnector
from datasources.connectors.sql.connector import SqlConnector
from datasources.errors import MisSet, SourceFault, Unreachable
from datasources.protocol import Limits
from portal.outward import addresses
from portal.outward.addresses import is_let, let_inward

_REST = {"listing": "/a", "search": "/b", "key": "code", "columns": {"title": "title"}}
_SQL = {"table": "a", "key": "a.code", "columns": {"title": "a.title"}}
_FILE = {"file": "a.csv", "key": "code", "columns": {"title": "title"}}
KINDS = ["rest", "gdpr_api", "postgresql+psycopg", "mysql+pymysql", "files"]
_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ9l0Ig0ZqvLr0pzC7T2xX0mCq5lq5lq5lq5lq5lq5lq"


@pytest.fixture
def nowhere_inward() -> Iterator[None]:
    """As in production, where nothing was said."""
    before = addresses._inward
    let_inward([])
    yield
    addresses._inward = before


@pytest.mark.security("V1.3.6")
@pytest.mark.usefixtures("nowhere_inward")
@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",  # noqa: S104
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
        ),
        *("224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fd00::1", "ff02::1"),
        # The same in other clothes: mapped, NAT64, 6to4, Teredo.
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
        # IPv4-compatible and IPv4-translated; Teredo with an inward server or one behind it.
        *("::127.0.0.1", "::a9fe:a9fe", "::ffff:0:10.0.0.1"),
        *("2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:0:a00:1::f7f7:f7f7"),
        # Site-local, NAT64 of a local network, segments, papers.
        *("fec0::1", "feff:ffff::1", "64:ff9b:1::808:808", "64:ff9b:1:ffff::7f00:1", "5f00::1", "3fff::1"),
    ],
)
def test_inward_addresses_are_not_let(address: str) -> None:
    assert not is_let(ip_address(address))


@pytest.mark.usefixtures("nowhere_inward")
@pytest.mark.parametrize(
    "address",
    [
        *("93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"),
        *("2001:0:4136:e378::f7f7:f7f7", "2a00:1450:4026::1"),
    ],
)
def test_the_world_is_let(address: str) -> None:
    assert is_let(ip_address(address))


@pytest.mark.usefixtures("nowhere_inward")
def test_a_network_that_the_operator_names_is_let_and_its_neighbour_is_not() -> None:
    let_inward(["10.20.0.0/16", "fd00:1::/32"])
    let = {
        each: is_let(ip_address(each))
        for each in ("10.20.3.4", "10.21.0.1", "::ffff:10.20.3.4", "fd00:1::5", "fd00:2::5")
    }
    assert let == {
        "10.20.3.4": True,
        "10.21.0.1": False,
        "::ffff:10.20.3.4": True,
        "fd00:1::5": True,
        "fd00:2::5": False,
    }


def test_a_network_that_is_none_stops_the_start() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        let_inward(["the office"])


def test_a_name_that_nobody_knows_is_told() -> None:
    with pytest.raises(Unreachable, match="not known"):
        looked_up("no.such.name.invalid", 443)


def named(monkeypatch: pytest.MonkeyPatch, **known: list[str]) -> None:
    """A name server that knows `{name: addresses}` below `.example`, and the real one for the rest."""
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        each = known.get(str(host).removesuffix(".example"), [host])
        return [entry for address in each for entry in real(address, port, *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.security("V13.2.4")
@pytest.mark.usefixtures("nowhere_inward")
@pytest.mark.parametrize(
    "addresses", [["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2606:4700::1111", "fec0::1"]]
)
def test_a_name_of_which_one_address_is_inward_is_refused(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, two=addresses)
    with pytest.raises(MisSet, match="points inward"):
        looked_up("two.example", 443)


def test_each_address_of_a_name_is_told_once_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, two=["8.8.8.8", "1.1.1.1", "8.8.8.8"])
    assert looked_up("two.example", 443) == ["8.8.8.8", "1.1.1.1"]


class Listening:
    """A port that counts who connects."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.met = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                met, _ = self.socket.accept()
            except OSError:
                return
            self.met += 1
            met.close()


@pytest.fixture
def listening() -> Iterator[Listening]:
    port = Listening()
    yield port
    port.socket.close()


def _asked(kind: str, host: str, port: int) -> None:
    """Ask a source of this kind about somebody."""
    limits, code = Limits.within(2.0), "131052-308T"
    base = f"{'http' if host in ('127.0.0.1', 'localhost') else 'https'}://{host}:{port}"
    web: dict[str, Any] = {"url": base, "token_url": f"{base}/token", "client_id": "p"}
    match kind:
        case "rest":
            RestConnector(web, {"client_secret": "s"}, {"d": _REST}, limits).one("d", code)
        case "gdpr_api":
            told = web | {"audience": "a"}
            secrets = {"client_secret": "s", "ids": f'{{"{code}": "6b5ef4f5-6a0c-4f0e-9b8e-0b7c6b1f7c11"}}'}
            mapping = {"d": {"key": "A", "columns": {"a": "B"}}}
            GdprApiConnector(told, secrets, mapping, limits).one("d", code)
        case "postgresql+psycopg" | "mysql+pymysql":
            url = f"{kind}://u@{host}:{port}/d"
            SqlConnector({"url": url}, {}, {"d": _SQL}, limits).one("d", code)
        case _:
            told = {"host": host, "port": port, "user": "u", "host_key": _KEY}
            FilesConnector(told, {"password": "p"}, {"d": _FILE}, limits).one("d", code)


@pytest.mark.security("V1.3.6")
@pytest.mark.usefixtures("nowhere_inward")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_connector_goes_inward(kind: str, host: str, listening: Listening) -> None:
    with pytest.raises(MisSet, match="points inward"):
        _asked(kind, host, listening.port)
    assert listening.met == 0


@pytest.mark.parametrize("kind", KINDS)
def test_where_the_first_address_does_not_answer_the_next_is_tried(
    kind: str, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, two=["127.0.0.2", "127.0.0.1"])
    with pytest.raises(SourceFault):
        _asked(kind, "two.example", listening.port)
    assert listening.met > 0


def test_an_address_that_is_silent_leaves_time_for_the_next(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.2", listening.port), backlog=0) as silent:
        # Its queue is full: whoever comes now hears nothing.
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(silent.getsockname())
        named(monkeypatch, two=["127.0.0.2", "127.0.0.1"])
        with connected("two.example", listening.port, within=2.0) as met:
            assert met.getpeername() == ("127.0.0.1", listening.port)
        for one in waiting:
            one.close()


@pytest.mark.usefixtures("nowhere_inward")
@pytest.mark.parametrize("url", ["postgresql+psycopg:///d?host=/tmp", "sqlite:////etc/passwd"])
def test_files_and_sockets_of_this_machine_are_inward_too(url: str) -> None:
    with pytest.raises(MisSet, match="points inward"):
        SqlConnector({"url": url}, {}, {"d": _SQL}, Limits.within(2.0)).one("d", "131052-308T")


@pytest.mark.usefixtures("nowhere_inward")
def test_a_name_that_changes_its_face_between_two_looks_leads_nowhere_else(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, looks = socket.getaddrinfo, []

    def two_faced(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "rebinding.example":
            return real(host, port, *args, **kwargs)
        looks.append(host)
        # Public at first, inward ever after.
        return real("192.88.99.1" if len(looks) == 1 else "127.0.0.1", port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", two_faced)
    with pytest.raises(Exception, match=r"did not answer|does not answer|points inward"):
        _asked("rest", "rebinding.example", listening.port)
    assert listening.met == 0
