"""A connection to the broker that was given up under a message in hand says so by an error that Celery expects."""

from typing import Any

import pytest

from portal.celery import Transport, app


def test_what_is_done_on_a_connection_that_was_given_up_is_a_lost_connection() -> None:
    connection = app.connection_for_read()
    channel: Any = connection.default_channel
    assert isinstance(connection.transport, Transport)
    channel._disconnect_pools()
    connection._do_close_transport()
    with pytest.raises(connection.connection_errors, match="given up"), channel.conn_or_acquire():
        pass
    assert "redis" in app.connection_for_read().as_uri()
