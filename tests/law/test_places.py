"""Zones and holidays of places."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.law import places
from handlers.law.period import Period, Unit, add_months, parse
from handlers.law.places import earliest, law_zones, place
from handlers.law.working_days import business_days, holidays_of, makeup_days_of
from handlers.refused import Refused


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("DE", "Europe/Berlin"),
        ("GB-SCT", "Europe/London"),
        ("US-CA", "America/Los_Angeles"),
        ("JP", "Asia/Tokyo"),
        ("CN", "Asia/Shanghai"),
        ("ES-CN", "Atlantic/Canary"),
        ("PT-20", "Atlantic/Azores"),
    ],
)
def test_a_place_keeps_its_zone(code: str, zone: str) -> None:
    assert zone in place(code).zones


def test_every_zone_of_every_place_exists() -> None:
    world = places._world()
    for zones in (*world.zones.values(), *world.subdivisions.values()):
        for zone in zones:
            ZoneInfo(zone)
    for code in world.subdivisions:
        assert place(code).code == code


@pytest.mark.parametrize("code", ["", "D", "XX", "GERMANY", "DE-", "-DE", "DE-XX", "US-XX", "CH-AA", "DE-BY-1", "gb", "EU"])
def test_what_is_no_place_is_refused(code: str) -> None:
    with pytest.raises(Refused) as refused:
        place(code)
    assert refused.value.field == "place"


def test_a_part_whose_holidays_are_not_known_has_the_nationwide_ones() -> None:
    assert place("FR-IDF").holidays is None
    assert place("GB-LND").holidays is None
    assert place("DE-BY").holidays == "BY"
    assert place("GB-EAW").holidays == "ENG"


def test_the_zones_are_those_of_place_or_territory_whichever_is_narrower_and_all_where_they_do_not_meet() -> None:
    los_angeles = (ZoneInfo("America/Los_Angeles"),)
    assert law_zones("US-CA", ("US",)) == los_angeles
    assert law_zones("US", ("US-CA",)) == los_angeles
    assert set(law_zones("JP", ("US-CA",))) == {ZoneInfo("Asia/Tokyo"), *los_angeles}


def test_of_several_zones_the_one_with_the_earlier_date_is_taken() -> None:
    zones = law_zones("US", ("US",))
    assert earliest(datetime(2026, 7, 1, 9, 30, tzinfo=UTC), zones).date().isoformat() == "2026-06-30"


def test_a_substitute_holiday_over_the_turn_of_the_year_is_known() -> None:
    """1 January 2022 was a Saturday: the federal holiday was kept on 31 December 2021."""
    assert any(d.isoformat() == "2021-12-31" for d in holidays_of("US", None, 2021))


def test_one_off_closings_of_an_administration_are_no_holidays() -> None:
    days = {d.isoformat() for d in (*holidays_of("US", None, 2025), *holidays_of("US", None, 2024))}
    assert not days & {"2025-12-24", "2025-12-26", "2025-01-09", "2024-12-24"}


def test_weekends_worked_in_exchange_are_known() -> None:
    assert {d.isoformat() for d in makeup_days_of("CN", 2026)} >= {"2026-02-14", "2026-10-10"}


def test_business_days_go_forward_and_back() -> None:
    us = business_days("US")
    assert us.after(date(2026, 11, 25), 1) == date(2026, 11, 27)
    assert us.before(date(2026, 11, 27), 1) == date(2026, 11, 25)
    assert us.before(date(2026, 11, 28), 0) == date(2026, 11, 27)
    assert us.before(date(2026, 11, 27), 0) == date(2026, 11, 27)


@pytest.mark.parametrize("written", ["1 month", "2 weeks", "45 days", "10 business days", "48 hours", "at once"])
def test_a_period_is_written_as_it_is_read(written: str) -> None:
    assert str(parse(written)) == written


@pytest.mark.parametrize("written", ["", "one month", "1 moon", "-1 day", "1", 3, None, "1.5 months", "1 monthss"])
def test_what_is_no_period_is_said_to_be_none(written: object) -> None:
    with pytest.raises(ValueError, match="a period is written like"):
        parse(written)


def test_periods_of_different_units_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="different units"):
        Period(1, Unit.MONTHS) + Period(1, Unit.DAYS)


def test_months_clamp_to_the_last_day() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2026, 12, 31), 12) == date(2027, 12, 31)
