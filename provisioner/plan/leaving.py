"""What is live and no longer, or never was, in the manifests: delete it, forget it, or leave it alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from provisioner.kinds import BY_NAME, Address, Resource
from provisioner.kinds.desired import Removal
from provisioner.kinds.live import Live
from provisioner.plan.change import Action, Change, FieldChange
from provisioner.plan.draft import Draft, Request
from provisioner.state.model import Record


@dataclass(frozen=True, slots=True)
class Leaving:
    """Plans what is not declared."""

    request: Request
    draft: Draft

    def recorded(self, address: Address, record: Record) -> None:
        request = self.request
        removal = request.desired.removed.get(address)
        live = request.matches.live.get(address)
        if not self._was_read(address):
            self._forget(
                address, record, live, f"its account {address.account} left the manifests; nothing in it is touched"
            )
        elif live is None:
            self.draft.refreshed[address] = None
        elif removal is not None:
            self._reviewed(address, record, live, removal)
        elif kept := self._kept_with(address):
            self._forget(address, record, live, f"it stays with {kept}, which stays live")
        else:
            self._leaves(address, record, live)

    def renamed(self, address: Address, old: Address) -> None:
        """A relation that left the manifests while a member of it was renamed: its record moves, then it goes."""
        record = self.request.state.records[old]
        self.draft.refreshed |= {old: None, address: record}
        self.recorded(address, record)

    def _was_read(self, address: Address) -> bool:
        return address.account in self.request.desired.accounts

    def _kept_with(self, address: Address) -> Address | None:
        """The object that a relation stays with: one that is reviewed to be deactivated or forgotten, not deleted."""
        removed = self.request.desired.removed
        members = (
            Address(address.account, kind, (key,))
            for kind, key in zip(BY_NAME[address.kind].key_kinds, address.key, strict=False)
        )
        return next((each for each in members if each in removed and removed[each].how != "delete"), None)

    def _leaves(self, address: Address, record: Record, live: Live) -> None:
        kind, prune = BY_NAME[address.kind], self.request.policy.prune
        never = self._never_deleted(kind, live)
        if never:
            self._forget(address, record, live, f"{never}; it stays live, unmanaged")
        elif self._in_whole_set(address):
            self._surplus(address, live, record)
        elif prune == "never":
            self._forget(address, record, live, "no longer in the manifests (prune: never)")
        elif record.owned or prune == "all":
            self._delete(address, record, live, "destroy" if self.request.destroy else "no longer in the manifests")
        else:
            self._forget(
                address,
                record,
                live,
                "no longer in the manifests, and not made by us: it stays live. "
                f"To delete it, run provisioner state own {address} first",
            )

    def _never_deleted(self, kind: type[Resource], live: Live) -> str:
        """Why this one can never be deleted; "" when it can."""
        if not kind.removable:
            return f"{kind.with_article()} is never deleted"
        if Action.DELETE in self.request.cannot.get(kind.kind, ()):
            return f"the vendor cannot delete {kind.with_article()}"
        kept = kind.kept_roles & live.roles
        return f"the {next(iter(kept))} {kind.title} can never be deleted" if kept else ""

    def _reviewed(self, address: Address, record: Record, live: Live, removal: Removal) -> None:
        never = self._never_deleted(BY_NAME[address.kind], live)
        if removal.how == "delete" and never:
            self.draft.problem(removal.place, f"{address}: {never}: write how: forget")
        elif removal.how == "delete":
            self._delete(address, record, live, "listed under removed:", place=removal, reviewed=True)
        elif removal.how == "forget":
            self._forget(address, record, live, "listed under removed: forget", place=removal)
        else:
            self._deactivate(address, record, live, removal)

    def unrecorded(self, address: Address, removal: Removal) -> None:
        """Something listed for removal that the state does not know: it may be live all the same."""
        if removal.how != "forget":
            found = "so that it is found by name" if BY_NAME[address.kind].is_found() else "and import it by its id"
            self.draft.notes.append(
                f"{address}: listed under removed: and not in the state; nothing to {removal.how} "
                f"(drop the line, {removal.place}, or declare it first {found})"
            )

    def _deactivate(self, address: Address, record: Record, live: Live, removal: Removal) -> None:
        kind = BY_NAME[address.kind]
        if "active" not in kind.model_fields:
            self.draft.problem(
                removal.place, f"{kind.with_article()} cannot be deactivated: write how: delete or how: forget"
            )
        elif live.fields.get("active") is False:
            self._forget(address, record, live, "listed under removed: deactivate, and inactive", place=removal)
        else:
            change = FieldChange("active", live.fields.get("active"), False, place=removal.place)
            self.draft.changes.append(
                Change(
                    address,
                    Action.UPDATE,
                    "listed under removed: deactivate",
                    id=live.id,
                    fields=(change,),
                    place=removal.place,
                    values={"active": False},
                    live=live,
                    record=None,
                )
            )

    def _forget(
        self, address: Address, record: Record, live: Live | None, reason: str, *, place: Removal | None = None
    ) -> None:
        self.draft.changes.append(
            Change(
                address,
                Action.FORGET,
                reason,
                id=record.id,
                live=live,
                place=place.place if place else None,
                reviewed=place is not None,
            )
        )

    def _delete(
        self,
        address: Address,
        record: Record,
        live: Live,
        reason: str,
        *,
        place: Removal | None = None,
        reviewed: bool = False,
    ) -> None:
        self.draft.changes.append(
            Change(
                address,
                Action.DELETE,
                reason,
                id=live.id,
                live=live,
                record=record,
                place=place.place if place else None,
                reviewed=reviewed,
            )
        )

    def live(self, address: Address, live: Live) -> None:
        """A live relation inside a named whole set that nobody wants and nobody recorded."""
        if self._unwanted(address):
            self._surplus(address, live)

    def _unwanted(self, address: Address) -> bool:
        return (
            address not in self.request.desired.resources
            and address not in self.request.state.records
            and address not in self.request.matches.moved
            and self._in_whole_set(address)
        )

    def _in_whole_set(self, address: Address) -> bool:
        whole = BY_NAME[address.kind].whole
        return whole > 0 and address._replace(key=address.key[:whole]) in self.request.desired.whole

    def _surplus(self, address: Address, live: Live, record: Record | None = None) -> None:
        place = self.request.desired.whole[address._replace(key=address.key[: BY_NAME[address.kind].whole])]
        reason = f"not among those named for {'/'.join(address.key[:2])}"
        self.draft.changes.append(
            Change(address, Action.DELETE, reason, id=live.id, live=live, place=place, record=record or Record(live.id))
        )

    def unmanaged(self, scope: str, pool: Iterable[Live]) -> None:
        for live in pool:
            kind = BY_NAME[live.kind]
            known = (scope, live.kind, live.id) in self.request.matches.address
            if known or self._never_deleted(kind, live):
                continue
            address = Address(scope, live.kind, (f"id:{live.id}",))
            if self.request.selected(address):
                self._delete(address, Record(live.id), live, "live and not in the manifests (prune: all)")
