"""The schema of `provisioner.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from provisioner.kinds import BY_SECTION, patterns
from provisioner.lint import RULES
from provisioner.lint.rule import Severity
from provisioner.manifest.settings import SANDBOX, Body, Prune
from provisioner.schema.manifest import DRAFT
from provisioner.schema.resource import definition, definitions
from provisioner.schema.words import kind_words
from provisioner.schema.written import Schema, advise, plain

_CREDENTIAL = r"^(?:[^$]|\$(?!\{)|\$\$\{|\$\{env:[A-Za-z_][A-Za-z0-9_]*\})+$"
_ENDPOINT = {"type": "string", "pattern": rf"^(?:{SANDBOX}|[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#@]+(?:/[^\s?#]*)?)$"}
_STATE = (
    r"^(?:[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#@]+(?:/[^\s?#]*)?|postgres(?:ql)?://[^\s/?#@]+/[\w-]+(?:\?sslmode=[a-z-]+)?"
    r"|\$\{env:[A-Za-z_][A-Za-z0-9_]*\}(?:/[\w.~%-]+)*)$"
)
_FROM_ONE = {**patterns.WHOLE, "minimum": 1}


def settings_schema(vendors: Mapping[str, Sequence[str]]) -> Schema:
    """What may stand in the settings; `vendors` has each provider's name with the names of its credentials."""
    names = dict.fromkeys(name for credentials in vendors.values() for name in credentials)
    properties = {
        "version": _said("The version of the settings. Required.", {"enum": [1, "1"]}, "1"),
        "provider": _said("The vendor. Required.", {"enum": [*vendors]}, " or ".join(vendors)),
        "endpoint": _said(
            "Where the vendor is: sandbox, the embedded look-alike, or a web address. Required.",
            {**_ENDPOINT, "examples": [SANDBOX]},
            f"{SANDBOX}, or an address such as https://www.example.com/api/v2",
        ),
        "company_id": _said(
            "The account that is acted as, called the parent. Required.", _FROM_ONE, "a whole number from 1"
        ),
        "credentials": _map("Who signs in. A sandbox needs none.", {name: _credential(name) for name in names}),
        "limits": _map("How the vendor is called.", _limits()),
        "policy": _map("How far a plan may go by itself.", _policy()),
        "state": _state(),
        "lint": _map("Which rules of lint are off, and how bad the others are.", _lint()),
        "defaults": _map("Fields that every resource of a section has unless a document says otherwise.", _defaults()),
    }
    return {
        "$schema": DRAFT,
        "title": "Provisioner settings",
        "description": "The settings of a workspace: provisioner.yaml.",
        "type": "object",
        "properties": properties,
        "required": ["version", "provider", "endpoint", "company_id"],
        "additionalProperties": False,
        "definitions": definitions(),
    }


def _said(description: str, value: Schema, grammar: str) -> Schema:
    return {"description": description, **plain(value, grammar)}


def _map(description: str, properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "additionalProperties": False,
    }


def _credential(name: str) -> Schema:
    return {
        "description": f"The {name} that signs in, from a variable of the environment.",
        "type": "string",
        "pattern": _CREDENTIAL,
        **advise("only the environment is asked for a credential: write ${env:NAME}"),
        "examples": [f"${{env:{name.upper()}}}"],
    }


def _state() -> Schema:
    address = {
        "description": "Where it is kept: the address of a document or a database, or the variable that holds it.",
        "type": "string",
        "pattern": _STATE,
        **advise("write https://HOST/PATH, postgresql://HOST/DATABASE or ${env:NAME}"),
        "examples": ["${env:PROVISIONER_STATE}"],
    }
    method = {"type": "string", "pattern": "^[A-Z]{1,20}$"}
    whole = _map(
        "A server of the HTTP state protocol that is locked at an address, or with methods, of its own.",
        {
            "address": address,
            "lock_address": {**address, "description": "Where it is locked. Default: the address itself."},
            "unlock_address": {**address, "description": "Where it is unlocked. Default: where it is locked."},
            "lock_method": _said("The method that locks. Default: LOCK.", method, "a method such as POST"),
            "unlock_method": _said("The method that unlocks. Default: UNLOCK.", method, "a method such as DELETE"),
        },
    )
    return {"description": "Where the state is kept. Default: in the workspace.", "anyOf": [address, whole]}


def _limits() -> dict[str, Schema]:
    seconds = {"type": ["number", "string", "null"], "minimum": 0, "pattern": patterns.MONEY["pattern"]}
    return {
        "concurrency": _said("How many requests are in flight at once. Default: 16.", _FROM_ONE, "1 or more"),
        "calls_per_second": _said(
            "How many requests leave in a second; null is no pace. A sandbox is never paced. Default: 20.",
            seconds,
            "a number, or null for no pace",
        ),
        "settle": _said(
            "Seconds after which an interrupted create can no longer appear. Default: 60, in a sandbox 2.",
            seconds,
            "a number of seconds",
        ),
        "body": _said(
            "Whether a request's body is the object, or {data: object}. Default: raw.", {"enum": [*get_args(Body)]}, ""
        ),
    }


def _policy() -> dict[str, Schema]:
    return {
        "prune": _said(
            "What happens to what leaves the manifests: owned destroys what we made, never and all say so. "
            "Default: owned.",
            {"enum": [*get_args(Prune)]},
            "",
        ),
        "max_destroy": _said(
            "How much a plan may destroy, of each kind and account. Default: [10, 30%].",
            {**patterns.LIMIT},
            "10, 30% or [10, 30%]",
        ),
        "max_update": _said(
            "How much a plan may update, of each kind and account. Default: 50%.",
            {**patterns.LIMIT},
            "10, 30% or [10, 30%]",
        ),
    }


def _defaults() -> dict[str, Schema]:
    kinds = {section: kind for section, kind in BY_SECTION.items() if not (kind.key_kinds or kind.lists)}
    return {name: {"description": kind_words(kind), "allOf": [definition(kind)]} for name, kind in kinds.items()}


def _lint() -> dict[str, Schema]:
    words = {"enum": ["off", *map(str, Severity)]}
    globs = {"type": "array", "items": {"type": "string"}, "examples": [["west/service/*"]]}
    each = _map(
        "How bad it is, and whom it leaves alone.",
        {
            "severity": {"description": "How bad it is, or off.", **words},
            "except": {"description": "Addresses that it leaves alone; globs are allowed.", **globs},
        },
    )
    about = "Off, how bad it is, or both that and whom it leaves alone."
    return {rule.name: {"description": f"{about} Default: {rule.severity}.", "anyOf": [words, each]} for rule in RULES}
