"""The parameters of the simulation, part by part as in the file, which says what each means and where it stands.

`parameter_file` reads and checks them (`programme/simulation/malawi.yaml`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mentormothers.simulation.chances import Range, Table


@dataclass(frozen=True)
class Enrolment:
    """The part `enrolment` of the file."""

    positive_enrolled: float
    negative_enrolled: float
    unknown_enrolled: float
    consents: Mapping[str, float]
    age_years: Table[Range]
    age_by_year_only: float
    weeks_at_first_visit: Table[Range]
    dated_by: Table[str]
    period_by_month_only: float


@dataclass(frozen=True)
class Pregnancies:
    """The part `pregnancy` of the file."""

    weeks_until_birth: Table[Range]
    lost_before_28_weeks: float
    stillborn: float
    twins: float
    at_a_facility: float
    another: float
    another_after_days: Range
    mother_dies_at_birth: float
    weaned_by_days: float


@dataclass(frozen=True)
class Health:
    """The part `health` of the file."""

    deaths_with_hiv_yearly: float
    deaths_without_hiv_yearly: float
    infected_infant_death_days: Range
    death_reported: float
    newborn_deaths: float
    infant_deaths_later: float
    infected_infant_deaths: float
    seroconversions_yearly: float
    infected_before_days: Range
    death_heard_days: Range
    baby_death_heard_days: Range


@dataclass(frozen=True)
class Antenatal:
    """The part `antenatal` of the file."""

    contact_weeks: Table[Range]
    attends: float
    days_off: Range
    tested_at_next_contact: float
    retest_weeks: Range
    retested_late_pregnancy: float
    retested_breastfeeding: float
    unsteady_attend_less: float
    test_window_days: float
    days_between_tests: float
    retest_days_off: Range
    diagnosed_after_days: Range
    tested_before_days: Range


@dataclass(frozen=True)
class Talks:
    """The part `talks` of the file."""

    at_a_visit: float
    mode: Table[str]
    topics: Table[str]
    partner_asked: float
    partner: Table[str]
    disclosed: float
    disclosed_to: Table[str]


@dataclass(frozen=True)
class Treatment:
    """The part `treatment` of the file."""

    starts_same_day: float
    starts_later: float
    starts_after_days: Range
    known_restarts: float
    years_on_treatment: Range
    first_supplies: Table[int]
    later_supplies: Table[int]
    early_or_on_time: Range
    on_time: float
    days_late: Table[Range]
    leaves_monthly: float
    refuses: float
    returns_alone: float
    returns_alone_after: Range
    steadiness: Table[float]
    reasons: Table[str]
    suppressed: float
    suppressed_after_gap: float
    sample_taken: float
    result_comes: float
    result_after_days: Range
    low_loads: Table[str]
    high_loads: Table[Range]
    sessions_after_high: float
    sees_coverage_days: float
    untreated_days: Range
    missed_after_days: float
    refuses_after_days: Range
    counselling_days_off: Range


@dataclass(frozen=True)
class Moving:
    """The part `moving` of the file."""

    silently_yearly: float
    formally_yearly: float
    for_birth: float
    for_birth_weeks: Range
    home_after_days: Range
    known_away: float
    same_district: float
    says_new: float


@dataclass(frozen=True)
class Tracing:
    """The part `tracing` of the file."""

    looked_for: float
    sms_day: Range
    call_day: Range
    home_day: Range
    second_home_day: Range
    reached_by_sms: float
    reached_by_call: float
    reached_by_home: float
    returns_when_reached: float
    says_instead: Table[str]
    returns_after_days: Range
    tells_of_move: float
    death_written_days: float


@dataclass(frozen=True)
class Births:
    """The part `births` of the file."""

    registered_days: Range
    written_down: float
    medicine_given: float
    visit_weeks: Mapping[Range, float]
    visit_days_off: Range
    visits_without_care: float
    birth_grams: Range
    exclusive_to_six_months: float
    never_breastfed: float
    breastfed_months: Table[Range]
    caregiver: Table[str]
    unsteady_seen_less: float
    twin_lighter_kilos: float
    weight_off_grams: Range
    kilos_gained: Mapping[int, float]


@dataclass(frozen=True)
class InfantTests:
    """The part `infant_tests` of the file."""

    first_test: float
    first_test_days: Range
    first_test_late_days: Range
    nine_month_days: Range
    mother_found_later: float
    first_test_late: float
    nine_months: float
    spoilt: float
    indeterminate: float
    false_positive: float
    missed_infection: float
    result_comes: float
    result_after_days: Range
    result_told: float
    told_after_days: Range
    confirmed: float
    treated: float
    final_test: float
    final_after_days: Range
    syrup_started: float
    seen_as_lost: float
    found_after_days: float
    rejected: float
    symptomatic: float
    after_mother_days: Range
    treated_after_days: Range
    supply_days: float
    supply_days_off: Range
    lost_at_days: float


@dataclass(frozen=True)
class Infection:
    """The part `infection` of the file."""

    by_birth: Mapping[str, float]
    by_birth_new_infection: float
    by_milk: Mapping[str, float]
    uncovered_in_spectrum: float
    breastfed_days: float
    new_infection_days: float


@dataclass(frozen=True)
class Writing:
    """The part `writing` of the file."""

    sync_every_days: Table[Range]
    entered_late: float
    entered_late_days: Range
    heaps_dates: Table[float]
    copies_forms: Table[float]
    copy_found: float
    wrong_weight: float
    wrong_woman: float
    caseload: float
    clients_per_site_yearly: float
    delivery_model: Table[str]
    copied_after_days: Range
    copy_found_after_days: Range
    corrected_after_days: Range
    facility_size: Mapping[str, float]
    households_per_client: float


@dataclass(frozen=True)
class Identities:
    """The part `identities` of the file."""

    phone: Table[str]
    phone_shared: float
    wrong_number: float
    respelt_again: float
    misspelt: float
    swapped: float
    wrong_age: float
    another_phone: float
    married_name: float
    village_left_out: float
    common_names: float
    commonest_first: float
    each_name_respelt: float
    short_form: float
    birthday_known: float


@dataclass(frozen=True)
class Published:
    """A figure that a run should come near to, and how far off a run of 20,000 women may be."""

    name: str
    title: str
    within: float
    source: str
    value: float | None = None
    taken_from: str = ""


@dataclass(frozen=True)
class Parameters:
    """All parts of the file, each parameter by its name."""

    enrolment: Enrolment
    pregnancy: Pregnancies
    health: Health
    antenatal: Antenatal
    talks: Talks
    treatment: Treatment
    moving: Moving
    tracing: Tracing
    births: Births
    infant_tests: InfantTests
    infection: Infection
    writing: Writing
    identities: Identities
