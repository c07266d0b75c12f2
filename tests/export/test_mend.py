"""What the loader or the planner would not take is taken out, field by field, and said in its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from provisioner.errors import Problem
from provisioner.export.draw import draw
from provisioner.export.entry import Drawn, Mended
from provisioner.export.files import Written, written
from provisioner.export.mend import by_changes, by_problems, joined
from provisioner.plan.change import Action, Change, FieldChange
from provisioner.reading.census import Census
from tests.export.taken import SETTINGS, reload
from tests.support import COMPANY, Tenant, at, declare, manifests, tell

ANA = ("", "employee", "342702")
WISH = manifests(
    declare("location/downtown", name="Downtown", phone="555"),
    declare("service/cut", name="Cut", duration="30 min"),
    declare("employee/ana", email="ana@x.example", first_name="Ana", last_name="Diaz", job="Boss"),
    declare("link/ana/downtown/cut"),
    declare("hours/ana/downtown", hours=[{"dates": "2027", "week": {"mon": "09:00-17:00"}}]),
    declare("away/ana", away=["2027-08-02"]),
)
Drawing = Callable[[Mended], tuple[Drawn, list[Written]]]


def drawing(check: Callable[[Drawing], None]) -> None:
    """Call with what draws the tenant that was wished for, with anything mended."""

    async def story(tenant: Tenant) -> None:
        await tenant.settle(WISH)
        provider = tenant.provider()
        try:
            await provider.sign_in()
            found = await Census(provider, str(COMPANY), lambda _: {"": str(COMPANY)}).run()
        finally:
            await provider.close()

        def drawn(mended: Mended) -> tuple[Drawn, list[Written]]:
            made = draw(found.evidence, found.accounts, {}, mended, str(COMPANY))
            return made, written(made, "kind", ())

        check(drawn)

    tell(story)


def place(files: list[Written], words: str) -> Problem:
    """A problem at the line with these words."""
    found = [(f.name, number) for f in files for number, line in enumerate(f.lines, 1) if words in line.text]
    assert len(found) == 1
    return Problem(*found[0], 5, "no good")


def test_a_problem_takes_out_the_field_that_stands_there(tmp_path: Path) -> None:
    def check(draw_with: Drawing) -> None:
        _, files = draw_with({})
        faults = by_problems([place(files, "job: Boss"), place(files, "mon: 09:00"), place(files, "away: [")], files)
        assert faults == {ANA: dict.fromkeys(("job", "at.downtown.hours", "away"), "no good")}
        drawn, mended = draw_with(joined({}, faults))
        texts = {file.name: file.text for file in mended}
        assert (
            "# needs a look: job: what is live is Boss: no good. It is not managed and stays so"
            in texts["employees.yaml"]
        )
        assert "# needs a look: at.downtown: hours: no good. They are left as they are" in texts["employees.yaml"]
        (tmp_path / "provisioner.yaml").write_text(SETTINGS)
        for name, text in texts.items():
            (tmp_path / name).write_text(text)
        left = {str(address) for address in reload(tmp_path).resources}
        assert {"employee/ana", "link/ana/downtown/cut"} <= left
        assert not {"hours/ana/downtown", "away/ana"} & left
        assert not drawn.missing

    drawing(check)


def test_what_is_at_fault_again_is_left_out_with_all_that_hangs_on_it(tmp_path: Path) -> None:
    def check(draw_with: Drawing) -> None:
        once = joined({}, {ANA: {"job": "no good"}})
        drawn, files = draw_with(joined(once, {ANA: {"job": "no good"}}))
        assert [missing.look.about for missing in drawn.missing] == ["employee 342702 (ana@x.example)"]
        text = next(file.text for file in files if file.name == "employees.yaml")
        assert "# needs a look: employee 342702 (ana@x.example): no good. It is not declared and stays as it is" in text
        (tmp_path / "provisioner.yaml").write_text(SETTINGS)
        for file in files:
            (tmp_path / file.name).write_text(file.text)
        assert not [a for a in reload(tmp_path).resources if "ana" in a.key]

    drawing(check)


def test_a_change_takes_out_what_it_would_change() -> None:
    def check(draw_with: Drawing) -> None:
        drawn, _ = draw_with({})
        changes = [
            Change(at("employee/ana"), Action.UPDATE, "", fields=(FieldChange("job", "Boss", "Bass"),)),
            Change(at("link/ana/downtown/id:9"), Action.DELETE, ""),
            Change(at("hours/ana/downtown"), Action.UPDATE, "", fields=(FieldChange("hours", (), ()),)),
            Change(at("away/ana"), Action.CREATE, ""),
            Change(at("location/downtown"), Action.ADOPT, ""),
        ]
        why = "it would be changed at once"
        paths = ("job", "at.downtown.services", "at.downtown.hours", "away")
        assert by_changes(changes, drawn) == {ANA: dict.fromkeys(paths, why)}

    drawing(check)
