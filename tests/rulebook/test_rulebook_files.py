"""A version of the rulebook holds in itself, and nothing in it changes unnoticed."""

from datetime import timedelta

import pytest
from celery.schedules import crontab

from consents.lint import Rule
from consents.rulebook.errors import NoSuchVersion, RulebookFault
from consents.rulebook.held import holds, linted
from consents.rulebook.reading import content_of, digest_of, rulebook_of, versions
from consents.rules.rights import Right, Verdict, rights_of
from consents.texts import LANGUAGES
from datasources.enums import Basis
from datasources.transfers.enums import TIDIED_EVERY
from datasources.transfers.package.shape import Label
from portal.beat import SCHEDULE
from tests.rulebook.conftest import Books


def test_every_version_holds() -> None:
    assert {version: list(holds(version)) for version in versions()} == {version: [] for version in versions()}


def test_its_labels_are_those_of_packages_and_its_rights_those_of_the_portal() -> None:
    book = rulebook_of("1.0")
    assert [each.slug for each in book.facts.label] == list(Label)
    given = {basis: {right: answer.verdict for right, answer in rights_of(basis).items()} for basis in Basis}
    told = {basis: dict(rights) for basis, rights in book.facts.rights.items()}
    assert told == given


@pytest.mark.parametrize("slug", ["earlier-school", "earlier-daycare", "earlier-sports-courses"])
def test_model_texts_pass_the_lint(slug: str) -> None:
    book = rulebook_of("1.0")
    model = next(each for each in book.facts.purpose if each.slug == slug)
    assert [found for found in linted(book, model) if found.blocks] == []


def test_versions_are_in_the_order_of_their_numbers(books: Books) -> None:
    for version in ("1.9", "1.10", "2.0"):
        books.next(version)
    (books.folder / "draft").mkdir()
    assert versions() == ["2.0", "1.10", "1.9", "1.0"]


@pytest.mark.parametrize("name", ["rulebook.toml", "fi.toml", "sv.toml", "en.toml"])
def test_one_sign_more_in_any_file_is_another_digest(name: str, books: Books) -> None:
    before, path = digest_of(content_of("1.0")), books.folder / "1.0" / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert digest_of(content_of("1.0")) != before
    assert [fault.split(";")[0] for fault in holds("1.0")] == ["it is not what was published"]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("rulebook.toml", 'version = "1.0"', 'version = "1.2"', "says that it is version 1.2"),
        ("rulebook.toml", 'slug = "stays"', 'slug = "copy"', "the labels are"),
        ("rulebook.toml", 'slug = "stays"', 'slug = "left"', "label"),
        ("rulebook.toml", 'told = "yes"\n\n[rights.b]', "\n[rights.b]", "every legal basis tells every right"),
        ("rulebook.toml", 'slug = "free"', 'slug = "freely"', "fi.toml: permission: free, freely"),
        ("rulebook.toml", "most_days = 365", "most_days = 0", "most_days"),
        ("rulebook.toml", "published_on", "made_on", "made_on"),
        ("sv.toml", "[label.stays]", "[label.gone]", "sv"),
        ("en.toml", "[algorithm.open]", "[algorithm.opened]", "en.toml: algorithm: open, opened"),
        ("fi.toml", "[purpose.earlier-school]", "[purpose.later-school]", "fi.toml: purpose"),
        ("fi.toml", 'unit = "Kaupungin yksikkö"', 'unit = ""', "unit"),
        ("fi.toml", 'unit = "', "unit = ", "fi.toml: it cannot be read"),
    ],
)
def test_what_is_not_whole_is_refused_with_its_place(name: str, old: str, new: str, said: str, books: Books) -> None:
    books.edit("1.0", name, old, new)
    with pytest.raises(RulebookFault, match=r"^1\.0") as told:
        rulebook_of("1.0")
    assert said in str(told.value)


def test_a_file_more_or_less_is_refused(books: Books) -> None:
    more = books.folder / "1.0" / "de.toml"
    more.write_text("")
    with pytest.raises(RulebookFault, match=r"de\.toml"):
        content_of("1.0")
    more.unlink()
    (books.folder / "1.0" / "sv.toml").unlink()
    with pytest.raises(RulebookFault, match=r"sv\.toml"):
        content_of("1.0")


@pytest.mark.parametrize("version", ["9.9", "..", "../1.0", "1", "01.0", "1.0/..", "", "1.0\n"])
def test_what_is_no_version_is_not_there(version: str) -> None:
    with pytest.raises(NoSuchVersion):
        content_of(version)


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("fi.toml", "Mitään ei jää ilman", "Mikäli jotakin jää ilman", Rule.HARD_WORD),
        ("sv.toml", "Uppgifterna överförs inte", "Uppgifter angående dig överförs inte", Rule.HARD_WORD),
        ("en.toml", "With them the teacher plans", "With them the teacher <b>plans", Rule.HTML),
        ("en.toml", "for {most_days} days at most", "for 400 days at most", Rule.NUMBERS),
        ("fi.toml", "enintään {package_days} päivää", "enintään {weeks} viikkoa", Rule.NUMBERS),
        ("sv.toml", "Samtycket gäller i ett år", "Samtycket gäller i två år", Rule.DURATION),
        ("en.toml", "A right to take along", "A right under the PRX", Rule.ABBREVIATION),
    ],
)
def test_a_word_that_no_purpose_may_have_no_rulebook_has(
    name: str, old: str, new: str, rule: Rule, books: Books
) -> None:
    books.edit("1.0", name, old, new)
    books.publish("1.0")
    said = list(holds("1.0"))
    assert any(f": {rule.value}: " in fault and name[:2] in fault for fault in said), said


def test_a_right_that_the_portal_does_not_give_cannot_be_promised(books: Books) -> None:
    books.edit("1.0", "rulebook.toml", 'object = "no"', 'object = "yes"')
    books.publish("1.0")
    assert list(holds("1.0")) == ["rights of 6(1)(a): “object” is promised as yes, and the portal says no."]
    assert rights_of(Basis.CONSENT)[Right.OBJECT].verdict is Verdict.NO


def test_less_than_the_portal_takes_cannot_be_said(books: Books) -> None:
    books.edit("1.0", "rulebook.toml", "package_days = 30", "package_days = 20")
    books.edit("1.0", "rulebook.toml", "package_megabytes = 200", "package_megabytes = 100")
    books.edit("1.0", "rulebook.toml", "unaccepted_minutes = 60", "unaccepted_minutes = 54")
    books.edit("1.0", "rulebook.toml", "code_seconds = 60", "code_seconds = 59")
    books.publish("1.0")
    assert list(holds("1.0")) == [
        "packages live for 30 days, and the rulebook says 20.",
        "packages of 200 megabytes are taken, and the rulebook says less.",
        "what is not accepted is gone after 55 minutes, and the rulebook says 54.",
        "a code lives for 60 seconds, and the rulebook says 59.",
    ]


def test_no_city_is_named_in_it() -> None:
    texts = "".join(content_of("1.0")[f"{language}.toml"].decode() for language in LANGUAGES)
    assert [name for name in ("Espoo", "Esbo", "Turku", "Turun", "Åbo") if name in texts] == []


def test_what_is_not_accepted_is_looked_for_as_often_as_the_limit_reckons() -> None:
    told = SCHEDULE["items of packages that were not accepted"]["schedule"]
    assert told == crontab(minute=f"*/{TIDIED_EVERY // timedelta(minutes=1)}")
