"""What of an export is asked for, and in which units it comes."""

from datasources.wearables.points import Measure, PassedOver
from datasources.wearables.reading.numbers import metres, minutes

_QUANTITY = "HKQuantityTypeIdentifier"
_BEATS = {"count/min": 1.0}
_METRES = {unit: factor for unit in ("m", "km", "mi", "ft", "yd", "cm") if (factor := metres(unit))}
MINUTES = {unit: factor for unit in ("min", "s", "hr") if (factor := minutes(unit))}
Units = dict[str, float]
# Distance is on foot or by wheelchair: on wheels one moves otherwise.
QUANTITIES: dict[str, tuple[Measure, Units]] = {
    _QUANTITY + "StepCount": (Measure.STEPS, {"count": 1.0}),
    _QUANTITY + "DistanceWalkingRunning": (Measure.DISTANCE, _METRES),
    _QUANTITY + "DistanceWheelchair": (Measure.DISTANCE, _METRES),
    _QUANTITY + "AppleExerciseTime": (Measure.ACTIVE, MINUTES),
    _QUANTITY + "HeartRate": (Measure.HEART_RATE, _BEATS),
    _QUANTITY + "RestingHeartRate": (Measure.RESTING_HEART_RATE, _BEATS),
}
# Everything else that an export tells is `OTHER`.
PASSED = {
    _QUANTITY + "ActiveEnergyBurned": PassedOver.ENERGY,
    _QUANTITY + "BasalEnergyBurned": PassedOver.ENERGY,
    _QUANTITY + "DietaryEnergyConsumed": PassedOver.ENERGY,
    _QUANTITY + "BodyMass": PassedOver.WEIGHT,
    _QUANTITY + "BodyMassIndex": PassedOver.WEIGHT,
    _QUANTITY + "BodyFatPercentage": PassedOver.WEIGHT,
    _QUANTITY + "LeanBodyMass": PassedOver.WEIGHT,
}
SLEEP = "HKCategoryTypeIdentifierSleepAnalysis"
ASLEEP = "HKCategoryValueSleepAnalysisAsleep"
WORKOUT = "Workout"
# What has this for a unit is as long as its times say.
BY_TIMES = "from beginning to end"
LASTING = 0.0
KINDS: dict[str, tuple[Measure, Units]] = {
    **QUANTITIES,
    SLEEP: (Measure.SLEEP, {BY_TIMES: LASTING}),
    WORKOUT: (Measure.WORKOUT, {**MINUTES, BY_TIMES: LASTING}),
}
