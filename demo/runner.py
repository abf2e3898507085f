"""One resident's watch: Mikael lets the portal keep its data and brings two runs, with their routes for himself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo.browser import Form, Page
from demo.check import MainJob, NotOk
from demo.watches import apple_export, days

WHO = "mikael"
_DAYS = 6


def bring_runs(base: str, place: Path) -> None:
    """In Finnish, as a browser without script does it. A second time changes nothing. NotOk; httpx2.HTTPError."""
    job = MainJob(base, "fi", WHO, place=place)
    job.sign_in()
    page = job.page("devices/")
    if asked := _form(page, "/ask/keeping-watch-data/"):
        question = job.browser.send(page, asked)
        job.browser.send(question, question.form(with_choice="answer"), answer="yes")
        page = job.page("devices/")
    brings = _form(page, "/devices/upload/")
    if brings is None:
        raise NotOk("no file can be brought")
    first = datetime.now(UTC).date() - timedelta(days=_DAYS)
    answer = job.browser.bring(
        page, brings, "vienti.zip", apple_export(days(first, _DAYS), whose="Mikaelin"), routes="keep"
    )
    if "/devices/files/" not in answer.url:
        raise NotOk(f"bringing a file ended at {answer.status}")


def _form(page: Page, ends: str) -> Form | None:
    return next((form for form in page.forms if form.action.endswith(ends)), None)
