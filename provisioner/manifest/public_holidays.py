"""`public_holidays:` a country's own days as fixed holidays, from the `holidays` package, which is loaded only here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.kinds.calendar import parse_date
from provisioner.kinds.holiday import Holiday
from provisioner.kinds.values import parse_int, plain, refused, said, slug
from provisioner.manifest.fields import Fields
from provisioner.manifest.fragment import Fragment
from provisioner.manifest.problems import Problems, meant, nearest
from provisioner.manifest.rows.row import mark_of
from provisioner.manifest.source import Source, is_broken
from provisioner.manifest.yaml import EMPTY, Map, Seq, Value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date

    from holidays import HolidayBase

    from provisioner.kinds.desired import Place
    from provisioner.manifest.scope import Width

SECTION = "public_holidays"
MOST_YEARS = 20
"""In one entry: beyond them it cannot be meant."""
_NO_YEARS: tuple[int, ...] = ()
_NOTHING: tuple[str, ...] = ()
_EXAMPLE = "{country: US, subdivision: CA, years: [2026, 2027]}"

Days = dict["date", list[str]]
"""Each day with the names of what is celebrated."""


def read_public_holidays(node: Value, place: Place, width: Width, source: Source) -> list[Fragment]:
    """A holiday for each day of one mapping, or of each in a list of them; its place is the mapping's.

    The keys are `us-ca-2026-07-04`: as stable as the day itself, whatever it is called.
    """
    if isinstance(node, Map):
        return list(_entry(node, place, width, source))
    if isinstance(node, Seq):
        entries = zip(node, node.marks, strict=True)
        return [each for entry, mark in entries for each in _entry(entry, source.place(mark), width, source)]
    if node is not EMPTY:
        source.problems.add(place, f"{SECTION} is {said(node)}: write {_EXAMPLE}, or a list of such")
    return []


def _entry(node: Value, place: Place, width: Width, source: Source) -> Iterator[Fragment]:
    if is_broken(node):
        return
    fields = Fields(node, place, SECTION, source.problems)
    wish = _Wish(fields, source.problems)
    country = fields.need("country", _text, "", "US")
    subdivision = fields.take("subdivision", _text, "")
    years = fields.need("years", _years, _NO_YEARS, "[2026, 2027]")
    categories = fields.take("categories", _texts, _NOTHING)
    language = fields.take("language", _text, "")
    left_out = fields.take("except", _texts, _NOTHING)
    fields.close()
    if not country or not years:
        return
    days = wish.left(wish.days(country, subdivision, years, categories, language), left_out)
    stem = f"{slug(country)}-{slug(subdivision)}" if subdivision else slug(country)
    mark = mark_of(place) * 2
    for day, names in sorted(days.items()):
        values = {"name": "; ".join(names), "dates": str(day)}
        yield Fragment(Holiday, f"{stem}-{day}", place, width, values, dict.fromkeys(values, mark), listed=True)


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw:
        raise refused(raw, "is no code", "one such as US")
    return raw


def _texts(raw: Any) -> tuple[str, ...]:
    items = raw if isinstance(raw, list) else [raw]
    return tuple(map(_text, items))


def _years(raw: Any) -> tuple[int, ...]:
    items = raw if isinstance(raw, list) else [raw]
    years = tuple(sorted({_year(item) for item in items}))
    if len(years) > MOST_YEARS or not years:
        raise ValueError(f"{len(years)} years are named: write 1 to {MOST_YEARS}, such as [2026, 2027]")
    return years


def _year(raw: Any) -> int:
    try:
        return parse_date(f"{parse_int(raw):04}-01-01").year
    except ValueError:
        found = re.findall(r"(?<![0-9])(?:19|2[0-9])[0-9]{2}(?![0-9])", raw) if isinstance(raw, str) else []
        meant = range(int(found[0]), int(found[-1]) + 1) if found else ()
        years = f"[{', '.join(map(str, meant))}]" if 0 < len(meant) <= MOST_YEARS else "a year such as 2026"
        raise refused(raw, "is no year", years) from None


class _Country(NamedTuple):
    code: str
    names: tuple[str, ...]
    """By which it may be meant: other codes, its English name."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """One entry; what the package does not know is a problem at the value's place."""

    fields: Fields
    problems: Problems

    def days(
        self, country: str, subdivision: str, years: Collection[int], categories: Iterable[str], language: str
    ) -> Days:
        """The days; empty where something is unknown."""
        from holidays import country_holidays

        if not self._known_country(country):
            return {}
        about = country_holidays(country)
        good = [
            not subdivision or self._known("subdivision", subdivision, about.subdivisions, _aliases(about), country),
            *(self._known("categories", each, about.supported_categories, {}, country) for each in categories),
            not language or self._known("language", language, about.supported_languages, {}, country),
            self._covered(country, about, years),
        ]
        if not all(good):
            return {}
        spoken = language or about.default_language  # left out, the package would take the machine's own
        found = country_holidays(
            country, subdivision or None, years, categories=tuple(categories) or None, language=spoken
        )
        return {day: found.get_list(day) for day in found}

    def left(self, days: Days, left_out: Iterable[str]) -> Days:
        """The days without those that are named, by date or by name."""
        for item in left_out if days else ():
            gone = {
                day: [n for n in names if item.casefold() in (n.casefold(), str(day))] for day, names in days.items()
            }
            if not any(gone.values()):
                known = sorted({name for names in days.values() for name in names})
                message = f"except: none of the days is {said(item)}: {meant(item, known, 'write a name or a date')}"
                self.problems.add(self.fields.value_place("except"), message)
            kept = {day: [name for name in names if name not in gone[day]] for day, names in days.items()}
            days = {day: names for day, names in kept.items() if names}
        return days

    def _known_country(self, code: str) -> bool:
        countries = _countries()
        if any(code == each.code for each in countries):
            return True
        names = {name: each.code for each in countries for name in (each.code, *each.names)}
        near = nearest(code.replace("_", " "), names)
        remedy = f"did you mean {names[near]}?" if near else "write its code of two letters, such as US"
        self._refuse("country", f"no country {said(code)} in the holidays package: {remedy}")
        return False

    def _known(self, field: str, value: str, known: Collection[str], aliases: Mapping[str, str], country: str) -> bool:
        if value in known:
            return True
        names = {name: name for name in known} | dict(aliases)
        near = nearest(value, names)
        some = ", ".join(sorted(known)[:12]) + (", ..." if len(known) > 12 else "")
        remedy = f"did you mean {names[near]}?" if near else f"there are {some}" if known else f"remove {field}"
        self._refuse(field, f"{country} has no {said(value)} among its {_PLURALS[field]}: {remedy}")
        return False

    def _covered(self, country: str, about: HolidayBase, years: Iterable[int]) -> bool:
        wrong = [str(year) for year in years if not about.start_year <= year <= about.end_year]
        if wrong:
            why = f"the holidays package knows {country} from {about.start_year} to {about.end_year}"
            self._refuse("years", f"{', '.join(wrong)}: {why}: write years between")
        return not wrong

    def _refuse(self, field: str, message: str) -> None:
        self.problems.add(self.fields.value_place(field), plain(message, 400))


_PLURALS = {"subdivision": "subdivisions", "categories": "categories", "language": "languages"}


def _countries() -> list[_Country]:
    """Every country of the package: its ISO code of two letters, and what else it is called."""
    from holidays.registry import COUNTRIES

    return [
        _Country(codes[0], (*codes[1:], module.replace("_", " "), name)) for module, (name, *codes) in COUNTRIES.items()
    ]


def _aliases(about: HolidayBase) -> Mapping[str, str]:
    return getattr(about, "subdivisions_aliases", None) or {}
