"""The city's own description of what it holds. Texts stand in three languages (datasources/translation.py)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from datasources.enums import Basis, Connection, CoreProcess, Disclosure, FieldType, Sensitivity


class Described(models.Model):
    """An entry of the catalogue: a stable slug, a place in its list, and a date when it was retired.

    `kept_here`: a keeper made or changed it in the back office, and the catalogue's files leave it as it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("Short name"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(_("Retired"), null=True, blank=True)
    kept_here = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True
        ordering = ["position", "slug"]


class Department(Described):
    """A unit of the city (tulosyksikkö), by its official and its everyday name.

    `keeper_email`: the shared mailbox of those who keep its registers, nobody's own; letters go in `keeper_language`.
    """

    name = models.CharField(_("Name"), max_length=120)
    everyday_name = models.CharField(_("Everyday name"), max_length=60)
    description = models.TextField()
    keeper_email = models.CharField(max_length=254, blank=True, default="")
    keeper_language = models.CharField(max_length=2, default="fi")

    class Meta(Described.Meta):
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [
            models.CheckConstraint(
                name="keepers_read_a_language_of_the_portal", condition=Q(keeper_language__in=["fi", "sv", "en"])
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Register(Described):
    """A filing system (GDPR 4(6)): why it is kept, by which law, for how long, and how it can be seen."""

    department = models.ForeignKey(
        Department, verbose_name=_("Department"), on_delete=models.PROTECT, related_name="registers"
    )
    name = models.CharField(_("Name"), max_length=120)
    controllers = models.CharField(max_length=300)
    purpose = models.TextField()
    basis = models.CharField(_("Legal basis"), max_length=1, choices=Basis)
    law = models.TextField()
    retention = models.TextField()
    origin = models.TextField()
    recipients = models.TextField()
    core_process = models.CharField(max_length=20, choices=CoreProcess)
    connection = models.CharField(_("Connection"), max_length=10, choices=Connection)
    route = models.TextField(blank=True)
    reports_uses_since = models.DateField(_("Reports its uses since"), null=True, blank=True)

    class Meta(Described.Meta):
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        constraints = [
            models.CheckConstraint(
                name="only_connected_registers_report_uses",
                condition=Q(reports_uses_since=None) | Q(connection=Connection.CONNECTED),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Dataset(Described):
    """One kind of data in a register; `keep_days` is how long our copy lives without being renewed."""

    register = models.ForeignKey(
        Register, verbose_name=_("Register"), on_delete=models.PROTECT, related_name="datasets"
    )
    name = models.CharField(_("Name"), max_length=120)
    why = models.TextField()
    record_name = models.CharField(max_length=60)
    sensitivity = models.CharField(_("Sensitivity"), max_length=12, choices=Sensitivity)
    keep_days = models.PositiveSmallIntegerField(_("Days a copy is kept"), default=30)

    class Meta(Described.Meta):
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")

    def __str__(self) -> str:
        return self.name


class Field(models.Model):
    """One field of a dataset. Without a label it is not shown; `codes` is `{code: {fi, sv, en}}`.

    What is `copied` from the population register is corrected there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, verbose_name=_("Dataset"), on_delete=models.PROTECT, related_name="fields")
    slug = models.SlugField(_("Short name"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(_("Label"), max_length=80)
    type = models.CharField(_("Type"), max_length=12, choices=FieldType)
    codes = models.JSONField(default=dict, blank=True)
    disclosure = models.CharField(_("When it is shown"), max_length=14, choices=Disclosure)
    about_others = models.BooleanField(_("About others too"), default=False)
    copied = models.BooleanField(_("Copied from the population register"), default=False, db_default=False)
    retired_at = models.DateTimeField(null=True, blank=True)
    kept_here = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("field of a dataset")
        verbose_name_plural = _("fields of datasets")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "slug"], name="field_slug_is_unique_in_dataset"),
            models.CheckConstraint(
                name="what_is_about_others_is_not_shown_at_once",
                condition=Q(about_others=False) | ~Q(disclosure=Disclosure.AT_ONCE),
            ),
        ]

    def __str__(self) -> str:
        return self.slug
