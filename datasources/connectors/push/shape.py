"""Settings and mapping of what a department sends, checked."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from datasources.protocol import settings_as, shape_as, words


class Settings(BaseModel):
    """How much may come at once."""

    model_config = ConfigDict(frozen=True)
    most_people: int = Field(
        10_000, ge=1, le=1_000_000, title=words("Most people"), description=words("In one delivery.")
    )
    most_records: int = Field(
        1000, ge=1, le=100_000, title=words("Most records"), description=words("Of one person in one delivery.")
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
    return settings_as(Settings, settings, "the deliveries")


def shape_of(dataset: str, mapping: dict[str, Any]) -> Shape:
    """The mapping of one dataset; MisSet names what is missing."""
    return shape_as(Shape, dataset, mapping)
