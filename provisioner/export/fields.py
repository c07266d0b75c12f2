"""The fields of one live object that are written: what is neither usual nor computed, and can be said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.export.entry import Look, Sort, Variable
from provisioner.export.spelling import Odd, Spelled, accepted, spelled
from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.base import Spec, specs
from provisioner.kinds.live import Live
from provisioner.kinds.values import Duration, text_duration

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Usual:
    """What need not be written of a kind."""

    fresh: Mapping[str, Any] = field(default_factory=dict)
    """What a new object has."""
    computed: frozenset[str] = frozenset()
    """What the vendor computes."""
    imposed: Mapping[str, Any] = field(default_factory=dict)
    """What the settings' `defaults` give every object of the kind, as the manifests spell it."""


@dataclass(slots=True)
class Fields:
    """The fields of one object, found one by one."""

    address: Address
    live: Live
    usual: Usual
    mended: Mapping[str, str]
    """Fields that turned out not to do, and why."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Fields whose value cannot be written for a reason that lies outside of it."""
    skipped: frozenset[str] = frozenset()
    found: dict[str, Any] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    hopeless: str = ""
    """Why the object cannot be declared at all."""

    def find(self) -> None:
        """Go through all fields of the kind."""
        for name, spec in specs(BY_NAME[self.address.kind]).items():
            if spec.role:
                if spec.role in self.live.roles:
                    self.found[name] = True
            elif name not in self.skipped:
                self._field(name, spec)

    def _field(self, name: str, spec: Spec) -> None:
        if spec.sensitive:
            if name in self.live.secrets:
                self.found[name] = Variable(name)
        elif spec.from_file:
            self._content(name)
        elif not spec.at_creation and (name in self.live.fields or spec.required):
            self._plain(name, spec)

    def _content(self, name: str) -> None:
        live = self.live.fields.get(name)
        if live is not None:
            reason = "what is live cannot be fetched: to manage it, put the file into the workspace and write its path"
            self._look(Sort.CONTENT, name, f"it has one ({live}); {reason}", reason)

    def _plain(self, name: str, spec: Spec) -> None:
        value = self.live.fields.get(name)
        imposed = name in self.usual.imposed
        unusual = name not in self.usual.computed and not self._is_usual(name, spec, value)
        if not (spec.required or unusual or imposed):
            return
        written = self._spelled(name, value)
        if isinstance(written, Odd):
            self._odd(name, spec, written, imposed=imposed)
        elif not imposed or written.value != self.usual.imposed[name]:
            self.found[name] = written.value

    def _is_usual(self, name: str, spec: Spec, value: Any) -> bool:
        """Whether it is what a new object has: nothing, no or 0 where that is not told."""
        if value is None:
            return True
        if spec.create_default:
            return bool(value == spec.create_default.value)
        return bool(value == self.usual.fresh[name]) if name in self.usual.fresh else not value

    def _spelled(self, name: str, value: Any) -> Spelled | Odd:
        if reason := self.mended.get(name) or self.refused.get(name):
            written = spelled(self.address.kind, name, value)
            return Odd(written.shown if isinstance(written, Odd) else str(written.value), reason)
        if value is None and not accepted(self.address.kind, name, None):
            return Odd("", "it has none")
        return spelled(self.address.kind, name, value)

    def _odd(self, name: str, spec: Spec, odd: Odd, *, imposed: bool) -> None:
        said = f"what is live is {odd.shown}: {odd.why}" if odd.shown else odd.why
        said = "what is live does not validate" if spec.personal else said
        stand_in = self._stand_in(name, spec) if spec.required else None
        if spec.required and stand_in is None:
            self.hopeless = self.hopeless or f"{name}: {said}"
        elif spec.required:
            self.found[name] = stand_in
            self.ignored.append(name)
            self._look(Sort.INVALID, name, f"{said}. It stays so: what stands here is ignored")
        else:
            self.ignored += [name] if imposed else []
            self._look(Sort.INVALID, name, f"{said}. It is not managed and stays so")

    def _stand_in(self, name: str, spec: Spec) -> Any:
        """What can stand in the place of a required field, to be ignored; None when nothing can."""
        value, kind = self.live.fields.get(name), self.address.kind
        choices: list[Any] = []
        match spec.form.name:
            case "text":
                choices = [_CONTROLS.sub(" ", str(value or "")).strip(), "unknown"]
            case "e-mail":
                choices = [f"id-{self.live.id}@unknown.invalid"]
            case "duration":
                minutes = max(1, int(value)) if isinstance(value, Duration) else 60
                choices = [text_duration(minutes + -minutes % step) for step in (5, 15, 60, 1440)]
        return next((each for each in choices if accepted(kind, name, each)), None)

    def _look(self, sort: Sort, name: str, reason: str, group: str = "") -> None:
        self.looks.append(Look(sort, str(self.address), name, reason, group))
