"""Department systems that may call the API."""

import uuid

from authlib.oauth2.rfc6749 import ClientMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models

SCOPES = {
    "consents:check": "ask whether a use is allowed",
    "consents:request": "ask residents for permission",
    "data:read": "read what a resident allows, or what the law allows",
    "data:write": "send records of its own register",
    "uses:write": "tell that data were used",
    "changes:read": "follow answers as they change",
    "webhooks": "be told when answers change",
}


class Client(ClientMixin, models.Model):
    """One system of one department. It proves who it is by a key; only the public half is here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    department = models.SlugField(max_length=60)
    scopes = ArrayField(models.CharField(max_length=30), default=list)
    jwks = models.JSONField()
    switched_on = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_token_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["department", "name"]
        verbose_name = "department system"

    def __str__(self) -> str:
        return self.name

    # ---- what Authlib asks of a client -------------------------------------------------------------------------
    def get_client_id(self) -> str:
        """The id in every assertion and token."""
        return str(self.id)

    def get_allowed_scope(self, scope: str | None) -> str:
        """Of the scopes asked for, those it has; all of its own when none was named."""
        asked = scope.split() if scope else self.scopes
        return " ".join(word for word in asked if word in self.scopes)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """A signed assertion, and nothing else."""
        return method == "private_key_jwt"

    def check_grant_type(self, grant_type: str) -> bool:
        """Client credentials only."""
        return grant_type == "client_credentials"


class UsedAssertion(models.Model):
    """An assertion is used once (RFC 7523 §3); the row lives until the assertion would have expired."""

    jti_sha256 = models.BinaryField(primary_key=True, max_length=32)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="used_assertion_expires")]

    def __str__(self) -> str:
        return "used assertion"


class Reply(models.Model):
    """What a call with an Idempotency-Key was answered, for a day. `id` is the SHA-256 of client and key.

    Sealed under a key that comes from the ring and the client's own key together, which is not stored.
    """

    id = models.BinaryField(primary_key=True, max_length=32)
    client = models.UUIDField()
    fingerprint = models.BinaryField(max_length=32)
    sealed = models.BinaryField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "replies"
        indexes = [models.Index(fields=["expires_at"], name="reply_expires")]

    def __str__(self) -> str:
        return "reply"
