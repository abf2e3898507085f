"""The register's fixed words: states of a system, and what the AI Act and the standards ask to be chosen from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AlgorithmState(models.TextChoices):
    """Where a system stands."""

    IDEA = "idea", _("an idea")
    PILOT = "pilot", _("being piloted")
    IN_USE = "in_use", _("in use")
    PAUSED = "paused", _("paused")
    RETIRED = "retired", _("retired")
    HISTORICAL = "historical", _("history")


# What each state may become, and nothing else.
NEXT_STATES: dict[str, tuple[AlgorithmState, ...]] = {
    AlgorithmState.IDEA: (AlgorithmState.PILOT, AlgorithmState.IN_USE, AlgorithmState.RETIRED),
    AlgorithmState.PILOT: (AlgorithmState.IN_USE, AlgorithmState.PAUSED, AlgorithmState.RETIRED),
    AlgorithmState.IN_USE: (AlgorithmState.PAUSED, AlgorithmState.RETIRED),
    AlgorithmState.PAUSED: (AlgorithmState.PILOT, AlgorithmState.IN_USE, AlgorithmState.RETIRED),
    AlgorithmState.RETIRED: (AlgorithmState.HISTORICAL,),
    AlgorithmState.HISTORICAL: (),
}


class Deciding(models.TextChoices):
    """Who decides (GDPR 22; 434/2003 53 e §)."""

    PERSON = "person", _("A person decides; the program helps")
    AUTOMATED = "automated", _("The program decides by itself")


class AlgorithmType(models.TextChoices):
    """How it came to be (Algorithmic Transparency Standard 0.3.1, `algorithm_type`)."""

    RULES = "rule-based", _("Rules written by people")
    LEARNING = "self-learning", _("A model learnt from data")
    HYBRID = "hybrid", _("Both rules and a model")


class UseType(models.TextChoices):
    """What its result is (Algorithmic Transparency Standard 0.3.1, `type`)."""

    DESCRIPTIVE = "descriptive", _("It tells what is")
    DIAGNOSTIC = "diagnostic", _("It tells why")
    PREDICTIVE = "predictive", _("It tells what is likely")
    PRESCRIPTIVE = "prescriptive", _("It proposes what to do")


class Risk(models.TextChoices):
    """Class of risk, after the AI Act ((EU) 2024/1689); `risk_category` of the standard 0.3.1."""

    MINIMAL = "minimal risk", _("Minimal risk")
    LIMITED = "limited risk", _("Limited risk")
    HIGH = "high risk", _("High risk")
    UNACCEPTABLE = "unacceptable", _("Forbidden")


class AiRole(models.TextChoices):
    """The city's part under the AI Act, Art. 3(3) and (4)."""

    NOT_AI = "not_ai", _("Not an AI system in the sense of the AI Act")
    DEPLOYER = "deployer", _("Deployer: the city uses it")
    PROVIDER = "provider", _("Provider: the city has it made")
    BOTH = "both", _("Provider and deployer")


class AnnexPoint(models.TextChoices):
    """Points of the AI Act's Annex III that a city may meet; none: it is in none of them."""

    NONE = "", _("None of its points")
    BIOMETRICS = "1", _("1: biometrics")
    INFRASTRUCTURE = "2", _("2: critical infrastructure")
    ADMISSION = "3(a)", _("3(a): admission to education or training")
    LEARNING = "3(b)", _("3(b): assessing what was learnt")
    LEVEL = "3(c)", _("3(c): the level of education somebody gets")
    EXAMS = "3(d)", _("3(d): watching over tests")
    RECRUITING = "4(a)", _("4(a): choosing people for work")
    WORK = "4(b)", _("4(b): terms and watching of work")
    BENEFITS = "5(a)", _("5(a): public benefits and services")
    EMERGENCY = "5(d)", _("5(d): emergency calls and their order")


class Domain(models.TextChoices):
    """Fields of policy; the values are those of the Algorithmic Transparency Standard 0.3.1, spelt as there."""

    TAXES = "taxes", _("Taxes")
    HOUSING = "housing, living and living environment", _("Housing and surroundings")
    CULTURE = "culture, sports and leisure", _("Culture, sports and leisure")
    ECONOMY = "economy and entrepreneurship", _("Economy and business")
    FAMILY = "family, youth and households", _("Families and young people")
    FINANCE = "finance", _("Finance")
    GENERIC = "generic", _("All fields")
    HEALTH = "health and health care", _("Health")
    IMMIGRATION = "immigration and integration", _("Immigration and integration")
    ENVIRONMENT = "environment, spacial planning and water", _("Environment, planning and water")
    EDUCATION = "education and science", _("Education")
    SAFETY = "public safety", _("Safety")
    GOVERNMENT = "government", _("Administration")
    BENEFITS = "subsidies, benefits and allowances", _("Support and benefits")
    TRAFFIC = "traffic and transportation", _("Traffic")
    WORK = "work and career", _("Work")


class EvaluationState(models.TextChoices):
    """Where an evaluation of fairness stands."""

    DRAFT = "draft", _("The plan is being written")
    FROZEN = "frozen", _("The plan is fixed; the file is awaited")
    WAITING = "waiting", _("The file is being counted")
    REFUSED = "refused", _("The file was refused; another is awaited")
    COMPUTED = "computed", _("Counted; waits for a second person")
    PUBLISHED = "published", _("Published")
    GIVEN_UP = "given_up", _("Given up before it was counted")


class EvaluationVerdict(models.TextChoices):
    """What an evaluation came to, by the limits that its plan had set."""

    PASSED = "passed", _("Within the limits")
    FAILED = "failed", _("Over a limit")
    TOO_LITTLE = "too_little", _("Not enough data to tell")


class EvaluationStepKind(models.TextChoices):
    """What was done to an evaluation."""

    SAVED = "saved", _("Plan saved")
    FROZEN = "frozen", _("Plan fixed")
    BROUGHT = "brought", _("File brought")
    REFUSED = "refused", _("File refused")
    COMPUTED = "computed", _("Counted")
    PUBLISHED = "published", _("Published")
    GIVEN_UP = "given_up", _("Given up")
