"""Daily figures as data points of Open mHealth and IEEE 1752.1: a header that says where from, a body that says what.

Schemas: https://www.openmhealth.org/documentation/#/schema-docs/schema-library; IEEE 1752.1-2021, 5 (header),
6 (sleep), 7 (physical activity).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from datasources.wearables.points import DailyFigure, Device, Measure

# Of a day, a measure and a source there is one point: its id says so, and no more.
_POINTS = UUID("5f0c6a52-6d6b-5b3e-9d0c-1f6f6f1f8a10")
Json = dict[str, Any]


@dataclass(frozen=True)
class _Schema:
    namespace: str
    name: str
    version: str
    body: Callable[[float], Json]
    value: Callable[[Mapping[str, Any]], float]


_Ways = tuple[Callable[[float], Json], Callable[[Mapping[str, Any]], float]]


def _quantity(name: str, unit: str, **more: Any) -> _Ways:
    """(into a body, out of one)."""
    return (lambda value: {name: {"value": value, "unit": unit}, **more}), lambda body: float(body[name]["value"])


_SCHEMAS: Mapping[Measure, _Schema] = {
    Measure.STEPS: _Schema("omh", "step-count", "3.0", *_quantity("step_count", "steps")),
    Measure.DISTANCE: _Schema(
        "ieee", "physical-activity", "1.0", *_quantity("distance", "m", activity_name="whole day")
    ),
    Measure.ACTIVE: _Schema("omh", "minutes-moderate-activity", "1.1", *_quantity("minutes_moderate_activity", "min")),
    Measure.HEART_RATE: _Schema(
        "omh", "heart-rate", "2.0", *_quantity("heart_rate", "beats/min", descriptive_statistic="average")
    ),
    Measure.RESTING_HEART_RATE: _Schema(
        "omh",
        "heart-rate",
        "2.0",
        *_quantity("heart_rate", "beats/min", temporal_relationship_to_physical_activity="at rest"),
    ),
    Measure.SLEEP: _Schema("ieee", "total-sleep-time", "1.0", *_quantity("total_sleep_time", "min")),
    Measure.WORKOUT: _Schema(
        "ieee", "physical-activity", "1.0", *_quantity("duration", "min", activity_name="workout")
    ),
}


def data_point(figure: DailyFigure) -> Json:
    """The figure as a data point: `header` with provenance, `body` with the value and the day."""
    schema = _SCHEMAS[figure.measure]
    named = f"{figure.measure} {figure.day.isoformat()} {figure.source}"
    return {
        "header": {
            "uuid": str(uuid5(_POINTS, named)),
            "schema_id": {"namespace": schema.namespace, "name": schema.name, "version": schema.version},
            "modality": "self-reported" if figure.by_hand else "sensed",
            "external_datasheets": [{"datasheet_type": figure.device.value, "datasheet_reference": figure.source}],
            "number_of_measurements": figure.points,
        },
        "body": {
            **schema.body(figure.value),
            "effective_time_frame": {
                "time_interval": {
                    "start_date_time": figure.day.isoformat(),
                    "duration": {"value": 1, "unit": "d"},
                }
            },
        },
    }


def figure_of(measure: Measure, point: Mapping[str, Any]) -> DailyFigure:
    """The same figure again."""
    header, body = point["header"], point["body"]
    [source] = header["external_datasheets"]
    return DailyFigure(
        measure=measure,
        day=date.fromisoformat(body["effective_time_frame"]["time_interval"]["start_date_time"]),
        value=_SCHEMAS[measure].value(body),
        source=source["datasheet_reference"],
        device=Device(source["datasheet_type"]),
        points=header["number_of_measurements"],
        by_hand=header["modality"] == "self-reported",
    )
