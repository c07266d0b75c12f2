"""Things that happen to tenants over the years, drawn at random and stored past every check of the sandbox."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tests.support import Json, Tenant, Wrap

TEXTS = st.sampled_from(
    ["", " padded ", "line\nbreak", "win\r\ndows", "a: b # c", "null", "~", "${var:X}", "$${x}", "- x", "{", "\x07bell",
     "'", '"', "\\", "yes", "0123", "1e3", "  two\n  lines", "tab\there", "\u2028", "\ufeff", "a" * 300, "%", "@x",
     "!t", "*a", "x\n", "\u65e5\u672c\u8a9e", "a\n\nb", "---", "x:", "#", "a, b]", "<<", "-", "?",
     "=", "\n", "|", "\U0001f642", "all"]
)  # fmt: skip
NUMBERS: st.SearchStrategy[Any] = st.sampled_from([0, -5, 7, 50, 1_000_003, "60", "abc", None, 12.5, [], True, ""])
FLAGS = st.sampled_from([None, 0, 1, "1", "0", True, False, "maybe", 2])
PLACES = st.sampled_from([None, 0, 5, 999, "8", "x"])
DATES = st.sampled_from([None, "", "2026-02-30", "2026-01-01", "1900-01-01", "soon"])
_FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "location": {
        **dict.fromkeys(("name", "description", "street1", "city", "phone", "zip", "tags"), TEXTS | st.none()),
        **dict.fromkeys(("email", "website", "paypal_email"), TEXTS | st.none() | st.just("no address")),
        "virtual": FLAGS,
        "timezone_id": PLACES,
        "lat": NUMBERS,
        "photo": TEXTS,
    },
    "service": {
        **dict.fromkeys(("name", "description", "widget_message", "password"), TEXTS | st.none()),
        **dict.fromkeys(
            ("duration", "duration_padding", "prior_notice", "after_notice", "price", "group_session"), NUMBERS
        ),
        **dict.fromkeys(
            ("status", "auto_confirm", "waiting_list", "is_subservice", "active_rules", "set_schedule"), FLAGS
        ),
        "active_from": DATES,
        "active_until": DATES,
        "schedule": st.sampled_from([None, [], "x", [{"repeat": 2}]]),
    },
    "employee": {
        **dict.fromkeys(("first_name", "last_name", "job", "bio", "nickname", "phone"), TEXTS | st.none()),
        **dict.fromkeys(("email", "facebook"), TEXTS | st.none() | st.just("not an address")),
        **dict.fromkeys(("status", "newsletter", "public_email", "receivesms"), FLAGS),
        "ics_service": NUMBERS,
        "permissions": st.sampled_from(["", "locations,unheard_of", "calendar , settings"]),
    },
    "holiday": {
        "name": TEXTS | st.none(),
        "start_date": DATES,
        "end_date": DATES | st.just("2026-01-05 12:00:00"),
        "type": st.sampled_from([0, 1, 2, 9, None]),
        "month": NUMBERS,
        "enabled": FLAGS,
    },
    "custom_field": {
        "label": TEXTS | st.none(),
        "type": st.sampled_from([0, 7, 8, None, "7"]),
        "options": TEXTS | st.just("a|b||a") | st.just("x | y"),
        "visibility": NUMBERS,
        "length": NUMBERS,
        "ord": NUMBERS,
        "status": FLAGS,
        "removable": FLAGS,
    },
    "webhook": {
        "target_url": TEXTS | st.none() | st.just("ftp://x"),
        "events": st.sampled_from(
            [[], None, "x", [{"event": "*", "active": 1}, {"event": "appointment.created", "active": 0}]]
        )
        | st.just([{"event": "appointment.moved", "active": 1}]),
        "active": FLAGS,
    },
    "client": {
        **dict.fromkeys(("name", "phone", "notes", "city"), TEXTS | st.none()),
        "email": TEXTS,
        "gender": st.sampled_from([None, "", "x", "M", "f"]),
        "birthday": DATES | st.just("0000-00-00"),
    },
}
ENTRIES: tuple[Json, ...] = (
    {"repeat": 1, "type": 0, "start_date": "1/1/2026", "end_date": "12/31/2026", "location_id": 999, "days": {}},
    {
        "repeat": 9,
        "type": 0,
        "start_date": "1/1/2026",
        "end_date": "12/31/2026",
        "days": {"mo": {"time": [["9:00", "8:00"]]}},
    },
    {"repeat": 2, "type": 1, "start_date": "1/1/2026", "end_date": "1/3/2026", "days": {}},
    {"repeat": 2, "type": 1, "start_date": "3/1/2026", "end_date": "1/3/2026", "days": {}},
    {
        "repeat": 1,
        "type": 1,
        "start_date": "1/1/2026",
        "end_date": "1/3/2026",
        "days": {"mo": {"time": [["9:00", "10:00"]]}},
    },
)
LINKS = st.tuples(*[st.sampled_from([118_202, 118_203, 342_702, 342_703, 575_902, 575_903, 999])] * 3)


def name_of(kind: str) -> str:
    """The field that people know one by."""
    return {"custom_field": "label", "webhook": "target_url", "client": "email", "employee": "email"}.get(kind, "name")


def twist(tenant: Tenant, data: st.DataObject) -> None:
    """Let some years pass."""
    store = tenant.store
    rows = store.rows("SELECT kind, id, body FROM objects ORDER BY kind, id")
    known = [(kind, number, json.loads(body)) for kind, number, body in rows if kind in _FIELDS]
    with store.transaction():
        for kind, number, body in known:
            fields = _FIELDS[kind]
            for name in data.draw(st.lists(st.sampled_from(sorted(fields)), max_size=3, unique=True)):
                body[name] = data.draw(fields[name])
            if data.draw(st.integers(0, 3)) == 0:
                other = data.draw(st.sampled_from([b for k, _, b in known if k == kind]))
                body[name_of(kind)] = other[name_of(kind)]
            store.run("UPDATE objects SET body = ? WHERE kind = ? AND id = ?", json.dumps(body), kind, number)
        employees = [number for kind, number, _ in known if kind == "employee"]
        places = [number for kind, number, _ in known if kind == "location"]
        things = [number for kind, number, _ in known if kind == "service"]
        for _ in range(data.draw(st.integers(0, 4))):
            triple = (_one(data, employees), _one(data, places), _one(data, things))
            company = store.one("SELECT company_id FROM objects WHERE kind = 'employee' AND id = ?", triple[0])
            store.run("INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?)", *triple, company[0] if company else 2345)
        for employee in employees:
            if more := data.draw(st.lists(st.sampled_from(ENTRIES), max_size=2)):
                for entry in more:
                    store.run(
                        "INSERT INTO hours VALUES (?, (SELECT COALESCE(MAX(ord), 0) + 1 FROM hours), ?, ?)",
                        employee, entry.get("location_id"), json.dumps(entry),
                    )  # fmt: skip


def _one(data: st.DataObject, numbers: list[int]) -> int:
    return data.draw(st.sampled_from([*numbers, 999]))


def with_unknown_fields() -> Wrap:
    """A vendor that has gone on: every object has fields that nobody has heard of."""

    def wrap(app: Any) -> Any:
        async def newer(scope: Any, receive: Any, send: Any) -> None:
            started: list[Any] = []
            parts: list[bytes] = []

            async def keep(message: Any) -> None:
                if message["type"] == "http.response.start":
                    started.append(message)
                    return
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    body = _more(b"".join(parts))
                    headers = [(n, v) for n, v in started[0]["headers"] if n.lower() != b"content-length"]
                    await send({**started[0], "headers": headers})
                    await send({"type": "http.response.body", "body": body})

            await app(scope, receive, keep)

        return newer

    return wrap


def _more(body: bytes) -> bytes:
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    data = answer.get("data") if isinstance(answer, dict) else None
    for each in data if isinstance(data, list) else [data]:
        if isinstance(each, dict) and "id" in each:
            each["ai_score"] = {"nested": [1, None]}
            each["unheard_of"] = "x"
    return json.dumps(answer).encode()
