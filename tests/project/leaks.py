"""A zoo of leaks: real mistakes, each a small patch to a copy of the project."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MID_MONTH = datetime(2013, 8, 14, 20)  # an hour is just over, and flights are predicted
ON_A_BAD_DAY = datetime(2013, 8, 28, 23)  # flights of the last hours were cancelled
AFTER_A_CUTOFF = datetime(2013, 8, 5, 20)  # a version has been in force for five days

DATASET = "models/ml/arrival_delay/arrival_delay_dataset.sql"
CANCELLATION_DATASET = "models/ml/cancellation/cancellation_dataset.sql"
EVALUATIONS = "models/ml/evaluation/evaluations.sql"
INTERVAL_OFFSETS = "models/ml/evaluation/interval_offsets.sql"
FLIGHTS = "models/features/flights_at_prediction.sql"
TYPED_FLIGHTS = "models/silver/typed_flights.sql"
POINT_IN_TIME = "macros/point_in_time.sql"
TRAIN = "python_ml/edge/train.py"


@dataclass(frozen=True)
class Edit:
    """One replacement in one file; what is replaced stands there exactly once."""

    file: str
    found: str
    replaced: str

    def apply(self, project: Path) -> None:
        path = project / self.file
        text = path.read_text()
        assert text.count(self.found) == 1, f"{self.file}: {self.found!r}"
        path.write_text(text.replace(self.found, self.replaced))


@dataclass(frozen=True)
class Leak:
    """A mistake, and what must catch it.

    ``caught_in`` is what the proof must name: a relation or one of its columns
    (`relation.column`), or else a test of the build, which must fail. The copy of the
    project holds one problem.
    """

    name: str
    caught_in: str
    edits: tuple[Edit, ...]
    cutoff: datetime = MID_MONTH
    problem: str = "arrival_delay"

    @property
    def select(self) -> str:
        """What dbt has to build: the relation or the test, and all that it reads."""
        _, is_relation, name = self.caught_in.partition(".")
        return f"+{name.split('.')[0]}" if is_relation else f"+{self.caught_in}*"


WEATHER_OF_THE_RUNNING_HOUR = Leak(
    "the weather of the running hour",
    "features.origin_weather.temperature_f",
    (
        Edit(
            "models/silver/weather_observations.sql",
            "{{ known_at(dbt.dateadd('hour', 1, 'event_at')) }}",
            "{{ known_at('event_at') }}",
        ),
    ),
)

LEAKS = (
    Leak(
        "the label among the features",
        "ml.arrival_delay_dataset.seats",
        (
            Edit(
                DATASET,
                "flights_at_prediction.*,",
                "flights_at_prediction.* replace (known_labels.label as seats),",
            ),
        ),
    ),
    Leak(
        "a window up to and including the current instant",
        "features.flights_at_prediction",
        (
            Edit(
                POINT_IN_TIME,
                "{% endfor %}{{ instant }} > {{ alias }}.known_at",
                "{% endfor %}{{ instant }} >= {{ alias }}.known_at",
            ),
        ),
    ),
    Leak(
        "the event's time for the time it became known",
        "silver.cancellations",
        (
            Edit(
                TYPED_FLIGHTS,
                "{{ known_at('cancellation_evident_at') }}",
                "{{ known_at('scheduled_departure_at') }}",
            ),
        ),
        ON_A_BAD_DAY,
    ),
    WEATHER_OF_THE_RUNNING_HOUR,
    Leak(
        "a dimension overwritten in place",
        "features.aircraft_profile.manufactured_year",
        (
            Edit(
                "models/features/aircraft_profile.sql",
                "    select * from {{ ref('aircraft') }}\n",
                "    select * replace ({{ always() }} as known_at)\n"
                "    from {{ ref('aircraft') }}\n"
                "    qualify version = max(version) over (partition by tail_number)\n",
            ),
        ),
    ),
    Leak(
        "a correction read early",
        "unique_by_aircraft_profile_tail_number__known_at",
        (
            Edit(
                "macros/as_of.sql",
                "{{ later_of('delivered_at', natural) }}",
                "{{ natural }}",
            ),
        ),
    ),
    Leak(
        "a target encoding fitted on all rows",
        "ml.arrival_delay_dataset.route_late_share_28d",
        (
            Edit(
                DATASET,
                "flights_at_prediction.*,",
                "flights_at_prediction.* replace (avg(known_labels.label) over ("
                "partition by flights_at_prediction.origin,"
                " flights_at_prediction.destination) as route_late_share_28d),",
            ),
        ),
    ),
    Leak(
        "a mean fitted on all rows",
        "features.origin_weather.temperature_f",
        (
            Edit(
                "models/features/origin_weather.sql",
                "        temperature_f,\n",
                "        temperature_f - avg(temperature_f) over ()"
                " as temperature_f,\n",
            ),
        ),
    ),
    Leak(
        "early stopping on the live period",
        "ml.arrival_delay_models.artifact",
        (
            Edit(
                "python_ml/stretches.py",
                "return [self.calibration_from, self.gate_from, self.cutoff]",
                "later = self.cutoff - self.gate_from\n        return ["
                "self.calibration_from, self.cutoff + later, self.cutoff + 2 * later]",
            ),
        ),
        AFTER_A_CUTOFF,
    ),
    Leak(
        "labels used before they were known",
        "ml.arrival_delay_models.artifact",
        (
            Edit(
                TRAIN,
                'labels.filter(f"label_known_at < case {end_of_stretch} end")',
                'labels.filter("label_known_at is not null")',
            ),
        ),
    ),
    Leak(
        "a champion chosen by labels known later",
        "ml.evaluations.label",
        (
            Edit(
                EVALUATIONS,
                "and {{ last_known_before('labels', 'splits.to_at') }}",
                "and labels.superseded_at is null\n"
                "            and (splits.split <> 'live'"
                " or splits.to_at > labels.label_known_at)",
            ),
        ),
    ),
    Leak(
        "an interval kept up to date by labels known later that day",
        "ml.interval_offsets",
        (
            Edit(
                INTERVAL_OFFSETS,
                "and days.from_at > excesses.label_known_at",
                "and days.from_at + to_days(1) > excesses.label_known_at",
            ),
        ),
        problem="arrival_delay_minutes",
    ),
    Leak(
        "examples selected by their outcome",
        "ml.arrival_delay_dataset.(missing)",
        (Edit(DATASET, "left join known_labels", "inner join known_labels"),),
    ),
    Leak(
        "a Python model that reads past as_of",
        "ml.arrival_delay_models.artifact",
        (
            Edit(
                TRAIN,
                "    problem = Problem.from_declaration(declaration)\n",
                "    late_share = session.execute(\n"
                "        'select avg((try_cast(arr_delay as int) >= 15)::int)'\n"
                "        ' from lake.bronze.raw_flights'\n"
                "    ).fetchone()[0]\n"
                "    weight = {'lambda_l2': late_share}\n"
                "    problem = Problem.from_declaration(\n"
                "        {**declaration, 'parameters':"
                " {**declaration['parameters'], **weight}}\n"
                "    )\n",
            ),
        ),
    ),
    Leak(
        "a date for a timestamp",
        "features.origin_departures",
        (
            Edit(
                POINT_IN_TIME,
                "        from {{ events }}\n",
                "        from (select * replace (cast(date_trunc('day', known_at)"
                " as timestamp) as known_at) from {{ events }})\n",
            ),
        ),
    ),
    Leak(
        "a shift of the time zone",
        "departures_agree_with_delivered_clocks",
        (
            Edit(
                TYPED_FLIGHTS,
                "'minute', 'departure_delay_minutes', 'scheduled_departure_at'",
                "'minute', 'departure_delay_minutes',"
                " utc_to_local('scheduled_departure_at', reporting_time_zone())",
            ),
        ),
    ),
    # Its absence was known in time, so that no other future shows it: a test of the
    # dataset does, which asks whether a missing value tells the label.
    Leak(
        "the missing tail number in a cancellation problem",
        "missing_values_do_not_tell_the_label_cancellation_dataset",
        (
            Edit(
                CANCELLATION_DATASET,
                "flights_at_prediction.visibility_miles",
                "cast(flights_at_prediction.seats as double) as visibility_miles",
            ),
            Edit(
                FLIGHTS,
                "    aircraft_profile.seats,\n",
                "    cast(length(examples.tail_number) as integer) as seats,\n",
            ),
        ),
        problem="cancellation",
    ),
    Leak(
        "duplicate rows of an entity",
        "unique_by_aircraft_profile_tail_number__known_at",
        (
            Edit(
                "models/features/aircraft_profile.sql",
                "    from aircraft\n",
                "    from aircraft, (values (1), (2)) as twice (number)\n",
            ),
        ),
    ),
    Leak(
        "features as of departure, published as of two hours before",
        "features.flights_at_prediction",
        (
            Edit(
                FLIGHTS,
                "        flights.prediction_at,\n        aircraft.tail_number\n",
                "        {{ dbt.dateadd('hour', 2, 'flights.prediction_at') }}"
                " as prediction_at,\n        aircraft.tail_number\n",
            ),
        ),
    ),
    Leak(
        "a timetable without the flights that were cancelled later",
        "features.origin_scheduled_departures.scheduled_departures_total",
        (
            Edit(
                "models/features/origin_scheduled_departures.sql",
                "    where version = 1\n",
                "    where version = 1 and flight_id not in"
                " (select flight_id from {{ ref('cancellations') }})\n",
            ),
        ),
    ),
)
