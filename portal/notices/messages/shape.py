"""The REST interface of Suomi.fi Messages (Suomi.fi-viestit, Digital and Population Data Services Agency).

Taken from its published description (api.messages-qa.suomi.fi/api-docs) as public client programs of other authorities
use it: `POST /v1/token` with `username` and `password`, answered with `access_token`; `POST /v1/mailboxes/active` with
`endUsers: [{id}]`, answered with `endUsersWithActiveMailbox: [{id}]`; `POST /v2/messages/electronic` with `externalId`,
`recipient.id`, `sender.serviceId` and `electronic`, answered with `messageId`, or 409 with the `messageId` of the one
that was sent before under the same `externalId`; errors carry `reason` and `validationErrors`.

Not checked against the service itself, which needs an agreement: how long a token lives (a 401 fetches another),
which code refuses a person without a mailbox (they are asked about first), the longest title and body, and whether a
429 carries `Retry-After`. Older descriptions call the token `accessToken`; both are read.
"""

from typing import Any
from uuid import UUID

import msgspec

LONGEST_TITLE = 150


class TokenAnswer(msgspec.Struct):
    """Either name."""

    access_token: str = ""
    accessToken: str = ""  # noqa: N815 - theirs

    @property
    def token(self) -> str:
        """The bearer token."""
        return self.access_token or self.accessToken


class EndUser(msgspec.Struct):
    """A person, by identity code."""

    id: str


class ActiveAnswer(msgspec.Struct):
    """Those of the people asked about who use the service."""

    endUsersWithActiveMailbox: list[EndUser] = []  # noqa: N815 - theirs


def electronic(identity_code: str, title: str, body: str, *, letter: UUID, service: str) -> dict[str, Any]:
    """The body of a message that only its reader sees, to which nobody answers, without paper."""
    return {
        "externalId": str(letter),
        "recipient": {"id": identity_code},
        "sender": {"serviceId": service},
        "electronic": {
            "title": title[:LONGEST_TITLE],
            "body": body,
            "bodyFormat": "Text",
            "attachments": [],
            "messageServiceType": "Normal",
            "replyAllowedBy": "No one",
            "visibility": "Recipient only",
            "notifications": {
                "senderDetailsInNotifications": "Organisation and service name",
                "unreadMessageNotification": {"reminder": "No reminders"},
            },
        },
    }
