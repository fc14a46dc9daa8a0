"""The years that people count by: school years (mokslo metai) and calendar years."""

import datetime
from dataclasses import dataclass

OFFERED = 3  # as many last years of each kind


@dataclass(frozen=True)
class Period:
    name: str
    since: datetime.date
    until: datetime.date


def school_year(starts_in: int) -> Period:
    """From 1 September to 31 August."""
    return Period(
        f"{starts_in}–{starts_in + 1} m. m.",
        datetime.date(starts_in, 9, 1),
        datetime.date(starts_in + 1, 8, 31),
    )


def calendar_year(year: int) -> Period:
    return Period(f"{year} m.", datetime.date(year, 1, 1), datetime.date(year, 12, 31))


def school_years(today: datetime.date) -> list[Period]:
    """The school year of ``today`` and those before it, the newest first."""
    newest = today.year if today.month >= 9 else today.year - 1
    return [school_year(newest - ago) for ago in range(OFFERED)]


def calendar_years(today: datetime.date) -> list[Period]:
    return [calendar_year(today.year - ago) for ago in range(OFFERED)]
