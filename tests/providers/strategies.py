"""Values for every field of every kind, found by the field's own form, as the manifests would spell them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from provisioner.kinds import Resource
from provisioner.kinds.base import Group, Spec, group_of, specs
from provisioner.kinds.calendar import DAYS, text_time
from provisioner.kinds.holiday import Rule
from provisioner.kinds.values import text_duration
from provisioner.kinds.webhook import EVENTS
from provisioner.sandbox.setster.zones import ZONES
from tests.support import picture

LETTERS = "abcdefghijklmnopqrstuvwxyz"
_UNPRINTABLE = st.characters(exclude_categories=("Cs", "Cc"))
TEXTS = st.one_of(
    st.text(_UNPRINTABLE | st.sampled_from("\n\t"), max_size=30),
    st.sampled_from(["<b>", "0", "null", " padded ", "Liv Ås", "日本語", "🙂", "a\u202eb", "'; --", "true", "1.0"]),
)
NAMES = TEXTS.map(str.strip).filter(lambda text: bool(text.strip()) and text == text.strip())
WORDS = st.text(LETTERS + "0123456789", min_size=1, max_size=10)
EMAILS = st.builds(lambda name, host: f"{name}@{host}.example", WORDS, WORDS)
URLS = st.builds(lambda host, path: f"https://{host}.example/{path}", WORDS, WORDS)
MONEY = st.decimals(0, 99_999_999, places=2, allow_nan=False).map(lambda amount: f"{abs(amount):f}")
DEGREES = st.decimals(-180, 180, places=6, allow_nan=False).map(lambda degrees: f"{degrees:f}")
_DATES = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def stretches(draw: st.DrawFn) -> str:
    """A stretch of days."""
    start, end = sorted((draw(_DATES), draw(_DATES)))
    return f"{start}..{end}"


@st.composite
def weeks(draw: st.DrawFn) -> dict[str, Any]:
    """A week in which some day is open."""
    week: dict[str, Any] = {}
    for day in draw(st.sets(st.sampled_from(DAYS), min_size=1, max_size=7)):
        ends = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
        pairs = zip(ends[::2], ends[1::2], strict=False)
        week[day] = [f"{text_time(start * 15)}-{text_time(end * 15)}" for start, end in pairs]
    return week


SHIFTS = st.lists(st.fixed_dictionaries({"dates": stretches(), "week": weeks()}), min_size=1, max_size=4)
PERIODS = st.one_of(
    stretches(), _DATES.map("{}..".format), _DATES.map("..{}".format), st.sampled_from(["2026", "2026-06"])
)
AWAY = st.lists(stretches(), min_size=1, max_size=4)
RULES = st.builds(Rule, st.integers(0, 4), st.integers(0, 6), st.integers(0, 11)).map(str)
OPTIONS = st.lists(NAMES.filter(lambda text: "|" not in text), max_size=4, unique=True)
_BY_FORM: Mapping[str, st.SearchStrategy[Any]] = {
    "text": TEXTS,
    "boolean": st.booleans(),
    "integer": st.integers(-(10**17), 10**17),
    "count": st.integers(0, 10**17),
    "money": MONEY,
    "zone": st.sampled_from(sorted(ZONES.values())),
    "e-mail": EMAILS,
    "URL": URLS,
    "degrees": DEGREES,
    "hours": SHIFTS,
    "dates": AWAY,
    "stretch": stretches(),
    "rule": RULES,
    "options": OPTIONS,
    "events": st.just("all") | st.lists(st.sampled_from(EVENTS), unique=True),
    "day": _DATES.map(str),
    "period": PERIODS,
    "picture": st.builds(
        lambda path, content: picture(f"{path}-{content.hex()}.png", content), WORDS, st.binary(max_size=9)
    ),
    "schedule": SHIFTS | st.just([]),
}
_NARROWER: Mapping[tuple[str, str], st.SearchStrategy[Any]] = {
    ("account", "nick_name"): st.just("west"),  # it names the account; changed in a test of its own
    ("account", "account_type"): st.sampled_from([0, 1, 2, 4, 5, 6]),
    ("employee", "nickname"): st.text(LETTERS + "._0", max_size=8),
    ("service", "duration"): st.integers(1, 96).map(lambda quarters: text_duration(quarters * 15)),
    ("service", "require_addon"): st.booleans(),
}
"""What the vendor narrows further than the field's type does."""


def adapter(info: FieldInfo) -> TypeAdapter[Any]:
    """What accepts or refuses a value of one field."""
    form: Any = Annotated[info.annotation, *info.metadata]
    return TypeAdapter(form, config={"arbitrary_types_allowed": True})


def accepts(info: FieldInfo, value: Any) -> bool:
    """Whether a field takes a value."""
    try:
        adapter(info).validate_python(value)
    except ValidationError:
        return False
    return True


def values_of(kind: str, spec: Spec, info: FieldInfo) -> st.SearchStrategy[Any]:
    """Every sort of value that a field takes, null where that clears it."""
    if (kind, spec.name) in _NARROWER:
        return _NARROWER[kind, spec.name]
    if spec.form.name == "duration":
        unit = next(step for step in (5, 15, 60, 1440) if accepts(info, text_duration(step)))
        found: st.SearchStrategy[Any] = st.integers(0, 50).map(lambda count: text_duration(count * unit))
        return found | st.just("never") if accepts(info, "never") else found
    if spec.form.name == "word":
        words = st.sampled_from(list(spec.form.schema["enum"]))
        return words | st.none() if accepts(info, None) else words
    plain = _BY_FORM[spec.form.name]
    if spec.form.name == "text" and not accepts(info, ""):
        return NAMES
    return plain | st.none() if accepts(info, None) else plain


def _infos(kind: type[Group], prefix: str = "") -> dict[str, FieldInfo]:
    found: dict[str, FieldInfo] = {}
    for name, info in kind.model_fields.items():
        group = group_of(info)
        found |= _infos(group, f"{prefix}{name}.") if group else {prefix + name: info}
    return found


def fields_of(kind: type[Resource]) -> dict[str, st.SearchStrategy[Any]]:
    """A strategy for every field that can be written and compared, by flattened name."""
    infos = _infos(kind)
    return {
        name: values_of(kind.kind, spec, infos[name])
        for name, spec in specs(kind).items()
        if not spec.sensitive and not spec.role
    }


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Flattened names as the manifests nest them."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        head, _, tail = name.partition(".")
        if tail:
            tree.setdefault(head, {})[tail] = value
        else:
            tree[head] = value
    return tree


@st.composite
def some_fields(draw: st.DrawFn, kind: type[Resource], always: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A random value for a random subset of a kind's fields, the required ones and those that are `always` given
    included; the latter say something.
    """
    known = fields_of(kind)
    needed = {name for name, spec in specs(kind).items() if spec.required} | always
    names = draw(st.sets(st.sampled_from(sorted(known)), max_size=len(known))) | needed
    return {
        name: draw(known[name].filter(bool) if name in always else known[name])
        for name in sorted(names)
        if name in known
    }
