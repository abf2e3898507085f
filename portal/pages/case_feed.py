"""What the city said of use cases, as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext

from consents.usecases.enums import CaseState
from consents.usecases.models import Statement
from consents.usecases.texts import in_language
from portal.cities import city

# A feed always tells when it changed; one with nothing in it never has.
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


class _Feed(Atom1Feed):
    """An empty feed says so by its first day, and not by the clock, so that it stays the same."""

    def latest_post_date(self) -> datetime:
        """When the newest entry changed."""
        return max((item["updateddate"] for item in self.items), default=_BEGINNING)


def feed_of(statements: Sequence[Statement], language: str, *, case: str = "") -> str:
    """The whole feed, in the language in force, which is `language`."""
    title = gettext("Use cases")
    if case and statements:
        title = f"{title}: {in_language(statements[0].case.texts, language)[0].name}"
    own = reverse("case_feed", args=[language, case]) if case else reverse("feed", args=[language])
    page = reverse("use_case", args=[case]) if case else reverse("use_cases")
    made = _Feed(
        title=f"{title}. {city().portal_name}",
        link=f"{settings.PUBLIC_URL}{page}",
        description=None,
        language=language,
        feed_url=f"{settings.PUBLIC_URL}{own}",
        feed_guid=f"{settings.PUBLIC_URL}{own}",
        author_name=str(city().city_of),
    )
    for row in statements:
        _add(made, row, language)
    return made.writeString("utf-8")


def _add(made: _Feed, row: Statement, language: str) -> None:
    text, _ = in_language(row.case.texts, language)
    step = CaseState(row.state).label if row.state else gettext("the city answered")
    made.add_item(
        title=f"{text.name}: {step}",
        link=f"{settings.PUBLIC_URL}{reverse('use_case', args=[row.case.slug])}",
        description=row.texts.get(language) or str(step).capitalize(),
        pubdate=row.said_at,
        updateddate=row.said_at,
        unique_id=f"urn:uuid:{row.pk}",
    )
