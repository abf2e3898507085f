"""Department systems that may call the API, and what their calls leave behind for a while."""

import hashlib
import uuid
from datetime import datetime

from authlib.oauth2.rfc6749 import ClientMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

SCOPES = {
    "consents:check": gettext_noop("ask whether a use is allowed"),
    "consents:request": gettext_noop("ask residents for permission"),
    "data:read": gettext_noop("read what a resident allows, or what the law allows"),
    "data:write": gettext_noop("send records of its own register"),
    "uses:write": gettext_noop("tell that data were used"),
    "changes:read": gettext_noop("follow answers as they change"),
    "webhooks": gettext_noop("be told when answers change"),
}
MOST_CALLS_PER_SECOND = 10_000


class Client(ClientMixin, models.Model):
    """One system of one department. It proves who it is by a key, of which only the public half is here, or a secret.

    `jwks`: keys that were pasted; `fetched_jwks`: those that `jwks_url` last gave. Each of them holds. `purposes`: the
    slugs it may name; none means all of its department. Tokens from before `tokens_from_at` hold no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("Name"), max_length=120)
    department = models.SlugField(_("Department"), max_length=60)
    scopes = ArrayField(models.CharField(max_length=30), default=list)
    purposes = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    calls_per_second = models.PositiveIntegerField(null=True, blank=True)
    jwks = models.JSONField(default=dict, blank=True)
    jwks_url = models.CharField(max_length=300, blank=True, default="")
    fetched_jwks = models.JSONField(default=dict, blank=True, editable=False)
    jwks_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    switched_on = models.BooleanField(_("Switched on"), default=True)
    tokens_from_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_token_at = models.DateTimeField(null=True, blank=True)

    # Of the assertion that is being looked at; no column.
    kid: str | None = None

    class Meta:
        ordering = ["department", "name"]
        verbose_name = _("department system that calls")
        verbose_name_plural = _("department systems that call")
        constraints = [
            models.CheckConstraint(
                condition=Q(calls_per_second=None) | Q(calls_per_second__range=(1, MOST_CALLS_PER_SECOND)),
                name="client_calls_are_counted_within_reason",
            ),
        ]

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
        """A signed assertion, or a secret in the header: what does not hold was refused before."""
        return method in {"private_key_jwt", "client_secret_basic"}

    def check_grant_type(self, grant_type: str) -> bool:
        """Client credentials only."""
        return grant_type == "client_credentials"

    def has_secret(self, secret: str, *, at: datetime) -> bool:
        """One of the secrets that hold at this moment (RFC 6749 §2.3.1)."""
        holding = Q(ends_at=None) | Q(ends_at__gt=at)
        return self.secrets.filter(holding, sha256=secret_digest(secret)).exists()


def secret_digest(secret: str) -> bytes:
    """What is kept of a secret: it has 256 random bits, so a plain SHA-256 cannot be tried out."""
    return hashlib.sha256(secret.encode()).digest()


class ClientSecret(models.Model):
    """A secret that a system shows; it was shown once. An older one ends a while after a new one is made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="secrets")
    sha256 = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return "client secret"


class UsedAssertion(models.Model):
    """An assertion is used once (RFC 7523 §3); the row lives until the assertion would have expired."""

    jti_sha256 = models.BinaryField(primary_key=True, max_length=32)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="used_assertion_expires")]

    def __str__(self) -> str:
        return "used assertion"


class RevokedToken(models.Model):
    """A token that its client gave back (RFC 7009); the row lives until the token would have expired."""

    jti = models.CharField(primary_key=True, max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="revoked_token_expires")]

    def __str__(self) -> str:
        return "revoked token"


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


class Edition(models.Model):
    """Of all that the city has described and asks: one row, which every change of that gives another number."""

    id = models.SmallIntegerField(primary_key=True)
    number = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_edition_stands")]

    def __str__(self) -> str:
        return str(self.number)
