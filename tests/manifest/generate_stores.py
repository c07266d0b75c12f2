"""Stores as a spreadsheet would hold them, a template that uses every column, and files made of the two."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook

TEMPLATE = """\
generate:
  - from: data/stores.csv
    as: store
    manifest:
      - accounts:
          ${store.slug}:
            company_name: Acme ${store.city}
            nick_name: acme${store.code}
            email: owner@${store.code}.acme.example
            phone: ${store.phone}
            timezone: ${store.tz}
            password: ${env:PASSWORD_${store.code}}
      - account: ${store.slug}
        locations:
          ${store.area|slug}:
            name: ${store.area}
            street1: ${store.street}
            zip: ${store.zip}
            country: US
            website: ${store.site}
        services:
          haircut:
            name: Haircut
            duration: ${store.duration}
            price: ${store.price}
            active: ${store.active}
        employees:
          boss:
            email: ${store.email}
            first_name: ${store.first}
            last_name: Boss
            away: ["${store.closed}"]
            at:
              ${store.area|slug}:
                services: [haircut]
                hours:
                  - dates: 2027
                    week:
                      mon-fri: ${store.hours}
                      sat: ${store.sat}
"""
BOOK = TEMPLATE.replace("stores.csv", "stores.xlsx")
COLUMNS = (
    "slug", "city", "phone", "tz", "code", "area", "street", "zip", "site", "duration", "price", "active", "email",
    "first", "closed", "hours", "sat",
)  # fmt: skip
PER_ROW = 6
"""Resources that a row makes when its last cells are blank: an account, a location, a service, an employee with a link
and hours."""


def store(number: int, **cells: Any) -> dict[str, Any]:
    """A row without a fault, but for the cells that are given."""
    usual = {
        "slug": f"s{number:02}", "city": f"City {number}", "phone": f"+1 617 555 {number:04}", "tz": "America/New_York",
        "code": f"{number:04}", "area": "Downtown", "street": f"{number} Main Street", "zip": f"{2100 + number:05}",
        "site": "", "duration": "45 min", "price": "29.50", "active": "TRUE", "email": f"boss{number}@acme.example",
        "first": "Ana", "closed": "", "hours": "9-17", "sat": "",
    }  # fmt: skip
    return usual | cells


def sheet(rows: Sequence[dict[str, Any]], delimiter: str = ",") -> str:
    """Rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(row.values() for row in rows)
    return out.getvalue()


def workbook(rows: Sequence[dict[str, Any]], edit: Callable[[Workbook, Any], None] | None = None) -> bytes:
    """Rows as a workbook with one sheet, edited before it is saved."""
    book = Workbook()
    page: Any = book.active
    page.title = "Stores"
    page.append(COLUMNS)
    for row in rows:
        page.append([None if cell == "" else cell for cell in row.values()])
    if edit:
        edit(book, page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def column(name: str) -> int:
    """The number of a column, from 1."""
    return COLUMNS.index(name) + 1


def spot(text: str) -> str:
    """`line:column` of the only, or the first, place of a text in the template."""
    before = TEMPLATE[: TEMPLATE.index(text)]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
