"""What no two objects may share, and what comes along with something else: the order that a vendor forces."""

import pytest

from provisioner.errors import ManifestError
from provisioner.kinds.desired import Desired, Lifecycle, Removal
from provisioner.plan.change import Action
from tests.support import HERE, Tenant, change, declare, manifests, tell


def employee(address: str, email: str) -> Desired:
    return manifests(declare(address, email=email, first_name="F", last_name="L"))


def both(*desired: Desired, accounts: tuple[str, ...] = ()) -> Desired:
    return manifests(*(d for each in desired for d in each.resources.values()), accounts=accounts)


def test_an_email_moves_from_someone_who_leaves_to_someone_who_stays() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(both(employee("employee/ana", "ana@x.example"), employee("employee/bob", "bob@x.example")))
        await tenant.settle(employee("employee/ana", "bob@x.example"))

    tell(story)


@pytest.mark.parametrize("newcomer", ["aaa", "zoe"])
def test_an_email_goes_to_a_newcomer_once_its_holder_gave_it_up(newcomer: str) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(employee("employee/kim", "shared@x.example"))
        kept = employee("employee/kim", "kim@x.example")
        await tenant.settle(both(kept, employee(f"employee/{newcomer}", "shared@x.example")))

    tell(story)


def test_two_who_exchange_emails_are_told_how() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(both(employee("employee/ana", "a@x.example"), employee("employee/bob", "b@x.example")))
        swapped = both(employee("employee/ana", "b@x.example"), employee("employee/bob", "a@x.example"))
        with pytest.raises(ManifestError, match="employee/ana and employee/bob exchange a value"):
            await tenant.plan(swapped)

    tell(story)


@pytest.mark.parametrize("how", ["deactivate", "forget"])
def test_what_is_kept_live_keeps_its_hours_and_links(how: str) -> None:
    week = [{"dates": "2027", "week": {"mon": "09:00-17:00"}}]

    async def story(tenant: Tenant) -> None:
        place = declare("location/x", name="X")
        menu = declare("service/cut", name="Cut", duration="45 min")
        ana = declare("employee/ana", email="ana@x.example", first_name="Ana", last_name="Diaz")
        of_her = (declare("link/ana/x/cut"), declare("hours/ana/x", hours=week), declare("away/ana", away=["2027-02"]))
        await tenant.settle(manifests(place, menu, ana, *of_her))
        before = await tenant.dump()
        removed = {"employee/ana": Removal(how, HERE)}  # type: ignore[arg-type]
        ran = await tenant.apply(manifests(place, menu, removed=removed))
        after = await tenant.dump()
        assert (after["links"], after["availability"]) == (before["links"], before["availability"])
        assert not ran.planned.of(Action.DELETE)
        assert [e["status"] for e in after["employees"] if e["email"] == "ana@x.example"] == [how == "forget"]

    tell(story)


def test_a_renamed_account_keeps_what_is_ours_in_it() -> None:
    def chain(key: str, *was: str) -> Desired:
        account = declare(
            f"account/{key}",
            Lifecycle(was=was),
            company_name="West",
            nick_name="west",
            email="o@w.example",
            password="pw",
        )
        inside = declare(f"{key}/service/cut", name="Cut", duration="45 min")
        place = declare(f"{key}/location/x", name="X")
        return manifests(account, inside, place, accounts=[key])

    async def story(tenant: Tenant) -> None:
        await tenant.settle(chain("west"))
        owned = {str(a): r.owned for a, r in tenant.state.records.items()}
        ran = await tenant.settle(chain("pacific", "west"))
        assert not ran.planned.calls
        assert {str(a).replace("pacific", "west"): r.owned for a, r in tenant.state.records.items()} == owned

    tell(story)


def test_a_plan_that_only_forgets_has_a_digest_of_its_own() -> None:
    async def story(tenant: Tenant) -> None:
        service = declare("service/cut", name="Cut", duration="45 min")
        await tenant.settle(manifests(service))
        nothing = await tenant.plan(manifests(service))
        forgets = await tenant.plan(manifests(removed={"service/cut": Removal("forget", HERE)}))
        assert nothing.plan.digest != forgets.plan.digest

    tell(story)


def test_a_field_that_cannot_be_read_is_sent_when_it_is_first_named() -> None:
    async def story(tenant: Tenant) -> None:
        ana = employee("employee/ana", "ana@x.example")
        await tenant.settle(ana)
        (declared,) = ana.resources.values()
        await tenant.settle(manifests(change(declared, youtube="https://y.example/ana")))
        held = [e["youtube"] for e in (await tenant.dump())["employees"] if e["email"] == "ana@x.example"]
        assert held == ["https://y.example/ana"]

    tell(story)


def test_a_role_that_another_one_has_cannot_be_claimed_by_a_newcomer() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(declare("location/a", name="X", main="true")))
        moved = manifests(declare("location/a", name="Y"), declare("location/b", name="Z", main="true"))
        with pytest.raises(ManifestError, match="location/b claims to be the main location, which is location/a"):
            await tenant.plan(moved)

    tell(story)


def test_a_rename_to_a_key_that_is_recorded_as_something_else_is_refused() -> None:
    async def story(tenant: Tenant) -> None:
        services = [declare(f"service/{key}", name=key.upper(), duration="45 min") for key in ("a", "b")]
        await tenant.settle(manifests(*services))
        with pytest.raises(ManifestError, match="service/b was service/a, and the state has another object"):
            await tenant.plan(manifests(declare("service/b", Lifecycle(was=("a",)), name="A", duration="45 min")))

    tell(story)


def test_a_new_key_found_by_its_role_or_its_pin_stays_ours() -> None:
    async def story(tenant: Tenant) -> None:
        one = declare("service/a", name="A", duration="45 min")
        await tenant.settle(manifests(one, declare("location/old", name="X", main="true")))
        pin = Lifecycle(id=str(tenant.id("service/a")))
        again = declare("service/b", pin, name="A", duration="45 min")
        await tenant.settle(manifests(again, declare("location/new", name="X", main="true")))
        assert {str(a): r.owned for a, r in tenant.state.records.items()} == {"service/b": True, "location/new": False}

    tell(story)
