"""Numbers and dates in Lithuanian sentences."""

import datetime

from django.utils import timezone

_MONTHS = [
    "sausio",
    "vasario",
    "kovo",
    "balandžio",
    "gegužės",
    "birželio",
    "liepos",
    "rugpjūčio",
    "rugsėjo",
    "spalio",
    "lapkričio",
    "gruodžio",
]
_MONTH_NAMES = [
    "sausis",
    "vasaris",
    "kovas",
    "balandis",
    "gegužė",
    "birželis",
    "liepa",
    "rugpjūtis",
    "rugsėjis",
    "spalis",
    "lapkritis",
    "gruodis",
]


def plural(number, one, few, many):
    """Choose the form that goes with ``number``: 1 narys, 2 nariai, 10 narių, 21 narys."""
    number = abs(number)
    if number % 10 == 0 or 10 < number % 100 < 20:
        return many
    return one if number % 10 == 1 else few


def long_date(value):
    """„2012 m. spalio 19 d.“; an instant gives its day in Vilnius."""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value)
    return f"{value.year}\u00a0m. {_MONTHS[value.month - 1]} {value.day}\u00a0d."


def long_datetime(value):
    """„2012 m. spalio 19 d. 16 val.“ or „… 16.30 val.“, in Vilnius time."""
    local = timezone.localtime(value)
    clock = f"{local.hour}.{local.minute:02}" if local.minute else f"{local.hour}"
    return f"{long_date(local)} {clock}\u00a0val."


def long_month(value):
    """„2013 m. gegužės mėn.“: for a sentence about a date whose day is not known."""
    return f"{value.year}\u00a0m. {_MONTHS[value.month - 1]} mėn."


def month_name(value):
    """„2013 m. gegužė“: the same for a cell of a table."""
    return f"{value.year} m. {_MONTH_NAMES[value.month - 1]}"


def academic_hours(number):
    """„40 akad. val.“"""
    return f"{number}\u00a0akad.\u00a0val."
