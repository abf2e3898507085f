"""The log of somebody else, as whoever acts for them reads it: "you" is the reader, never the person it is about."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.ledger.models import Entry

Sentences = Mapping[str, str | Promise]

# What the reader did for the person.
BY_READER: Sentences = {
    "people.acted_for": _("You began to act for this person."),
    "consents.given": _("You gave a permission for this person."),
    "consents.half_given": _("You gave a permission. It is not on before the other guardian gives it, too."),
    "consents.refused": _("You answered no for this person."),
    "consents.withdrawn": _("You took a permission back for this person."),
    "consents.changed": _("You changed what a permission covers."),
    "consents.renewed": _("You renewed a permission for this person."),
    "consents.errand_begun": _("A department's service led you here to a question about this person."),
    "transfers.asked": _("You asked for this person's data from another city."),
    "transfers.brought": _("You brought a package of this person's data from another city."),
    "transfers.accepted": _("You accepted data of this person from another city. It is kept here."),
    "transfers.declined": _("You did not accept data of this person from another city."),
    "transfers.undone": _("You undid an answer about data of this person from another city."),
    "requests.made": _("You sent a request to the city."),
    "requests.withdrawn": _("You took the request back."),
    "requests.log_taken": _("You took this log along as a file."),
    "requests.downloaded": _("You downloaded a package of this person's data."),
    "requests.move_taken": _("You downloaded data of this person to take along."),
    "requests.handed_to_city": _("You handed over data of this person to another city: %(city)s."),
}
# What the person, another who may act for them, or the city did.
OF_ANOTHER: Sentences = {
    "people.arrived": _("The person signed in here for the first time."),
    "people.signed_in": _("The person signed in."),
    "people.signed_out": _("The person signed out."),
    "people.became_known": _("The population register told who may act for this person."),
    "people.met_at_desk": _("The person was entered here at a service point."),
    "people.acted_for": _("Somebody began to act for this person."),
    "people.not_available": _("The person asked for matters that are not available here."),
    "datasources.values_shown": _("Staff looked at the data while a department system was being connected."),
    "datasources.sheet_arrived": _("The data was fetched here."),
    "datasources.sheet_changed": _("The data was updated here."),
    "datasources.sheet_removed": _("The data was removed from here."),
    "datasources.copied_again": _("The data is copied here again, because the person wanted it."),
    "consents.requested": _("The person was asked for a permission."),
    "consents.given": _("A permission was given."),
    "consents.refused": _("The answer was no."),
    "consents.withdrawn": _("A permission was taken back."),
    "consents.ended_joined": _("A permission or a question ended, because two accounts of the person were joined."),
    "consents.ended_other_answer": _(
        "A permission ended, because two accounts of the person were joined. The no given in the other account holds."
    ),
    "consents.changed": _("What a permission covers was changed."),
    "consents.renewed": _("A permission was renewed."),
    "consents.errand_begun": _("A department's service led somebody here to a question about this person."),
    "consents.errand_told": _("A department's service was told only whether its question had been answered."),
    "desk.opened": _("Staff opened the person's permissions at a service point."),
    "desk.asked_register": _("At a service point, staff asked the population register for whom the person may act."),
    "transfers.asked": _("The data was asked for from another city."),
    "transfers.not_fetched": _("The data was not fetched from another city. Nothing of it was kept."),
    "transfers.fetched": _("A package of the data was fetched from another city."),
    "transfers.brought": _("A package of the data was brought from another city."),
    "transfers.checked": _("A package from another city was checked. It was in order and waited for answers."),
    "transfers.turned_away": _("A package from another city was not taken in. Nothing of it was kept."),
    "transfers.accepted": _("Data from another city was accepted. It is kept here."),
    "transfers.declined": _("Data from another city was not accepted."),
    "transfers.undone": _("An answer about data from another city was undone."),
    "transfers.rest_gone": _("What was not accepted from another city was removed."),
    "transfers.removed": _("Data from another city was removed."),
    "requests.made": _("A request was sent to the city."),
    "requests.taken": _("A staff member took the request to answer it."),
    "requests.handed_over": _("The request was handed over to those whom it concerns."),
    "requests.paused": _("It was told that the time to answer the request stands still."),
    "requests.goes_on": _("The time to answer the request runs again."),
    "requests.extended": _("It was told that the answer to the request takes longer."),
    "requests.law_changed": _(
        "The request was read as a request for a document. Its last day came earlier or stayed the same."
    ),
    "requests.proposed": _("An answer to the request was proposed. A second person decides about it."),
    "requests.sent_back": _("The proposed answer to the request was sent back to be made better."),
    "requests.part_done": _("Staff looked in a register for what was asked for."),
    "requests.opened": _("Staff opened the request to answer it."),
    "requests.answered": _("The request was answered."),
    "requests.withdrawn": _("The request was taken back."),
    "requests.breach_told": _("The person was told that something went wrong with the data."),
    "requests.corrected": _("Data that was said to be wrong has changed."),
    "requests.evidence_taken": _("Staff downloaded a file that was sent with the request."),
    "requests.copies_erased": _("Copies of the data here were erased."),
    "requests.source_erased": _("A department erased the data from its own system."),
    "requests.source_refused": _("A department did not erase the data from its own system. It gave its reasons."),
    "requests.left": _("The person left the portal."),
    "life.heard": _("The population register told of another identity code of the person. Two officers look into it."),
    "life.codes_shown": _("An officer saw the person’s identity code and the one that the register told."),
    "life.told": _("The city was told of a change in the person’s life. A second staff member looks into it."),
    "life.confirmed": _("A second staff member confirmed a change in the person’s life."),
    "life.dropped": _("A change in the person’s life that the city was told of was dropped. Nothing was changed."),
    "life.closed": _("The account was closed because of a death."),
    "life.copies_removed": _("The copies here were removed, because the account was closed."),
    "life.moved_away": _("The population register told that the person moved away."),
    "life.copies_ended": _("The copies here were removed, because the person moved away. No new ones are made."),
    "people.made_apart": _("An account of the person’s own was made, because another one held two people."),
    "life.shut": _("The account was shut, until it is clear whose it is."),
    "life.opened": _("The account was opened again. Nothing in it was changed."),
    "life.sorted": _("An officer wrote down whose the things in the account are."),
    "life.split": _("The account held two people and was closed. Each has an account of their own."),
    "life.begun": _("The person’s account was parted from one that held somebody else, too."),
    "life.unknown_asker": _(
        "It could not be found out who had asked some of what was asked in the shared account. It was closed without "
        "an answer, and can be asked again."
    ),
    "life.lapsed": _("Nobody confirmed that the account holds two people. It is open, and permissions stay on hold."),
    "life.joined": _("Two accounts of the person were joined into this one. Permissions of the other ended."),
    "life.continued": _("This account was closed and joined to the person’s other account."),
    "life.code_changed": _("The person’s identity code was changed here. Everything else stayed as it was."),
    "requests.erased_again": _("What had been erased was erased again, after a backup was restored."),
    "requests.hold_made": _("The data protection officer held the data: it may not be erased for a time."),
    "requests.hold_confirmed": _("A second person agreed that data may not be erased for a time."),
    "requests.hold_ended": _("The hold on the data ended: it may be erased again."),
    "requests.log_taken": _("This log was taken along as a file."),
    "requests.packed": _("A package of the data was made, because it was asked for."),
    "requests.downloaded": _("A package of the data was downloaded."),
    "requests.move_packed": _("A file of data to take along was made."),
    "requests.move_taken": _("Data to take along was downloaded."),
    "requests.handed_to_city": _("Data was handed over to another city: %(city)s."),
    "requests.fetched_by_city": _("Another city fetched the data: %(city)s."),
    "requests.not_fetched": _("Another city did not fetch the data: %(city)s. It was removed."),
    "requests.code_shown_twice": _(
        "The code for data handed over to another city was shown twice. Nothing was given, and the data was removed."
    ),
    "consents.disclosed": _("The data was handed over to a department system."),
    "consents.nothing_disclosed": _("A department system asked for the data. Nothing was handed over."),
    "consents.held_back": _("The use of the data was restricted."),
    "consents.end_told": _("The person was told that the use of the data begins again."),
    "consents.let_go": _("The restriction of the use of the data ended."),
    "consents.use_reported": _("A department used the data in its own system."),
    "consents.algorithm_used": _("An algorithm used the data."),
    "consents.algorithm_given": _("The data was handed over for an algorithm."),
    "consents.algorithm_refused": _("An algorithm was used although there was an objection. It was not accepted."),
    "notices.choices_changed": _("The choices of letters were changed."),
    "notices.letter_sent": _("A letter was sent to the person. It said only that something waits here."),
    "notices.letter_failed": _("A letter to the person could not be delivered."),
}
# What staff wrote down, whoever said it.
OF_ANOTHER_AT_DESK: Sentences = {
    "requests.made": _("A request of theirs was recorded at a service point."),
    "consents.requested": _("A question was put at a service point."),
    "consents.given": _("A yes was recorded at a service point."),
    "consents.half_given": _(
        "One guardian's yes was recorded at a service point. The permission is not on before the other guardian gives"
        " it, too."
    ),
    "consents.refused": _("A no was recorded at a service point."),
    "consents.withdrawn": _("At a service point it was recorded that a permission was taken back."),
}
WHY_OF_ANOTHER: Sentences = {
    "people": _("So that it is seen who was here."),
    "datasources": _("So that it is seen what the city holds about the person."),
    "transfers": _("So that the data is at hand in this city."),
    "consents": _("So that the use of the data is decided."),
    "notices": _("So that the person hears of what concerns them."),
    "desk": _("So that a person helps where the service cannot be used."),
    "requests": _("So that what was asked gets an answer."),
    "requests.log_taken": _("So that you have this log with you."),
    "requests.packed": _("So that you have the data with you."),
    "requests.downloaded": _("So that you have the data with you."),
    **dict.fromkeys(("requests.move_packed", "requests.move_taken"), _("So that you have the data with you.")),
    **dict.fromkeys(
        ("requests.handed_to_city", "requests.fetched_by_city", "requests.not_fetched", "requests.code_shown_twice"),
        _("So that the data moves to the city that was chosen."),
    ),
}


def is_of_another(entry: Entry, reader: UUID) -> bool:
    """The entry stands in the log of somebody for whom the reader acts."""
    return entry.subject is not None and entry.subject != reader
