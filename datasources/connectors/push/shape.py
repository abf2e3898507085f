"""Settings and mapping of what a department sends, checked."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from datasources.protocol import settings_as, shape_as, words


class Settings(BaseModel):
    """How often the system promises to send, and how much one person may have."""

    model_config = ConfigDict(frozen=True)
    promised_hours: int = Field(
        50,
        ge=1,
        le=24 * 366,
        title=words("Longest silence, in hours"),
        description=words("The system has promised to send at least this often. When it does not, that is told here."),
    )
    most_records: int = Field(
        10_000, ge=1, le=100_000, title=words("Most records"), description=words("Of one person in one dataset.")
    )


class Shape(BaseModel):
    """What each record carries: `columns` is `{field: name in the record}`; a name that is not told there is refused.

    `optional` names fields that a record may lack.
    """

    model_config = ConfigDict(frozen=True)
    columns: dict[str, str] = Field(min_length=1)
    optional: list[str] = []

    @model_validator(mode="after")
    def _optional_are_fields(self) -> "Shape":
        if not set(self.optional) <= self.columns.keys():
            raise ValueError("optional")
        return self

    @property
    def selected(self) -> list[str]:
        """The names to keep, each once."""
        return sorted(set(self.columns.values()))

    @property
    def may_lack(self) -> set[str]:
        """Names of which only optional fields are made."""
        needed = {name for field, name in self.columns.items() if field not in self.optional}
        return set(self.columns.values()) - needed


def settings_of(settings: dict[str, Any]) -> Settings:
    """MisSet names what is odd."""
    return settings_as(Settings, settings, "the system that sends")


def shape_of(dataset: str, mapping: dict[str, Any]) -> Shape:
    """The mapping of one dataset; MisSet names what is missing."""
    return shape_as(Shape, dataset, mapping)
