"""Writes calendars/holidays.txt from the Python package `holidays`.

Started by `cargo xtask holidays`, which installs the package: write.py OUT COUNTRY...
Public holidays of the whole country only: no regions, no bank or school holidays, no half days.
"""

import inspect
import re
import sys
from datetime import date, timedelta

import holidays

FIRST, LAST = 2024, 2030

# Where the days off in place of a weekend, and the working weekends that pay for them, are decided every autumn for
# the year after. Before that the package can only guess them.
ANNOUNCED_YEARLY = {"CN"}

HEADER = """\
# Public holidays, {first} to {last}.
#
# Written by `cargo xtask holidays`; what is wrong here is put right in the generator (xtask/holidays/write.py) or in the
# package, and then written again.
#
# Source:    the Python package `holidays`, version {version} (https://github.com/vacanza/holidays)
# Licence:   MIT, (c) Vacanza Team and individual contributors
# Generated: {today}
# Countries: {count}, all of calendars/countries.toml that the package knows
#
# [IT]                          the country; the lines below are its own
# working until 2026: DATES     days of the weekend that are worked all the same, in place of a day off. They are announced
#                               for the years up to the one named; later years have none yet.
# Christmas Day: DATES          a holiday. The names are the package's English ones, without "(observed)"; a day off
#                               in place of another is listed with the holiday that it belongs to.
#
# 12-25                         the same day in every year
# 2026-10-01..10-03             from the first to the last of these days
# ~2028-02-26                   a projection: the date is an estimate (moon calendars), or is not announced yet (days
#                               off in place of a weekend in {yearly}, after the last year that is announced)
#
# What a government declares later, what only a region keeps, and half days are not here.
"""

LABEL = re.compile(r"\s*\((?:observed|estimated|in lieu|additional|substitute[^)]*|observed, estimated)\)\s*$", re.I)
SWAPPED = re.compile(r"day off \(substituted from|^(Day off|Substitute Holiday)\b", re.I)


def english(languages):
    """The language to ask for; the package's own words where it has no translation of the country's names."""
    if "en_US" in languages:
        return "en_US"
    return next((language for language in languages if language.startswith("en")), None)


def plain(name):
    """The name without what the package says about its date, and without characters that mean something here."""
    shorter = LABEL.sub("", name)
    while shorter != name:
        name, shorter = shorter, LABEL.sub("", shorter)
    return name.replace(":", " ").strip()


def belongs_to(day, found):
    """The holiday that a swapped day off lies next to, across days of rest; before it first, then after it."""
    for step in (-1, 1):
        near = day + timedelta(days=step)
        for _ in range(7):
            name = found.get_list(near)[0] if near in found else None
            if name and not SWAPPED.search(name):
                return plain(name)
            if not name and near.weekday() < 5:
                break
            near += timedelta(days=step)
    return "Day off"


def read(code):
    """The holidays of a country as {name: {day: is_projected}}, its worked weekends, and its name."""
    country = type(holidays.country_holidays(code))
    wanted = {"years": range(FIRST - 1, LAST + 2), "categories": "public"}
    wanted["language"] = english(country.supported_languages)
    # Some countries say which of their dates are estimates only when asked.
    if "islamic_show_estimated" in inspect.signature(country.__init__).parameters:
        wanted["islamic_show_estimated"] = True
    found = country(**wanted)
    worked = sorted(day for day in found.weekend_workdays if FIRST <= day.year <= LAST)
    announced = max((day.year for day in worked), default=None)
    named = {}
    for day in sorted(found.keys()):
        if not FIRST <= day.year <= LAST:
            continue
        label = found.get_list(day)[0]
        projected = "estimated" in label
        if code in ANNOUNCED_YEARLY and day.year > announced:
            projected |= "(observed" in label
        name = belongs_to(day, found) if SWAPPED.search(label) else plain(label)
        named.setdefault(name, {})[day] = projected
    return named, worked, announced


def runs(days):
    """Days that follow each other, put together: [(first, last)]."""
    out = []
    for day in days:
        if out and day - out[-1][1] == timedelta(days=1) and day.year == out[-1][0].year:
            out[-1][1] = day
        else:
            out.append([day, day])
    return out


def written(days, mark="", year=True):
    form = "%Y-%m-%d" if year else "%m-%d"
    return [
        mark + first.strftime(form) + (last.strftime("..%m-%d") if last > first else "") for first, last in runs(days)
    ]


def dates(days):
    """The days of a holiday: those of every year first, then the others in order."""
    sure = [day for day, projected in days.items() if not projected]
    yearly = [
        day
        for day in sure
        if day.year == FIRST and (day.month, day.day) != (2, 29)
        and all(date(year, day.month, day.day) in sure for year in range(FIRST, LAST + 1))
    ]
    fixed = {(day.month, day.day) for day in yearly}
    rest = [day for day in sure if (day.month, day.day) not in fixed]
    guessed = [day for day, projected in days.items() if projected]
    single = written(rest) + written(guessed, "~")
    return written(yearly, year=False) + sorted(single, key=lambda text: text.lstrip("~"))


def main():
    out, codes = sys.argv[1], sys.argv[2:]
    known = holidays.list_supported_countries(include_aliases=False)
    codes = [code for code in sorted(codes) if code in known]
    text = HEADER.format(
        first=FIRST,
        last=LAST,
        version=holidays.__version__,
        today=date.today(),
        count=len(codes),
        yearly=" and ".join(sorted(ANNOUNCED_YEARLY)),
    )
    for code in codes:
        named, worked, announced = read(code)
        text += f"\n[{code}]\n"
        years = {day.year for days in named.values() for day in days}
        unknown = [str(year) for year in range(FIRST, LAST + 1) if year not in years]
        if unknown:
            text += f"# The package knows no holidays of {' '.join(unknown)}.\n"
        if worked:
            text += f"working until {announced}: {' '.join(written(worked))}\n"
        for name, days in sorted(named.items(), key=lambda pair: min((d.month, d.day, d.year) for d in pair[1])):
            text += f"{name}: {' '.join(dates(days))}\n"
    with open(out, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


main()
