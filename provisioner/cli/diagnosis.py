"""All read-only checks of `doctor`, from this computer outwards: what fails close by is not looked for far away."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioner.cli import own_checks, tenant
from provisioner.cli.options import Options
from provisioner.cli.progress import Looking
from provisioner.cli.proxies import proxy_to
from provisioner.cli.stores import state_store
from provisioner.errors import ProvisionerError
from provisioner.finding import Finding, Mark, Section, failed, passed, skipped
from provisioner.manifest import Settings, load_settings
from provisioner.manifest.endpoint import parse_endpoint
from provisioner.providers import BY_NAME
from provisioner.providers.base import Vendor
from provisioner.providers.reach import Door, reach
from provisioner.report.head import Banner

HERE, WAY, THERE = "This workspace", "The way there", "The account"


@dataclass(slots=True)
class Diagnosis:
    """One run of the checks. After `sections` it says whose tenant was looked at."""

    root: Path
    options: Options
    banner: Banner | None = None

    def __str__(self) -> str:
        return f"Doctor   {self.banner or 'of no tenant: the settings name none'}"

    @property
    def about(self) -> dict[str, Any]:
        """The same for `--json`."""
        if self.banner is None:
            return {}
        return {"host": self.banner.host, "company_id": self.banner.company_id, "sandbox": self.banner.sandbox}

    async def sections(self) -> list[Section]:
        """Every finding."""
        here: list[Finding] = [own_checks.version()]
        settings, found = self._settings()
        here.append(found)
        if settings is None:
            why = "the settings cannot be read"
            return [Section(HERE, (*here, skipped("Manifests", why))), _unseen(WAY, why), _unseen(THERE, why)]
        workspace, found = own_checks.manifests(self.root, self.options)
        here.append(found)
        place, endpoint = self._place(settings)
        if place is None:
            why = "credentials may not go to the endpoint"
            return [Section(HERE, tuple(here)), Section(WAY, (endpoint,)), _unseen(THERE, why)]
        vendor = BY_NAME[settings.provider]
        dialect = own_checks.dialect(own_checks.dialect_file(self.root, place), settings, vendor.probe is not None)
        wanting = workspace.unset if workspace else ()
        here.append(own_checks.variables(settings, vendor, place, os.environ, wanting))
        here += own_checks.secrets(self.root, settings, vendor)
        here += [*self._remembered(settings, place), dialect]
        self.banner = Banner(place.sandbox, place.tenant.host, place.tenant.company_id, "", place.embedded)
        way = [endpoint, *await self._reach(place)]
        if any(finding.mark is Mark.FAIL for finding in way):
            there = _unseen(THERE, "it cannot be reached")
        else:
            there = Section(THERE, tuple(await self._examine(settings, place, vendor)))
        return [Section(HERE, tuple(here)), Section(WAY, tuple(way)), there]

    def _remembered(self, settings: Settings, place: tenant.Place) -> list[Finding]:
        try:
            return own_checks.remembered(state_store(self.root, settings, place))
        except ProvisionerError as error:
            return [own_checks.unreadable("State", error)]

    def _settings(self) -> tuple[Settings | None, Finding]:
        check = "Settings"
        try:
            settings = load_settings(self.root, BY_NAME)
        except ProvisionerError as error:
            return None, own_checks.unreadable(check, error)
        limits = settings.limits
        pace = f"{limits.calls_per_second} a second" if limits.calls_per_second else "unpaced"
        return settings, passed(check, f"{settings.provider}, up to {limits.concurrency} requests at once, {pace}")

    def _place(self, settings: Settings) -> tuple[tenant.Place | None, Finding]:
        check = "Endpoint"
        try:
            place = tenant.locate(settings, self.options.endpoint)
        except ProvisionerError as error:
            return None, failed(check, str(error))
        if place.embedded:
            return place, passed(check, "the embedded sandbox, which runs in this process")
        kind = "a sandbox on this computer" if place.sandbox else "credentials may go there"
        return place, passed(check, f"{place.tenant.host}: {kind}")

    async def _reach(self, place: tenant.Place) -> list[Finding]:
        if place.embedded:
            return []
        endpoint = parse_endpoint(place.endpoint)
        try:
            proxy = proxy_to(endpoint)
        except ProvisionerError as error:
            return [failed("Proxy", str(error))]
        door = Door(endpoint.host, endpoint.port, endpoint.scheme == "https")
        return await reach(door, proxy)

    async def _examine(self, settings: Settings, place: tenant.Place, vendor: Vendor) -> list[Finding]:
        findings: list[Finding] = []
        try:
            with tenant.way_to(self.root, settings, place) as connection:
                checkup = vendor.check_up(connection)
                try:
                    with Looking() as looking:
                        async for finding in checkup.examine():
                            findings.append(finding)
                            looking(len(findings), finding.check)
                finally:
                    await checkup.close()
                if checkup.name and self.banner:
                    self.banner = Banner(
                        place.sandbox, place.tenant.host, place.tenant.company_id, checkup.name, place.embedded
                    )
        except ProvisionerError as error:
            findings.append(own_checks.unreadable("Sign-in", error))
        return findings


def _unseen(title: str, why: str) -> Section:
    return Section(title, (skipped(title, why),))
