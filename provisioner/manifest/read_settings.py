"""Reading `provisioner.yaml`."""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING, Any, TypeVar

from provisioner.errors import ProvisionerError
from provisioner.kinds import BY_SECTION
from provisioner.kinds.desired import Place
from provisioner.kinds.values import parse_int, parse_limit, parse_money, parse_url, refused, said
from provisioner.manifest.credentials import Credential
from provisioner.manifest.endpoint import parse_endpoint
from provisioner.manifest.fields import Fields
from provisioner.manifest.files import SETTINGS, Files
from provisioner.manifest.problems import Problems, meant
from provisioner.manifest.read_lint import read_lint
from provisioner.manifest.remote_state import RemoteState, read_remote_state
from provisioner.manifest.settings import SANDBOX, Body, Default, Limits, PolicySettings, Prune, Settings, Terms
from provisioner.manifest.yaml import BUDGET, Map, compose

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal
    from pathlib import Path

T = TypeVar("T")

_DEFAULTS = tuple(section for section, kind in BY_SECTION.items() if not (kind.key_kinds or kind.lists))
_BODIES: tuple[Body, ...] = ("raw", "wrapped")
_PRUNES: tuple[Prune, ...] = ("owned", "never", "all")
_WITH_UNIT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,4})?)\s*(?:s|sec|seconds?|/s|per second)")


def load_settings(root: Path, vendors: Mapping[str, Terms]) -> Settings:
    """The settings of a workspace for one of these vendors; raises ManifestError with every problem."""
    problems = Problems()
    settings = read_settings(Files(root), vendors, problems)
    problems.raise_any()
    return settings


def read_settings(files: Files, vendors: Mapping[str, Terms], problems: Problems) -> Settings:
    """The settings as far as they can be read; what cannot be read is a problem, and a stand-in takes its place.

    Without the file this is no workspace at all, and nothing else is looked at: ProvisionerError at once.
    """
    try:
        text = files.read(SETTINGS, BUDGET.size)
    except (OSError, ValueError) as error:
        root = files.root
        if _is_absent(root / SETTINGS):
            where = "" if str(root) == "." else f" -C {quote(str(root))}"
            raise ProvisionerError(f"no {SETTINGS} in {root}: run provisioner{where} init") from None
        problems.add(Place(SETTINGS, 0), f"it cannot be read: {getattr(error, 'strerror', None) or error}")
        return _STAND_IN
    documents, unreadable = compose(text)
    for line, column, message in unreadable:
        problems.add(Place(SETTINGS, line, column), message)
    for each in documents[1:]:
        problems.add(Place(SETTINGS, each.root.line, each.root.column), "settings are one document: merge the two")
    if not documents and not unreadable:
        problems.add(Place(SETTINGS, 1, 1), "it is empty: write version, provider, endpoint and company_id")
    return _read(documents[0].root, vendors, problems) if documents else _STAND_IN


def _is_absent(path: Path) -> bool:
    try:
        path.lstat()
    except OSError as error:
        return isinstance(error, FileNotFoundError)
    return False


_STAND_IN = Settings(1, "", SANDBOX, "1")


def _read(root: Map, vendors: Mapping[str, Terms], problems: Problems) -> Settings:
    fields = Fields(root, Place(SETTINGS, root.line, root.column), SETTINGS, problems)
    first = next(iter(vendors))
    provider = fields.need("provider", _word("provider", tuple(vendors)), first, first)
    settings = Settings(
        version=fields.need("version", _version, 1, "1"),
        provider=provider,
        endpoint=fields.need("endpoint", _endpoint, SANDBOX, SANDBOX),
        company_id=fields.need("company_id", _company_id, "1", "2345"),
        credentials=_credentials(fields.sub("credentials"), vendors[provider], provider),
        limits=_limits(fields.sub("limits")),
        policy=_policy(fields.sub("policy")),
        defaults=_defaults(fields.sub("defaults")),
        state=_state(fields),
        lint=read_lint(fields.sub("lint")),
        places={key: fields.value_place(key) for key in root},
    )
    fields.close()
    if (
        settings.endpoint == SANDBOX
        and "company_id" in root
        and (strange := settings.strange_to_sandbox(vendors[provider]))
    ):
        problems.add(settings.place("company_id"), strange.message)
    return settings


