"""What every form tells: the words of an entry by the names of the form, and who answers for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from consents.algorithms.reading import Entry
from portal.cities import city


@dataclass(frozen=True)
class Telling:
    """An entry in one language; `base` is where the portal stands."""

    entry: Entry
    language: str
    base: str

    def text(self, part: str) -> str:
        """One part; empty where the entry says nothing."""
        return str(self.entry.now.parts[self.language].get(part, ""))

    def texts(self, names: Mapping[str, str]) -> dict[str, str]:
        """`names` is {their name: our part}."""
        return {theirs: self.text(ours) for theirs, ours in names.items()}

    def joined(self, *parts: str) -> str:
        """Parts that they have one place for."""
        return together(*map(self.text, parts))

    @property
    def page(self) -> str:
        """Where everyone reads it."""
        return f"{self.base}/{self.language}/algorithms/{self.entry.algorithm.slug}/"

    @property
    def organisation(self) -> str:
        """The city."""
        return str(getattr(city().city_of, self.language))

    @property
    def department(self) -> str:
        """That answers for it."""
        return str(getattr(self.entry.algorithm.department, f"name_{self.language}"))

    @property
    def area(self) -> str:
        """Where it is used; the whole city when nothing else is said."""
        return self.entry.facts.area or str(getattr(city().name, self.language))

    @property
    def sources(self) -> list[str]:
        """The data that it reads, each with its register."""
        return [f"{each.register_name[self.language]}: {each.name[self.language]}" for each in self.entry.data]


def together(*texts: str) -> str:
    """With spaces between; what is empty is left out."""
    return " ".join(filter(None, texts))
