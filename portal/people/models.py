"""Person is a data subject; User is a log-in, a resident's or a staff member's, never both."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Person(models.Model):
    """A data subject, logged in ever or not. What tells who it is stands sealed; `blind_index` finds it.

    `death_told_at`: by the population register. `closed_at`: the account of somebody who has died was closed; nobody
    signs in as them, acts for them or gets letters, and nothing is asked of them. `moved_away_at`: the register told
    first that they live in another municipality; `moved_step`: how far what follows is (`portal.requests.life`).
    `new_code_told_at`: the register told of another identity code, which two staff look into; the code stands sealed,
    and its one-way `new_code_mark` stays, so that it is told once. `continues_as`: two accounts of one person were
    joined, and this one, closed, is read from that one only. `split_into`: two people were kept as this one, which is
    closed and read by nobody; each has one of their own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blind_index = models.BinaryField(max_length=32, unique=True)
    index_version = models.PositiveSmallIntegerField(db_default=1)
    sealed_identity_code = models.BinaryField()
    sealed_names = models.BinaryField()
    sealed_email = models.BinaryField(null=True)
    sealed_protection = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    last_signed_in_at = models.DateTimeField(null=True)
    death_told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    moved_away_at = models.DateTimeField(null=True)
    moved_step = models.PositiveSmallIntegerField(db_default=0)
    new_code_told_at = models.DateTimeField(null=True)
    sealed_new_code = models.BinaryField(null=True)
    new_code_mark = models.BinaryField(max_length=16, null=True)
    continues_as = models.ForeignKey("self", models.PROTECT, related_name="earlier", null=True, db_index=False)
    split_into = ArrayField(models.UUIDField(), null=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="who_continues_as_another_is_closed",
                condition=Q(continues_as=None) | Q(closed_at__isnull=False) & ~Q(continues_as=F("id")),
            ),
            models.CheckConstraint(
                name="who_was_split_is_closed_and_two",
                condition=Q(split_into=None) | Q(closed_at__isnull=False, continues_as=None, split_into__len=2),
            ),
        ]
        indexes = [
            models.Index(fields=["last_signed_in_at"], name="person_last_signed_in"),
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="person_closed"),
            models.Index(
                fields=["death_told_at"],
                condition=Q(death_told_at__isnull=False, closed_at=None),
                name="person_to_be_closed",
            ),
            models.Index(
                fields=["new_code_told_at"], condition=Q(new_code_told_at__isnull=False), name="person_new_code"
            ),
            models.Index(fields=["moved_away_at"], condition=Q(moved_away_at__isnull=False), name="person_moved_away"),
            models.Index(fields=["continues_as"], condition=Q(continues_as__isnull=False), name="person_continues_as"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class UserKind(models.TextChoices):
    """Which door a log-in opens."""

    RESIDENT = "resident"
    STAFF = "staff"


class User(AbstractUser):
    """A log-in. The user name is a random UUID and the name fields stay empty; names live sealed on Person."""

    kind = models.CharField(max_length=10, choices=UserKind)
    person = models.OneToOneField(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="user")
    # Slugs of the departments a staff member works in; "*" for those who may see every department's settings and log.
    departments = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    own_index = models.BinaryField(max_length=32, null=True, blank=True)
    index_version = models.PositiveSmallIntegerField(db_default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_has_one_door",
                condition=Q(kind=UserKind.RESIDENT, person__isnull=False, is_staff=False, is_superuser=False)
                | Q(kind=UserKind.STAFF, person__isnull=True, is_superuser=False),
            ),
            models.CheckConstraint(
                name="user_carries_no_name",
                condition=Q(first_name="", last_name="", email=""),
            ),
            models.UniqueConstraint(fields=["own_index"], name="one_log_in_for_a_staff_member"),
        ]

    def __str__(self) -> str:
        return self.username


