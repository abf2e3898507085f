"""Classes of data, tables, times and erasures in plain words, for the page that is made of policy.toml."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.privacy.keeping import LOG_YEARS, Keep, Kind, keep


@dataclass(frozen=True)
class ClassWords:
    """A class of data: its name, and what it is for."""

    name: str | Promise
    why: str | Promise


# In the order of the page: what is most about a person comes first.
CLASSES: Mapping[str, ClassWords] = {
    "identifier": ClassWords(
        _("What tells who you are"),
        _(
            "Your identity code finds your data in the city's registers. It stands sealed, and is looked for by a mark "
            "that cannot be turned back into the code."
        ),
    ),
    "sealed personal": ClassWords(
        _("Your data, sealed"),
        _(
            "Names, addresses and records. Each person's data is sealed with a key of their own. Without the key "
            "nobody can read it."
        ),
    ),
    "copy of records": ClassWords(
        _("Copies held for a moment"),
        _("Staff who connect a department's system may look at a few rows once, for a reason. You see it in your log."),
    ),
    "evidence": ClassWords(
        _("What proves what happened"),
        _("Your answers, and who has used your data and why. The city must be able to show it, and so must you."),
    ),
    "pseudonym": ClassWords(
        _("Numbers that stand for you"),
        _("They tie the rows about you together. Outside the portal they tell nothing about you."),
    ),
    "record of work": ClassWords(
        _("How the work goes"),
        _("When something was fetched, sent or done, so that nothing is lost and faults are found."),
    ),
    "setting": ClassWords(
        _("Settings"),
        _("What you or staff have chosen, such as your language or how a department's system is reached."),
    ),
    "staff": ClassWords(
        _("About staff"),
        _("Who did what in the back office, so that misuse is found."),
    ),
    "key": ClassWords(
        _("Keys"),
        _(
            "What opens the sealed data. When your data is erased, your key is destroyed. Then backups cannot be read"
            " either."
        ),
    ),
    "secret": ClassWords(
        _("Secrets between systems"),
        _("What systems and browsers prove themselves by."),
    ),
    "catalogue": ClassWords(
        _("What the city tells about itself"),
        _("Descriptions of registers and of uses of data. There is nothing about you in them."),
    ),
}

TABLES: Mapping[str, str | Promise] = {
    "people.Person": _("You: identity code, names, e-mail address"),
    "people.User": _("Your log-in, or that of a staff member"),
    "people.ActingRight": _("Who may act for whom"),
    "people.PairwiseSubject": _("The number a department has for you"),
    "datasources.Sheet": _("Copies of what departments hold on you"),
    "datasources.NotCopied": _("What is not copied here, because you had it erased"),
    "datasources.Asking": _("Which systems are being asked about you"),
    "consents.Consent": _("Your permissions"),
    "consents.ConsentEvent": _("Each answer of yours"),
    "consents.Restriction": _("What you have had restricted, and your objections"),
    "consents.Receipt": _("Your receipts"),
    "ledger.Entry": _("The log: who has used your data, and what was done"),
    "ledger.Checkpoint": _("Seals of the log"),
    "ledger.Cosignature": _("What witnesses signed on the seals"),
    "ledger.Copying": _("Where copies of the seals go"),
    "requests.Request": _("What you have asked of the city"),
    "requests.Part": _("What each register does for what you asked"),
    "erasing.Plan": _("What you chose to have erased"),
    "erasing.LegalHold": _("What may not be erased for a time"),
    "life.LifeChange": _("What the city was told of your life"),
    "erasing.Erased": _("What was erased, so that no backup brings it back"),
    "requests.Proposal": _("Answers to your requests that one person proposed and another decided about"),
    "requests.PartFile": _("What was found for you by hand"),
    "requests.DecisionTemplate": _("Texts that answers begin with"),
    "requests.Breach": _("What went wrong with personal data"),
    "requests.BreachTold": _("That you were told what went wrong with your data"),
    "requests.Correction": _("What you have said is wrong, and what is right"),
    "requests.Evidence": _("Files that you have sent with a request"),
    "requests.Package": _("Packages of all your data that are ready for you"),
    "requests.Piece": _("The sealed bytes of those packages"),
    "requests.Leaving": _("What you chose to take along when you moved"),
    "requests.HandOver": _("Which city fetched your data, and when"),
    "transfers.Arrival": _("Packages of data that you brought from another city"),
    "transfers.Item": _("Data that came from another city"),
    "transfers.CityKeys": _("What other cities publish of their keys"),
    "transfers.WithdrawnKey": _("Keys of other cities that are no longer believed"),
    "requests.Numbering": _("The numbers that requests are given"),
    "people.PersonOpened": _("How many people a staff member has opened"),
    "people.OpeningReview": _("Openings by staff that are looked into by lot"),
    "people.SecondPerson": _("When a second staff member had to agree"),
    "consents.ReportHeard": _("Which registers have told of their uses"),
    "keys.PersonKey": _("Keys of people"),
    "notices.LetterChoice": _("Which letters you want"),
    "notices.Letter": _("Letters to you"),
    "notices.Notice": _("What waits for you"),
    "consents.Announcement": _("Changes that departments are told of"),
    "consents.Telling": _("Which systems have acted on a change"),
    "consents.Delivery": _("Messages to department systems"),
    "consents.Webhook": _("Where department systems are told"),
    "sessions.Session": _("Signed-in browsers"),
    "usersessions.UserSession": _("The list of where you are signed in"),
    "socialaccount.SocialAccount": _("Which log-in belongs to which identification"),
    "mfa.Authenticator": _("The second step of staff"),
    "admin.LogEntry": _("Changes in the back office"),
    "jobs.Job": _("Work that waits or was done"),
    "wearables.Import": _("Files that you brought from a watch or phone"),
    "wearables.Figures": _("What your watch or phone measured, by day"),
    "wearables.DayBooks": _("What keeps a file of a watch that is brought twice from counting twice"),
    "wearables.KeptRoute": _("Routes that you keep for yourself"),
    "wearables.Choice": _("Your choices about the data of your watch or phone"),
    "wearables.Tie": _("Services of makers of watches that you have connected"),
    "wearables.WalkingSum": _("Steps of many people together"),
    "datasources.Pull": _("Readings of department systems"),
    "datasources.Reading": _("How fresh the copies are"),
    "datasources.Trial": _("Trials of a connection"),
    "datasources.Source": _("How a department system is reached"),
    "datasources.MappingVersion": _("What is read of a department system"),
    "datasources.Department": _("Departments"),
    "datasources.Register": _("Registers"),
    "datasources.Dataset": _("Parts of registers"),
    "datasources.Field": _("Fields of registers"),
    "consents.Purpose": _("Uses of data"),
    "consents.PurposeDataset": _("Which data a use is about"),
    "consents.PurposeText": _("Texts of questions"),
    "consents.TextStep": _("How a text was approved"),
    "rulebook.Adoption": _("Which version of the rulebook the city adopted"),
    "usecases.Case": _("Use cases"),
    "usecases.Comment": _("Comments that everyone may read"),
    "usecases.Statement": _("What the city has answered in public"),
    "usecases.Word": _("What you have written about use cases"),
    "usecases.Support": _("Which use cases you support"),
    "usecases.Follow": _("Which use cases you follow"),
    "usecases.Report": _("Comments and proposals that you have reported"),
    "consents.DonationModule": _("Parts of data that can be given for the common good"),
    "consents.Outcome": _("What came of data that was given"),
    "consents.ReturnAddress": _("Where departments may have you led back to"),
    "consents.Errand": _("Your way here from a department's service, and back"),
    "algorithms.Algorithm": _("Programs that help or decide"),
    "algorithms.Naming": _("Which use of data names which program"),
    "algorithms.AlgorithmVersion": _("Entries of the register of algorithms"),
    "algorithms.AlgorithmStep": _("How an entry of the register was approved"),
    "algorithms.StateChange": _("Why a program was taken into use, paused or given up"),
    "algorithms.Evaluation": _("Whether a program treats groups alike"),
    "algorithms.EvaluationStep": _("How an evaluation of a program was made"),
    "algorithms.EvaluationPiece": _("Files on their way to be counted, without names and identity codes"),
    "usecases.Expectation": _("What use cases are expected to bring"),
    "usecases.Cost": _("What use cases cost"),
    "usecases.UsesOfMonth": _("How often data was used, in counts"),
    "usecases.FirstPeople": _("Marks that keep small counts from being shown"),
    "usecases.Counting": _("How far the log is counted"),
    "privacy.BrowserReport": _("What browsers refused to do on our pages"),
    "rest.Client": _("Department systems that may ask"),
    "rest.ClientSecret": _("What they prove themselves by"),
    "rest.Edition": _("Which edition of the descriptions is in use"),
    "rest.RevokedToken": _("Tokens that were given back"),
    "rest.UsedAssertion": _("Proofs that hold once"),
    "rest.Reply": _("Answers kept for a repeated call"),
}

ERASURES: Mapping[str, str | Promise] = {
    "deleted": _("removed, when your data is erased"),
    "key ends": _("its key is destroyed, when your data is erased"),
    "ends": _("destroyed, when your data is erased"),
    "cleared": _("emptied, when your data is erased"),
    "goes within 15 minutes": _("gone within 15 minutes in any case"),
    "stays": _("stays for its time"),
}

_STATES: Mapping[str, str | Promise] = {
    "a resident": _("as long as the portal is yours to use"),
    "active": _("as long as you use the portal: two years from your last visit"),
    "connected": _("as long as the department's system is connected"),
    "fresh": _("until the time that the register gives, and no longer than two years from your last visit"),
    "in force": _("as long as the permission is in force"),
    "in the catalogue": _("as long as the register is described here"),
    "it is told": _("as long as the system is told of changes"),
    "it may call": _("as long as the system may ask"),
    "left there": _("until you remove it"),
    "published": _("as long as the use of data is described here"),
    "put aside": _("until a person has looked at it"),
    "registers tell it": _("as long as the population register tells so"),
    "signing in": _("as long as the log-in is in use"),
}


def keep_words(text: str) -> str:
    """A `keep` of policy.toml as people read it, in the language of now."""
    meant = keep(text)
    if meant.kind is Kind.SCOPE:
        return str(_("as long as the data that it opens"))
    if meant.kind is Kind.MONTH:
        return ngettext(
            "%(number)s year, then a whole month goes", "%(number)s years, then a whole month goes", LOG_YEARS
        ) % {"number": LOG_YEARS}
    if meant.kind is Kind.UNTIL:
        return _duration(meant) if meant.number else str(_("until it expires"))
    state = str(_STATES[meant.state])
    if not meant.number:
        return state
    return str(_("%(state)s, and %(more)s more")) % {"state": state, "more": _duration(meant)}


def _duration(meant: Keep) -> str:
    number = meant.number
    told = {
        "minutes": ngettext("%(number)s minute", "%(number)s minutes", number),
        "hours": ngettext("%(number)s hour", "%(number)s hours", number),
        "days": ngettext("%(number)s day", "%(number)s days", number),
        "years": ngettext("%(number)s year", "%(number)s years", number),
    }
    return told[meant.unit] % {"number": number}
