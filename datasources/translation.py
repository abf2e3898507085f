"""Which texts of the catalogue stand in three languages; a missing one is refused at loading, never filled in."""

from modeltranslation.translator import TranslationOptions, register

from datasources.models import Dataset, Department, Field, Register

LANGUAGES = ("fi", "sv", "en")


@register(Department)
class DepartmentTexts(TranslationOptions):
    """Names and description."""

    fields = ("name", "everyday_name", "description")
    required_languages = LANGUAGES


@register(Register)
class RegisterTexts(TranslationOptions):
    """The parts of a privacy notice."""

    fields = ("name", "controllers", "purpose", "law", "retention", "origin", "recipients", "route")
    required_languages = LANGUAGES


@register(Dataset)
class DatasetTexts(TranslationOptions):
    """What it is and why it is held."""

    fields = ("name", "why", "record_name")
    required_languages = LANGUAGES


@register(Field)
class FieldTexts(TranslationOptions):
    """The label beside a value."""

    fields = ("label",)
    required_languages = LANGUAGES
