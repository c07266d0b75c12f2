"""Which dates overrides are for, and the dates that a plan tells, held against those that come out."""

from __future__ import annotations

import pytest

from provisioner.errors import ManifestError
from tests.providers.timetap.studio import DATES, Json, Studio

X: Json = {"note": "x"}
SPLIT: Json = {"days": "mon fri", "effective_from": "2083-03-01"}


def refused(studio: Studio, **fields: object) -> list[str]:
    """The days that a plan refuses."""
    studio.want(yoga=fields)
    with pytest.raises(ManifestError) as caught:
        studio.plan()
    return [str(each).partition("overrides: ")[2][:10] for each in caught.value.problems]


def as_told(studio: Studio, **fields: object) -> None:
    """Plan and apply: the dates are those that were told, and so is what is new and what is gone."""
    studio.want(yoga=fields)
    lines, before = studio.change().outlook.lines, studio.one()["dates"]
    studio.done()
    after = studio.one()["dates"]
    assert any(line.startswith(f"{len(after)} dates") for line in lines), (lines, len(after))
    new = next((line for line in lines if " new: " in line), "0 new:")
    gone = next((line for line in lines if " no longer: " in line), "0 no longer:")
    assert new.startswith(f"{len(set(after) - set(before))} new:"), lines
    assert gone.startswith(f"{len(set(before) - set(after))} no longer:"), lines


def test_every_stray_is_told_at_its_own_place(studio: Studio) -> None:
    studio.done(yoga={})
    overrides = {"2083-01-06": X, "2083-01-07": X, "2083-03-03": X, "2083-03-05": X}
    assert refused(studio, **SPLIT, overrides=overrides) == ["2083-01-07", "2083-03-03"]


def test_a_day_from_before_a_change_of_days_is_one_of_its_own(studio: Studio) -> None:
    studio.done(yoga={})
    studio.done(yoga=SPLIT)
    as_told(studio, days="mon fri", overrides={"2083-02-03": X, "2083-03-05": X})
    assert refused(studio, days="mon fri", overrides={"2083-02-04": X, "2083-02-05": X}) == ["2083-02-04", "2083-02-05"]


def test_a_single_date_changes_no_other(studio: Studio) -> None:
    studio.done(yoga={})
    studio.done(yoga=SPLIT)
    as_told(studio, days="mon fri", overrides={"2083-03-05": X})
    as_told(studio, days="mon fri", overrides={"2083-03-05": {"date": "2083-03-06"}, "2083-01-06": {"cancelled": True}})
    as_told(studio, days="mon fri", overrides={})


def test_overrides_on_both_sides_of_a_date_are_told(studio: Studio) -> None:
    studio.done(yoga={})
    overrides = {
        "2083-01-18": {"cancelled": True},
        "2083-02-15": {"date": "2083-03-05"},
        "2083-03-15": {"date": "2083-02-20"},
    }
    as_told(studio, note="n", effective_from="2083-03-01", overrides=overrides)
    as_told(studio, note="m", days="mon thu", effective_from="2083-03-01", overrides=overrides)


def test_what_others_cancelled_stays_so(studio: Studio) -> None:
    """Somebody cancels a date at the vendor; then the manifests change something else."""
    studio.done(yoga={})
    with studio.app.state.store.transaction():
        cancel = """UPDATE occurrences SET own = '{"status": "Cancelled"}' WHERE date = '2083-02-03'"""
        studio.app.state.store.run(cancel)
    as_told(studio, price="3")
    assert "2083-02-03" not in studio.one()["dates"]


def test_overrides_that_left_the_manifests_are_no_new_dates(studio: Studio) -> None:
    studio.done(yoga={"overrides": {"2083-02-03": {"cancelled": True}}})
    as_told(studio, status="closed")
    as_told(studio, status="closed", overrides={})
    assert studio.one()["dates"] == DATES


def test_two_on_one_day_are_told(studio: Studio) -> None:
    studio.want(yoga={"overrides": {"2083-01-18": {"date": "2083-01-20"}, "2083-02-01": {"date": "2020-01-01"}}})
    told = studio.text()
    assert {"# 2083-01-20 has 2 of its occurrences", "# 2083-02-01 is moved to 2020-01-01, which is past"} <= set(told)
    studio.done()
    assert studio.one()["dates"].count("2083-01-20") == 2


def test_the_first_date_is_not_moved_onto_another(studio: Studio) -> None:
    """The vendor is told which one is meant by the first date, which stands for the whole series as well."""
    studio.done(yoga={})
    assert refused(studio, overrides={"2083-01-04": {"date": "2083-01-06"}}) == ["2083-01-04"]
    as_told(studio, overrides={"2083-01-04": {"date": "2083-01-05"}})


def test_a_date_that_leaves_the_pattern_is_not_given_back(studio: Studio) -> None:
    late = {"time": "10:00-10:45"}
    studio.done(yoga={"client": 7, "overrides": {"2083-03-03": late, "2083-03-17": late}})
    studio.want(yoga={"client": 7, "days": "mon fri", "overrides": {}, "confirmations": ["client", "staff"]})
    assert studio.plan().messages == 2
    assert len(studio.done()) == 1
    assert len(studio.messages()) == 2


def test_an_end_and_what_comes_after_it(studio: Studio) -> None:
    """To end a series on a day, the day after it is the natural one to say."""
    studio.done(yoga={})
    as_told(studio, dates="2083-01-04..2083-02-15", effective_from="2083-02-16")
    assert studio.one()["dates"] == [date for date in DATES if date <= "2083-02-15"]


def test_a_series_whose_dates_are_ignored_can_change(studio: Studio) -> None:
    fields = {"lifecycle": {"ignore": ["dates"]}}
    studio.done(yoga=fields)
    as_told(studio, **fields, note="x")


def test_invitations_are_told(studio: Studio) -> None:
    studio.done(yoga={})
    studio.want(yoga={"waitlist_invites": True, "overrides": {"2083-03-03": {"cancelled": True}}})
    assert "Messages: none but invitations, whose number is not known." in studio.text()
    assert studio.plan().more_messages == ("invitations",)
    studio.done()
    studio.want(yoga={"waitlist_invites": True, "note": "x", "overrides": {"2083-03-03": {"cancelled": True}}})
    assert "Messages: none will go out." in studio.text(), "no date is cancelled"