def _state(fields: Fields) -> RemoteState | None:
    raw = fields.take("state", _as_written, None)
    return None if raw is None else read_remote_state(raw, fields, fields.value_place("state"))


def _as_written(raw: Any) -> Any:
    return raw


def _version(raw: Any) -> int:
    if raw != "1":
        raise refused(raw, "is no version of the settings that is known here", "1")
    return 1


def _endpoint(raw: Any) -> str:
    if raw == SANDBOX:
        return SANDBOX
    if not isinstance(raw, str) or "://" not in raw:
        raise refused(raw, "has no scheme", f"{SANDBOX} or https://{parse_url(raw)}")
    parse_endpoint(raw)
    return raw.rstrip("/")


def _company_id(raw: Any) -> str:
    return str(_at_least(1)(raw))


def _at_least(least: int) -> Callable[[Any], int]:
    def parse(raw: Any) -> int:
        number = parse_int(raw)
        if number < least:
            raise refused(raw, "is too small", f"{least} or more")
        return number

    return parse


def _word(what: str, choices: tuple[T, ...]) -> Callable[[Any], T]:
    def parse(raw: Any) -> T:
        if raw in choices:
            return choices[choices.index(raw)]
        words = [str(choice) for choice in choices]
        remedy = meant(str(raw), words, f"write {' or '.join(words)}")
        raise ValueError(f"{said(raw)} is no {what}: {remedy}")

    return parse


def _credentials(fields: Fields, vendor: Terms, provider: str) -> dict[str, Credential]:
    found = {}
    for name in vendor.credentials:
        text = fields.take(name, _credential, "")
        try:
            if text:
                found[name] = Credential(name, fields.value_place(name), text)
                if name not in vendor.plain and text != vendor.sandbox.get(name):
                    found[name].refuse_literal(provider)
        except ValueError as error:
            fields.problems.add(fields.value_place(name), f"{name}: {error}")
    fields.close()
    return found


def _credential(raw: Any) -> str:
    if not isinstance(raw, str) or not raw:
        raise refused(raw, "is no credential", "${env:NAME}")
    return raw


def _limits(fields: Fields) -> Limits:
    usual = Limits()
    limits = Limits(
        concurrency=fields.take("concurrency", _at_least(1), usual.concurrency),
        calls_per_second=fields.take("calls_per_second", _pace, usual.calls_per_second),
        settle=fields.take("settle", _seconds, usual.settle),
        body=fields.take("body", _word("form of a body", _BODIES), usual.body),
    )
    fields.close()
    return limits


def _pace(raw: Any) -> Decimal | None:
    if raw is None:
        return None
    pace = _seconds(raw)
    if not pace:
        raise refused(raw, "would never call", "null for no pace, or 1 or more")
    return pace


def _seconds(raw: Any) -> Decimal | None:
    """A number, not negative; null leaves the choice to others."""
    try:
        return None if raw is None else parse_money(raw)
    except ValueError:
        found = _WITH_UNIT.fullmatch(str(raw).strip())
        raise refused(raw, "is no plain number", found[1] if found else "one such as 20 or 0.5") from None


def _policy(fields: Fields) -> PolicySettings:
    usual = PolicySettings()
    policy = PolicySettings(
        prune=fields.take("prune", _word("way to prune", _PRUNES), usual.prune),
        max_destroy=fields.take("max_destroy", parse_limit, usual.max_destroy),
        max_update=fields.take("max_update", parse_limit, usual.max_update),
    )
    fields.close()
    return policy


def _defaults(fields: Fields) -> dict[str, Default]:
    found = {}
    for section in _DEFAULTS:
        node = fields.take(section, _mapping, None)
        if node is not None:
            found[section] = Default(node, fields.key_place(section))
    fields.close()
    return found


def _mapping(raw: Any) -> Map | None:
    if isinstance(raw, Map):
        return raw
    raise refused(raw, "is no mapping of fields to values", "{country: US}, for example")
