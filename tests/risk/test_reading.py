"""What is read for it, whose it is, what cannot be read, and what somebody allowed."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.kinds.desired import Declared, Desired, Removal
from provisioner.plan.change import Plan
from provisioner.plan.stranding import UNKNOWN_FATE
from provisioner.report.html.page import plan_html
from provisioner.report.json import plan_json
from provisioner.report.markdown import plan_markdown
from provisioner.report.text import Banner, Effort, plan_text
from provisioner.sandbox.tables import appointments
from tests.report.printing import printed
from tests.risk.diary import BENS, DIARY, HAIRCUT, HOURS, NOW, PARENT, SALON, UP, YOGA, Diary, Entry
from tests.support import HERE, Tenant, at, change, declare, manifests, replaced, tell, without

BANNER, EFFORT = Banner(sandbox=True, host="sandbox", company_id="2345"), Effort(1, 1, 1)
NO_SATURDAYS = replaced(SALON, change(HOURS, hours=[{"dates": "2026-01-01..2027-12-31", "week": {
    "mon-fri": "09:00-17:00"}}]))  # fmt: skip
NO_BEN = without(SALON, "employee/ben", "hours/ben/downtown", "link/ben/downtown/haircut")
NEVER_BEN = replaced(SALON, change(BENS, hours=[]))


def text(plan: Plan, **options: Any) -> str:
    return plan_text(plan, BANNER, EFFORT, **options)


def test_nothing_is_read_when_nothing_can_strand() -> None:
    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open()
        await tenant.clear_calls()
        _, plan = await diary.planned(replaced(SALON, change(HAIRCUT, price="40")))
        assert plan.booked is None
        assert not [call for call in await tenant.calls() if call["path"].endswith("/appointment")]

    tell(story)


def test_one_list_for_an_account_and_nothing_else_where_the_plan_read_the_rest() -> None:
    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open()
        await tenant.clear_calls()
        await diary.planned(SALON)
        before = len(await tenant.calls())
        await tenant.clear_calls()
        await diary.planned(replaced(NO_SATURDAYS, change(YOGA, active=False)))
        more = (await tenant.calls())[before:]
        assert [call["path"].rpartition("/")[2] for call in more] == ["appointment"]

    tell(story)


def test_lists_and_hours_that_the_plan_had_no_need_of_are_read_when_they_decide() -> None:
    """Manifests with nothing but holidays: who works then, and whether at all, has to be asked for."""

    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open()
        holidays = manifests(
            SALON.resources[at("holiday/new-year")], declare("holiday/x", name="X", dates="2026-10-03")
        )
        others = {a: record for a, record in tenant.state.records.items() if a.kind == "holiday"}
        tenant.state = type(tenant.state)(tenant.state.tenant, tenant.state.lineage, tenant.state.serial, others)
        await tenant.clear_calls()
        _, plan = await diary.planned(holidays)
        assert diary.told(plan) == {"holiday/x": ["sat-1", "sat-ben"]}, "sat-off is outside of the hours anyway"
        asked = [call["path"].removeprefix("/api/v2/").rstrip("0123456789") for call in await tenant.calls()]
        assert sorted(asked) == ["appointment", "availability/getHoliday", "employee", *[
            "employee/getAvailabilityTime/"] * 2, "location", "service"]  # fmt: skip

    tell(story)


def test_another_account_has_its_own_diary() -> None:
    west = [
        declare("account/west", company_name="West", nick_name="west", email="w@x.example", password="s3cret-west"),
        declare("west/location/downtown", name="Downtown"),
        declare("west/service/haircut", name="Haircut", duration="1 h", active=True),
        declare("west/employee/ana", email="ana@w.example", first_name="Ana", last_name="West", active=True),
        declare("west/link/ana/downtown/haircut"),
        declare("west/hours/ana/downtown", hours=[{"dates": "2026", "week": {"sat": "09:00-13:00"}}]),
    ]
    chain = Desired(
        {**SALON.resources, **{each.address: each for each in west}}, SALON.whole, {}, frozenset({"", "west"})
    )

    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open(chain)
        kinds = {kind: tenant.id(f"west/{kind}/{key}") for kind, key in (
            ("employee", "ana"), ("location", "downtown"), ("service", "haircut"))}  # fmt: skip
        diary.book("west-sat", Entry("2026-10-03 09:30"), company=tenant.company("west"), ids=kinds)
        _, plan = await diary.planned(replaced(chain, change(west[-1], hours=[])))
        assert diary.told(plan) == {"west/hours/ana/downtown": ["west-sat"]}
        _, plan = await diary.planned(replaced(chain, change(HOURS, hours=[])))
        assert "west-sat" not in diary.told(plan)["hours/ana/downtown"]

    tell(story)


def test_what_cannot_be_judged_counts_and_is_said() -> None:
    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open(entries={"sat-1": DIARY["sat-1"], "odd": DIARY["tue-ben"], "other": DIARY["tue"]})
        number = next(int(id_) for id_, name in diary.names.items() if name == "odd")
        record = appointments.get(tenant.store, 2345, number)
        assert record is not None
        with tenant.store.transaction():
            appointments.save(tenant.store, record | {"employee_id": 0})
        _, plan = await diary.planned(NO_SATURDAYS)
        assert diary.told(plan) == {"hours/ana/downtown": ["odd", "sat-1"]}
        assert "2 future appointments, first Tue 29 Sep 10:00; 1 of them cannot be read" in text(plan)
        _, plan = await diary.planned(replaced(SALON, change(UP, hours=[])))
        assert not diary.told(plan), "it is known to be downtown"

    tell(story)


@pytest.mark.parametrize(
    ("allowed", "blocked"),
    [
        ((), True), (("hours/ben/downtown=2",), True), (("hours/ben/downtown=3",), False),
        (("hours/ben/downtown=99",), False), (("hours/*=3",), False), (("*=3",), False), (("*=2",), True),
        (("west/hours/ben/downtown=3",), True), (("hours/ana/downtown=3",), True),
    ],
)  # fmt: skip
def test_a_number_that_somebody_allowed(allowed: tuple[str, ...], blocked: bool) -> None:
    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open()
        _, plan = await diary.planned(NEVER_BEN, *allowed)
        assert bool(plan.blocked) is blocked
        assert len(diary.told(plan)["hours/ben/downtown"]) == 3
        shown = text(plan)
        assert ("      ! 3 future appointments, first Tue 29 Sep 10:00     BLOCKED" in shown) is blocked
        assert ("pass --allow-stranded hours/ben/downtown=3" in " ".join(shown.split())) is blocked
        assert "Appointments: 3 would be stranded, the first on Tue 29 Sep 10:00." in shown

    tell(story)


@pytest.mark.parametrize(("strands", "blocked"), [(0, True), (2, True), (3, False), (4, False)])
def test_a_number_that_was_reviewed(strands: int, blocked: bool) -> None:
    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open()
        removals = {at("employee/ben"): Removal("delete", HERE, strands)}
        _, plan = await diary.planned(Desired(NO_BEN.resources, NO_BEN.whole, removals, NO_BEN.accounts))
        assert bool(plan.blocked) is blocked
        assert UNKNOWN_FATE in plan.notes

    tell(story)


def test_the_digest_covers_no_appointment() -> None:
    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open()
        _, before = await diary.planned(NO_SATURDAYS)
        diary.book("more", DIARY["sat-1"])
        _, after = await diary.planned(NO_SATURDAYS, "*=100")
        assert before.digest == after.digest
        assert before.booked
        assert after.booked
        assert len(after.booked.stranded) == len(before.booked.stranded) + 1

    tell(story)


def test_clients_are_named_to_who_asks_and_nowhere_else() -> None:
    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open()
        _, plan = await diary.planned(NEVER_BEN)
        named = text(plan, clients=True)
        assert "        Tue 29 Sep 10:00  Client tue-ben (id " in named
        for kept in (
            text(plan),
            str(plan_json(plan, BANNER, EFFORT, ())),
            plan_markdown(printed(plan)),
            plan_html(printed(plan)),
            repr(plan),
        ):
            assert "Client tue" not in kept
        document = plan_json(plan, BANNER, EFFORT, ())["appointments"]
        assert document["by_change"][0] | {"ids": 3} == {
            "address": "hours/ben/downtown", "count": 3, "allowed": False, "ids": 3}  # fmt: skip
        assert document["stranded"][0]["start"] == "2026-09-29T10:00:00-07:00"
        assert document["read_at"] == NOW.isoformat(timespec="seconds")
        assert "#### Appointments at risk (3)" in plan_markdown(printed(plan))
        assert "3 booked appointments at risk" in plan_html(printed(plan))

    tell(story)


def test_many_changes_of_one_sort_are_allowed_in_one_word() -> None:
    staff = [declare(f"employee/e{n}", email=f"e{n}@x.example", first_name="E", last_name=str(n), active=True)
             for n in range(7)]  # fmt: skip
    links = [declare(f"link/e{n}/downtown/haircut") for n in range(7)]

    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open(replaced(SALON, *staff, *links))
        for n in range(7):
            diary.book(f"b{n}", Entry("2026-10-07 10:00", who=f"e{n}"))
        desired = replaced(SALON, *(change(each, active=False) for each in staff), *links)
        _, plan = await diary.planned(desired)
        assert len(plan.blocked) == 7
        assert text(plan).count("pass --allow-stranded 'employee/*=7'") == 1
        _, plan = await diary.planned(desired, "employee/*=7")
        assert not plan.blocked

    tell(story)


@pytest.mark.parametrize(
    "wanted",
    [
        change(HAIRCUT, price="40"), change(HAIRCUT, duration="30 min"), change(HAIRCUT, prior_notice="1 h"),
        change(HAIRCUT, after_notice="400 d"), change(HAIRCUT, after_notice="0 d"),
        change(HOURS, hours=[{"dates": "2026-01-01..2028-12-31", "week": {"mon-sun": "08:00-20:00"}}]),
        change(SALON.resources[at("away/ana")], away=["2026-12-22"]),
        declare("holiday/x", name="X", rule="1st monday of may", enabled=False),
        declare("employee/zoe", email="zoe@x.example", first_name="Zoe", last_name="M", active=False),
    ],
    ids=lambda each: f"{each.address} {' '.join(sorted(each.resource.model_fields_set))}"[:60],
)  # fmt: skip
def test_a_change_for_the_better_asks_nobody(wanted: Declared) -> None:
    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open(entries={})
        _, plan = await diary.planned(replaced(SALON, wanted))
        assert plan.writes
        strands = plan.booked is not None
        assert strands is (wanted.address.kind == "holiday"), "a holiday that is off is only known by looking"

    tell(story)


@pytest.mark.parametrize("dialect", ["keep", "refuse"])
def test_a_deletion_that_is_allowed_is_sent_whatever_the_vendor_does(dialect: str) -> None:
    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open()
        _, plan = await diary.planned(NO_BEN, "employee/ben=3")
        assert not plan.blocked
        ran = await tenant.apply(NO_BEN)
        assert ran.applied.complete is (dialect == "keep")
        assert all("has 3 future appointments" in why for why in ran.failed.values())

    tell(story, {"booked": dialect})


@pytest.mark.parametrize(("strands", "blocked"), [(1, ["location/uptown", "hours/ana/uptown"]), (2, [])])
def test_what_leaves_with_a_reviewed_deletion_needs_no_word_of_its_own(strands: int, blocked: list[str]) -> None:
    closed = without(SALON, "location/uptown", "hours/ana/uptown", "link/ana/uptown/haircut")
    removals = {at("location/uptown"): Removal("delete", HERE, strands)}

    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open()
        _, plan = await diary.planned(Desired(closed.resources, closed.whole, removals, closed.accounts))
        assert sorted(str(each.address) for each in plan.blocked) == sorted(blocked)
        assert text(plan).count("2 future appointments on Sundays") == 2

    tell(story)


def test_a_link_that_goes_has_no_unknown_fate() -> None:
    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open()
        _, plan = await diary.planned(without(SALON, "link/ana/downtown/yoga"))
        assert UNKNOWN_FATE not in plan.notes

    tell(story)


def test_the_accounts_own_notice_and_pause_hold_for_services_without_rules_of_their_own() -> None:
    salon = replaced(SALON, PARENT, change(HAIRCUT, active_rules=False))

    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open(salon)
        noticed = change(PARENT, options={"prior_notice": "49 h", "duration_padding": "0 min"})
        _, plan = await diary.planned(replaced(salon, noticed))
        assert diary.told(plan) == {"account/own": ["tue", "tue-ben", "tue-late", "tue-long", "tue-next"]}
        paused = change(PARENT, options={"prior_notice": "2 h", "duration_padding": "30 min"})
        _, plan = await diary.planned(replaced(salon, paused))
        assert diary.told(plan) == {"account/own": ["tue", "tue-next"]}
        _, plan = await diary.planned(replaced(SALON, PARENT, change(HAIRCUT, active_rules=True)))
        assert diary.told(plan) == {"service/haircut": ["far"]}, "it has a horizon of its own then"

    tell(story)
