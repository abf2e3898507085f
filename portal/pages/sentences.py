"""The log in plain words: a sentence for each kind of entry, and why it was done."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consents.enums import DeskReason

# One sentence a kind; tests hold that every kind has one.
WHAT: Mapping[str, str | Promise] = {
    "people.arrived": _("You signed in here for the first time."),
    "people.signed_in": _("You signed in."),
    "people.signed_out": _("You signed out."),
    "people.became_known": _("The population register told who may act for you."),
    "people.met_at_desk": _("You were entered here at a service point."),
    "people.acted_for": _("Somebody began to act for you here."),
    "people.not_available": _("You asked for matters that are not available here."),
    "people.many_opened": _("A staff member opened more than 20 people within an hour. It is looked into."),
    "people.opening_reviewed": _("The data protection officer looked into an opening that was drawn by lot."),
    "people.sign_in_refused": _("A sign-in was refused."),
    "datasources.catalogue_changed": _("The description of the registers was changed."),
    "datasources.source_changed": _("The connection to a department system was changed."),
    "datasources.source_tried": _("The connection to a department system was tried."),
    "datasources.values_shown": _("Staff looked at your data while a department system was being connected."),
    "datasources.pulled": _("A department system was read."),
    "datasources.pull_failed": _("A department system could not be read."),
    "datasources.sheet_arrived": _("Your data was fetched here."),
    "datasources.sheet_changed": _("Your data was updated here."),
    "datasources.sheet_removed": _("Your data was removed from here."),
    "datasources.copied_again": _("Your data is copied here again, because you wanted it."),
    "datasources.wrong_person": _("A department system answered about the wrong person. The answer was thrown away."),
    "wearables.brought": _("You brought data from your watch or phone."),
    "wearables.read": _("What you brought from your watch or phone was read."),
    "wearables.not_read": _("What you brought from your watch or phone could not be read. Nothing of it was kept."),
    "wearables.chosen": _("You changed a choice about the data of your watch or phone."),
    "wearables.counted": _("The steps of a week were counted together, without anybody's own."),
    "wearables.removed": _("Data of your watch or phone was removed."),
    "consents.purpose_made": _("A new use of data was begun to be described."),
    "consents.purpose_changed": _("The description of a use of data was changed."),
    "consents.text_saved": _("A draft about the use of data was saved."),
    "consents.text_sent": _("A text about the use of data was sent for approval."),
    "consents.text_approved": _("A text about the use of data was approved."),
    "consents.text_sent_back": _("A text about the use of data was sent back to be mended."),
    "consents.purpose_closed": _("The city gave up a use of data."),
    "consents.purpose_published": _("A text about the use of data was published."),
    "consents.requested": _("You were asked for a permission."),
    "consents.given": _("You gave a permission."),
    "consents.half_given": _("A guardian gave a permission. It is not on before the other guardian gives it, too."),
    "consents.refused": _("You answered no."),
    "consents.withdrawn": _("You took a permission back."),
    "consents.changed": _("You changed what a permission covers."),
    "consents.renewed": _("You renewed a permission."),
    "consents.suspended": _("A permission was put on hold."),
    "consents.resumed": _("A permission is on again."),
    "consents.expired": _("A permission ended."),
    "consents.superseded": _("A permission ended, because what was asked changed."),
    "consents.terminated": _("A permission ended, because the city gave up the use of data."),
    "consents.checked": _("A department asked whether data may be used."),
    "consents.feed_read": _("A department system read what has changed about permissions."),
    "consents.acknowledged": _("A department system said that it has acted on a change of yours."),
    "consents.webhook_made": _("A department system asked to be told of changes at an address of its own."),
    "consents.webhook_changed": _("How a department system is told of changes was changed."),
    "consents.webhook_switched_off": _("A department system is no longer told of changes at its address."),
    "consents.webhook_removed": _("A department system gave up an address for being told of changes."),
    "consents.systems_late": _("Department systems had not said in time that they had acted on a change."),
    "consents.changes_sent": _("A department system was told what has changed about permissions."),
    "consents.disclosed": _("Your data was handed over to a department system."),
    "consents.nothing_disclosed": _("A department system asked for your data. Nothing was handed over."),
    "consents.held_back": _("The use of your data was restricted, because you asked for it."),
    "consents.end_told": _("You were told that the use of your data begins again."),
    "consents.let_go": _("The restriction of the use of your data ended."),
    "consents.use_reported": _("A department used your data in its own system."),
    "privacy.key_changed": _("A key of the portal was changed."),
    "privacy.key_moved": _("What lay under an older key of the portal was moved to the new one."),
    "privacy.key_forgotten": _("An older key of the portal was given up."),
    "privacy.removed": _("What had been kept for long enough was removed."),
    "privacy.month_removed": _("A month of the log was removed, because it had been kept for long enough."),
    "notices.choices_changed": _("Your choices of letters were changed."),
    "notices.letter_sent": _("A letter was sent to you. It said only that something waits for you here."),
    "notices.letter_failed": _("A letter to you could not be delivered."),
    "desk.opened": _("Staff opened your permissions at a service point."),
    "desk.asked_register": _("At a service point, staff asked the population register for whom you may act."),
    "desk.second_asked": _("A staff member asked a second one to agree to opening somebody who is near to them."),
    "desk.second_agreed": _("A second staff member agreed to opening somebody who is near to the one who asked."),
    "desk.refused": _("Staff at a service point could not open a person who is near to them."),
    "requests.made": _("You sent a request to the city."),
    "requests.taken": _("A staff member took your request to answer it."),
    "requests.handed_over": _("Your request was handed over to those whom it concerns."),
    "requests.extended": _("You were told that the answer to your request takes longer."),
    "requests.law_changed": _("Your request was read as a request for a document. Its day came nearer or stayed."),
    "requests.proposed": _("An answer to your request was proposed. A second person decides about it."),
    "requests.sent_back": _("The proposed answer to your request was sent back to be made better."),
    "requests.part_done": _("Staff looked in a register for what you asked for."),
    "requests.template_changed": _("A text that answers to requests begin with was changed."),
    "requests.register_taken": _("A list of requests was taken for the city’s case register. It names nobody."),
    "requests.late": _("Requests had not been answered in time."),
    "requests.opened": _("Staff opened your request to answer it."),
    "requests.answered": _("Your request was answered."),
    "requests.withdrawn": _("You took your request back."),
    "requests.corrected": _("Data that you said was wrong has changed."),
    "requests.evidence_taken": _("Staff downloaded a file that you sent with your request."),
    "requests.breach_drafted": _("The data protection officer described a breach of personal data."),
    "requests.breach_confirmed": _("A breach of personal data was confirmed. Those whom it touches are told."),
    "requests.breach_told": _("You were told that something went wrong with your data."),
    "requests.log_taken": _("You took your log along as a file."),
    "requests.copies_erased": _("Copies of your data here were erased."),
    "requests.source_erased": _("A department erased your data from its own system, because you asked."),
    "requests.source_refused": _("A department did not erase your data from its own system. It gave its reasons."),
    "requests.left": _("You left the portal."),
    "life.told": _("The city was told of a change in your life. A second staff member looks into it."),
    "life.confirmed": _("A second staff member confirmed a change in your life."),
    "life.dropped": _("A change in your life that the city was told of was dropped. Nothing was changed."),
    "life.closed": _("The account was closed because of a death."),
    "life.copies_removed": _("The copies here were removed, because the account was closed."),
    "life.moved_away": _(
        "The population register told that you moved away. You were told what happens here."
    ),
    "life.copies_ended": _("The copies here were removed, because you moved away. No new ones are made."),
    "life.code_changed": _("Your identity code was changed here. Everything else stayed as it was."),
    "requests.erased_again": _("What you had erased was erased again, after a backup was restored."),
    "requests.hold_made": _("The data protection officer held your data: it may not be erased for a time."),
    "requests.hold_confirmed": _("A second person agreed that data may not be erased for a time."),
    "requests.hold_ended": _("The hold on your data ended: it may be erased again."),
    "requests.packed": _("A package of all your data was made, because it was asked for."),
    "requests.downloaded": _("You downloaded a package of all your data."),
    "requests.refused": _("Staff could not open the question of a person who is near to them."),
    "office.looked": _("Staff looked at a page of the back office."),
    "office.name_opened": _("The data protection officer opened the name of who did something."),
    "rest.client_made": _("A department system was let in."),
    "rest.client_switched_off": _("A department system was switched off."),
    "rest.client_switched_on": _("A department system was switched on."),
    "rest.secret_made": _("A department system got a new secret."),
    "rest.secrets_ended": _("The secrets of a department system were ended."),
    "rest.client_changed": _("The rights of a department system were changed."),
    "rest.client_refused": _("A department system was refused."),
}
WHY: Mapping[str, str | Promise] = {
    "people": _("So that you see when your account was used."),
    "datasources": _("So that you can see what the city holds about you."),
    "wearables": _("So that you see what your own watch or phone has measured."),
    "consents": _("So that you decide about the use of your data."),
    "notices": _("So that you hear of what concerns you, in the way you chose."),
    "desk": _("So that a person helps you where you cannot use the service."),
    "requests": _("So that you get an answer to what you ask."),
    "requests.log_taken": _("So that you have your log with you."),
    "requests.packed": _("So that you have your data with you."),
    "requests.downloaded": _("So that you have your data with you."),
}
# Why staff opened somebody, as they are told it.
DESK_REASONS: Mapping[str, str | Promise] = {
    DeskReason.NO_SIGN_IN: _("You have no means of strong identification."),
    DeskReason.NO_DEVICE: _("You have no device or connection for it."),
    DeskReason.IN_PERSON: _("You wanted to do this with a person."),
    DeskReason.BY_POST: _("You answered by post."),
}
# What a row of the log tells of a purpose: why the data was used.
FOR_A_PURPOSE = frozenset(
    {"consents.use_reported", "consents.disclosed", "consents.nothing_disclosed", "consents.checked"}
)
# What staff do in the city's service, by the groups of the back office.
ROLES: Mapping[str, str | Promise] = {
    "desk": _("service adviser"),
    "keeper": _("register keeper"),
    "dpo": _("data protection officer"),
    "auditor": _("auditor"),
}
# What they are to the person; never a name.
OTHERS: Mapping[str, str | Promise] = {
    "guardian": _("A guardian"),
    "adult-guardian": _("The guardian of an adult"),
    "continuing-power": _("Holder of a continuing power of attorney"),
    "mandate": _("Holder of a mandate"),
}
# Done by another: not "you" but they.
BY_ANOTHER: Mapping[str, str | Promise] = {
    "consents.given": _("A permission was given for you."),
    "consents.refused": _("No was answered for you."),
    "consents.withdrawn": _("A permission was taken back for you."),
    "consents.changed": _("What a permission covers was changed for you."),
    "consents.renewed": _("A permission was renewed for you."),
    "consents.held_back": _("The use of your data was restricted, because it was asked for you."),
    "requests.made": _("A request to the city was sent for you."),
    "requests.withdrawn": _("A request that was sent for you was taken back."),
    "requests.log_taken": _("Your log was taken along as a file by whoever acts for you."),
    "requests.downloaded": _("A package of all your data was downloaded by whoever acts for you."),
}
AT_DESK: Mapping[str, str | Promise] = {
    "consents.requested": _("A question was put to you at a service point."),
    "consents.given": _("Your yes was recorded at a service point."),
    "consents.refused": _("Your no was recorded at a service point."),
    "consents.withdrawn": _("That you take a permission back was recorded at a service point."),
}
# Written down by staff, as said by whoever acts for the person.
AT_DESK_BY_ANOTHER: Mapping[str, str | Promise] = {
    "consents.given": _("A yes given for you was recorded at a service point."),
    "consents.half_given": _(
        "A guardian's yes was recorded at a service point. The permission is not on before the other guardian gives it,"
        " too."
    ),
    "consents.refused": _("A no said for you was recorded at a service point."),
    "consents.withdrawn": _("At a service point it was recorded that a permission was taken back for you."),
}
