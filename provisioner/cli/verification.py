"""One verification from a signed-in provider to its report: shared by `verify` and `apply --verify`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from provisioner.cli.compose import estimate
from provisioner.cli.console import terminal_width
from provisioner.cli.progress import Reading
from provisioner.cli.say import say, show
from provisioner.cli.tenant import Place
from provisioner.manifest import Workspace
from provisioner.providers.base import Provider
from provisioner.providers.clock import Clock
from provisioner.report.head import Banner, spelled_time
from provisioner.report.style import Style
from provisioner.report.verified import verified_text
from provisioner.stage import stage
from provisioner.state.model import State
from provisioner.verify.result import Verified
from provisioner.verify.verification import Verification, Wish

MANY = 200
"""Questions from which on it is told before they are put."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a tenant."""

    workspace: Workspace
    place: Place
    provider: Provider
    state: State
    wish: Wish
    clock: Clock = field(default_factory=Clock)

    async def run(self) -> tuple[Verified, int]:
        """What was found, and how many reads it took. Raises what a verification raises."""
        before = self.provider.traffic.reads
        with stage("verify"), Reading("Asking", "questions") as told:
            found = await Verification(
                self.provider,
                self.workspace.desired,
                self.state,
                self.place.tenant.company_id,
                self.wish,
                self._now,
                self._announce,
                told,
            ).run()
        return found, self.provider.traffic.reads - before

    def banner(self) -> Banner:
        """Whose tenant it is."""
        place = self.place
        return Banner(place.sandbox, place.tenant.host, place.tenant.company_id, self.provider.name, place.embedded)

    def show(self, found: Verified, reads: int, *, style: Style) -> None:
        """Print it."""
        show(verified_text(found, self.banner(), reads, terminal_width()), style=style)

    def _now(self) -> datetime:
        return self.clock.moment()

    def _announce(self, asked: int, published: int) -> None:
        """Say how much there is to ask, where that takes a while."""
        if asked < MANY:
            return
        settings, traffic = self.workspace.settings, self.provider.traffic
        pace = self.place.pace(settings)
        seconds = estimate(traffic.reads, traffic.seconds, asked, settings.limits.concurrency, pace)
        fewer = "" if asked < published else "; --sample N asks fewer"
        say(f"Asking {asked:,} times when something can be booked, about {spelled_time(seconds)}{fewer}.", err=True)