class PairwiseSubject(models.Model):
    """A person's pseudonym for one department, kept so that the department can ask by it again; only of people held."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.SlugField(max_length=60)
    subject = models.BinaryField(max_length=16)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="subjects")

    class Meta:
        constraints = [
            # Subjects differ at once, departments never do; whose it is stands beside it, so no row need be read.
            models.UniqueConstraint(
                fields=["subject", "department"], include=["person"], name="subject_is_unique_in_department"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ActingRight(models.Model):
    """One person's right to act for another, as registers told last: custody, guardianship of an adult, a mandate.

    `actor_index` is the blind index of who acts; `actor_id` their person, once they were here themselves. What bounds
    the right stands sealed under the key of the person acted for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="acting_rights")
    kind = models.CharField(max_length=16)
    actor_index = models.BinaryField(max_length=32)
    index_version = models.PositiveSmallIntegerField(db_default=1)
    actor_id = models.UUIDField(null=True)
    sealed_facts = models.BinaryField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "actor_index", "kind"], name="one_right_of_a_kind"),
        ]
        indexes = [
            models.Index(fields=["actor_id"], name="right_of_actor"),
            models.Index(fields=["told_at"], name="right_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PersonOpened(models.Model):
    """That a staff member opened a person: kept so that many openings are noticed. `mark` tells people apart, not who.

    `alarmed`: with this one they were too many.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.CharField(max_length=150)
    mark = models.BinaryField(max_length=16)
    at = models.DateTimeField()
    alarmed = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["staff", "at"], name="opened_by_staff"),
            models.Index(fields=["at"], condition=Q(alarmed=True), name="opened_too_many"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ReviewFinding(models.TextChoices):
    """What the officer found."""

    RIGHT = "right", _("There was a reason to open")
    WRONG = "wrong", _("There was no reason to open")
    ASKED = "asked", _("The department has been asked")


class OpeningReview(models.Model):
    """An opening drawn by lot for the data protection officer to look into; `entry_id` is its row of the log.

    One in a hundred is drawn when it happens, whoever opens and whomever (`portal.people.reviews`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry_id = models.UUIDField(unique=True)
    department = models.CharField(_("Department"), max_length=60)
    opened_at = models.DateTimeField(_("Opened"))
    finding = models.CharField(_("What was found"), max_length=10, choices=ReviewFinding, blank=True, default="")
    reviewed_at = models.DateTimeField(_("Looked into"), null=True)
    reviewed_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        verbose_name = _("opening drawn by lot")
        verbose_name_plural = _("openings drawn by lot")
        ordering = ["opened_at"]
        constraints = [
            models.CheckConstraint(
                name="a_review_has_its_finding",
                condition=Q(reviewed_at=None, finding="", reviewed_by="")
                | Q(reviewed_at__isnull=False) & ~Q(finding="") & ~Q(reviewed_by=""),
            ),
        ]
        indexes = [models.Index(fields=["opened_at"], condition=Q(reviewed_at=None), name="reviews_that_wait")]

    def __str__(self) -> str:
        return str(self.pk)


class SecondPerson(models.Model):
    """A staff member wants to open somebody near, and a second one has to agree. `mark` and `number` are one-way.

    `near` is `family` or `colleague`; an agreement holds for one opening.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.CharField(max_length=150)
    mark = models.BinaryField(max_length=16)
    number = models.BinaryField(max_length=32)
    reason = models.CharField(max_length=20)
    case = models.CharField(max_length=60)
    near = models.CharField(max_length=12)
    asked_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=150, blank=True, default="")
    agreed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="nobody_is_their_own_second_person", condition=~Q(agreed_by=F("asked_by"))),
            models.CheckConstraint(
                name="who_agreed_did_so_at_a_time", condition=Q(agreed_by="", agreed_at=None) | ~Q(agreed_at=None)
            ),
        ]
        indexes = [
            models.Index(fields=["number"], condition=Q(agreed_at=None), name="second_person_waited_for"),
            models.Index(fields=["asked_by", "mark"], condition=Q(used_at=None), name="second_person_agreed"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
