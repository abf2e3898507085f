"""What a version of the rulebook consists of: facts for programs, and the same in words of three languages."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from consents.enums import Nature
from consents.rules.rights import Right, Verdict
from consents.texts import LANGUAGES, Parts, Words
from datasources.enums import Basis, CoreProcess
from datasources.transfers.package.shape import Label

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z]+([-_][a-z]+)*$", max_length=60)]
Version = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]?\.[0-9]{1,2}$")]
Group = Literal["permission", "algorithm", "receiving"]
Days = Annotated[int, Field(ge=1, le=3660)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figures(_Part):
    """The numbers that the words name: days, years of age, megabytes, minutes, seconds."""

    most_days: Days
    child_from: Annotated[int, Field(ge=0, le=18)]
    child_from_special: Annotated[int, Field(ge=0, le=18)]
    reminder_days: Days
    package_days: Days
    package_megabytes: int
    unaccepted_minutes: int
    code_seconds: int


class LabelRule(_Part):
    """A label of an item, and where the law says so (`gdpr 20(1)`)."""

    slug: Label
    law: tuple[str, ...]


class Rule(_Part):
    """A duty of a city. `parts` and `facts`: what an entry of the register of algorithms must have to meet it."""

    group: Group
    slug: Slug
    parts: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


class ModelPurpose(_Part):
    """How a city may ask: a purpose of this name rests on the same, and asks for no other data."""

    slug: Slug
    basis: Basis
    nature: Nature
    core_process: CoreProcess
    datasets: Annotated[tuple[str, ...], Field(min_length=1)]


class Facts(_Part):
    """`rulebook.toml`."""

    version: Version
    published_on: date
    figures: Figures
    label: tuple[LabelRule, ...]
    rights: Mapping[Basis, Mapping[Right, Verdict]]
    rule: tuple[Rule, ...]
    purpose: tuple[ModelPurpose, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> "Facts":
        if {each.slug for each in self.label} != set(Label) or len(self.label) != len(Label):
            raise ValueError(f"the labels are {', '.join(Label)}, each once")
        if set(self.rights) != set(Basis) or any(set(each) != set(Right) for each in self.rights.values()):
            raise ValueError("every legal basis tells every right")
        return self


class Named(_Part):
    """A rule in words."""

    name: Words
    text: Words


class Told(_Part):
    """One language's words, by group and slug; figures stand in braces, as `{most_days}`."""

    title: Words
    lead: Words
    unit: Words
    label: Mapping[Label, Named]
    permission: Mapping[str, Named]
    algorithm: Mapping[str, Named]
    receiving: Mapping[str, Named]
    data: Mapping[str, Words]
    purpose: Mapping[str, Parts]

    def rules(self, group: Group) -> Mapping[str, Named]:
        """{slug: words} of one group."""
        found: Mapping[str, Named] = getattr(self, group)
        return found


class Rulebook(_Part):
    """One version. `words`: {language: its words}, each about just what the facts name."""

    facts: Facts
    words: Mapping[str, Told]

    @model_validator(mode="after")
    def _says_all_in_each_language(self) -> "Rulebook":
        for language in LANGUAGES:
            told = self.words[language]
            for place, wanted, there in _places(self.facts, told):
                if odd := sorted(wanted ^ there):
                    raise ValueError(f"{language}.toml: {place}: {', '.join(odd)} stands in one of two files only")
        return self


def _places(facts: Facts, told: Told) -> list[tuple[str, set[str], set[str]]]:
    groups: tuple[Group, ...] = ("permission", "algorithm", "receiving")
    rules = [
        (group, {rule.slug for rule in facts.rule if rule.group == group}, set(told.rules(group))) for group in groups
    ]
    return [
        *((str(group), wanted, there) for group, wanted, there in rules),
        ("label", {each.slug.value for each in facts.label}, {each.value for each in told.label}),
        ("purpose", {each.slug for each in facts.purpose}, set(told.purpose)),
        ("data", {slug for each in facts.purpose for slug in each.datasets}, set(told.data)),
    ]
