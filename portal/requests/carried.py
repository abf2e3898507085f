"""What a person takes along when they move: what they chose and for whom, and how another city comes for it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Leaving(models.Model):
    """The choice behind a request of the kind `move`: which items, and for which city; none: for the person.

    `items` are names of datasets, or `<name>:<id>` of what was accepted from another city. `for_receiver_only`: the
    file opens in that city alone. `digest` is the SHA-256 of the file in hex, kept when the file itself is gone; the
    file may be shown in another city until `valid_until_at`.
    """

    request = models.OneToOneField("requests.Request", models.CASCADE, primary_key=True, related_name="leaving")
    person_id = models.UUIDField(db_index=True)
    receiver = models.CharField(max_length=80, blank=True, default="")
    for_receiver_only = models.BooleanField(default=False)
    items = ArrayField(models.CharField(max_length=120))
    asked_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True, default="")
    valid_until_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("choice of what is taken along")
        verbose_name_plural = _("choices of what is taken along")
        constraints = [
            models.CheckConstraint(
                name="only_a_receiver_opens_it_alone", condition=Q(for_receiver_only=False) | ~Q(receiver="")
            ),
            models.CheckConstraint(
                name="a_file_that_was_made_has_its_time",
                condition=Q(digest="", valid_until_at=None) | ~Q(digest="") & Q(valid_until_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.request_id)


class HandOver(models.Model):
    """Another city comes for it itself: OAuth 2.0 authorization code with PKCE (RFC 6749, 7636), this city's side.

    `question`: SHA-256 of what that city asked, which is answered once. Of the code and of the token only SHA-256 is
    here. The code is bound to `client`, `redirect_uri` and `challenge`, and holds once; shown twice, it ends the token
    that was made of it (`ended_at`). The token holds until the bytes were taken whole (`fetched_at`), or its end.
    """

    request = models.OneToOneField("requests.Request", models.CASCADE, primary_key=True, related_name="hand_over")
    person_id = models.UUIDField(db_index=True)
    client = models.CharField(max_length=80)
    redirect_uri = models.CharField(max_length=300)
    challenge = models.CharField(max_length=43)
    question = models.BinaryField()
    agreed_at = models.DateTimeField()
    code = models.BinaryField()
    code_until_at = models.DateTimeField()
    code_used_at = models.DateTimeField(null=True)
    token = models.BinaryField(null=True)
    token_until_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("hand-over to another city")
        verbose_name_plural = _("hand-overs to other cities")
        constraints = [
            models.UniqueConstraint(fields=["question"], name="a_city_s_question_is_answered_once"),
            models.UniqueConstraint(fields=["code"], name="a_code_is_of_one_hand_over"),
            models.UniqueConstraint(fields=["token"], name="a_token_is_of_one_hand_over"),
            models.CheckConstraint(
                name="a_token_comes_of_a_code_and_ends",
                condition=Q(token=None, token_until_at=None)
                | Q(token__isnull=False, token_until_at__isnull=False, code_used_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["code_until_at"], condition=Q(fetched_at=None, ended_at=None), name="hand_overs_under_way"
            ),
        ]

    def __str__(self) -> str:
        return str(self.request_id)
