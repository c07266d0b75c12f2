"""The table of requests, walked cell by cell; and a create that may have been carried out is never sent again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.providers.base import Replay
from provisioner.providers.verdict import Errand, Event, History, Purpose, Verdict, judge

READ, SIGN_IN, CREATE = Errand(Purpose.READ), Errand(Purpose.SIGN_IN), Errand(Purpose.CREATE)
UPDATE, DELETE = Errand(Purpose.UPDATE), Errand(Purpose.DELETE)
SAFE_ACTION, ACTION = Errand(Purpose.ACTION), Errand(Purpose.ACTION, Replay.NEVER)
COLUMNS = (READ, SIGN_IN, UPDATE, DELETE, CREATE, SAFE_ACTION, ACTION)
RETRY, DONE, STOP, ERROR = Verdict.RETRY, Verdict.DONE, Verdict.STOP, Verdict.ERROR
UNKNOWN, NOT_DONE, AGAIN = Verdict.UNKNOWN, Verdict.NOT_EXECUTED, Verdict.SIGN_IN

# What the first try means.       READ      SIGN_IN   UPDATE    DELETE    CREATE    SAFE_ACT. ACTION
FIRST = {
    Event.NEVER_SENT:            (RETRY,    RETRY,    RETRY,    RETRY,    RETRY,    RETRY,    RETRY),
    Event.LOST:                  (RETRY,    RETRY,    RETRY,    RETRY,    UNKNOWN,  RETRY,    UNKNOWN),
    Event.LIMITED:               (RETRY,    RETRY,    RETRY,    RETRY,    RETRY,    RETRY,    RETRY),
    Event.BROKEN:                (RETRY,    RETRY,    RETRY,    RETRY,    UNKNOWN,  RETRY,    UNKNOWN),
    Event.EXPIRED:               (AGAIN,    RETRY,    AGAIN,    AGAIN,    AGAIN,    AGAIN,    AGAIN),
    Event.CREDENTIALS:           (STOP,     STOP,     STOP,     STOP,     STOP,     STOP,     STOP),
    Event.REFUSED:               (ERROR,    STOP,     NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE),
    Event.REDIRECTED:            (ERROR,    STOP,     UNKNOWN,  UNKNOWN,  UNKNOWN,  UNKNOWN,  UNKNOWN),
    Event.NONSENSE:              (RETRY,    RETRY,    RETRY,    RETRY,    UNKNOWN,  RETRY,    UNKNOWN),
    Event.DONE:                  (DONE,     DONE,     DONE,     DONE,     DONE,     DONE,     DONE),
}  # fmt: skip
# What the last try means: nothing may be tried again, and nothing before it was in doubt.
LAST = {
    Event.NEVER_SENT:            (ERROR,    ERROR,    NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE),
    Event.LOST:                  (ERROR,    ERROR,    UNKNOWN,  UNKNOWN,  UNKNOWN,  UNKNOWN,  UNKNOWN),
    Event.LIMITED:               (ERROR,    ERROR,    NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE),
    Event.BROKEN:                (ERROR,    ERROR,    UNKNOWN,  UNKNOWN,  UNKNOWN,  UNKNOWN,  UNKNOWN),
    Event.EXPIRED:               (ERROR,    STOP,     NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE),
    Event.CREDENTIALS:           (STOP,     STOP,     STOP,     STOP,     STOP,     STOP,     STOP),
    Event.REFUSED:               (ERROR,    STOP,     NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE),
    Event.REDIRECTED:            (ERROR,    STOP,     UNKNOWN,  UNKNOWN,  UNKNOWN,  UNKNOWN,  UNKNOWN),
    Event.NONSENSE:              (ERROR,    ERROR,    UNKNOWN,  UNKNOWN,  UNKNOWN,  UNKNOWN,  UNKNOWN),
    Event.DONE:                  (DONE,     DONE,     DONE,     DONE,     DONE,     DONE,     DONE),
}  # fmt: skip
ERRANDS = st.builds(Errand, st.sampled_from(Purpose), st.sampled_from(Replay), st.integers(1, 5))


def test_every_event_stands_in_the_table() -> None:
    assert set(FIRST) == set(LAST) == set(Event)
    assert {errand.purpose for errand in COLUMNS} == set(Purpose)


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("column", range(len(COLUMNS)), ids=lambda n: f"{COLUMNS[n].purpose}-{COLUMNS[n].replay}")
def test_a_cell_of_the_table(event: Event, column: int) -> None:
    errand = COLUMNS[column]
    assert judge(event, errand, History()) is FIRST[event][column]
    assert judge(event, errand, History().used_up()) is LAST[event][column]


@pytest.mark.parametrize(
    ("event", "tries"),
    [
        (Event.NEVER_SENT, 3),
        (Event.LOST, 3),
        (Event.BROKEN, 3),
        (Event.NONSENSE, 3),
        (Event.LIMITED, 10),
        (Event.EXPIRED, 2),
    ],
)
def test_every_retry_comes_to_an_end(event: Event, tries: int) -> None:
    past, tried = History(), 1
    while judge(event, UPDATE, past) in (Verdict.RETRY, Verdict.SIGN_IN) and tried < 100:
        past, tried = past.after(event), tried + 1
    assert tried == tries


@pytest.mark.parametrize("replay", [Replay.LOOK_UP, Replay.NEVER])
@pytest.mark.parametrize("purpose", [Purpose.UPDATE, Purpose.DELETE, Purpose.ACTION])
def test_what_may_not_be_repeated_is_treated_as_a_create(purpose: Purpose, replay: Replay) -> None:
    for event in Event:
        assert judge(event, Errand(purpose, replay), History()) is judge(event, CREATE, History())


@pytest.mark.parametrize("purpose", [Purpose.CREATE, Purpose.UPDATE, Purpose.DELETE, Purpose.ACTION])
def test_a_refusal_of_several_things_leaves_each_unknown(purpose: Purpose) -> None:
    assert judge(Event.REFUSED, Errand(purpose, parts=2), History()) is Verdict.UNKNOWN


@pytest.mark.parametrize("event", [Event.NEVER_SENT, Event.LIMITED, Event.REFUSED, Event.EXPIRED])
def test_what_may_have_been_carried_out_earlier_stays_unknown(event: Event) -> None:
    past = History().after(Event.LOST).used_up()
    assert judge(event, UPDATE, past) is Verdict.UNKNOWN
    assert judge(event, READ, past) is Verdict.ERROR


def test_failures_of_one_sort_do_not_use_up_the_tries_of_the_other() -> None:
    past = History()
    for _ in range(5):
        past = past.after(Event.LIMITED)
    assert judge(Event.BROKEN, UPDATE, past) is Verdict.RETRY


@given(events=st.lists(st.sampled_from(Event), max_size=30), errand=ERRANDS)
def test_whatever_happens_a_create_that_may_have_been_carried_out_is_not_sent_again(
    events: list[Event], errand: Errand
) -> None:
    past, verdict, sent = History(), Verdict.RETRY, [Event.REFUSED]
    for event in events:
        if verdict not in (Verdict.RETRY, Verdict.SIGN_IN):
            break
        if not errand.repeatable:
            assert not {Event.LOST, Event.BROKEN, Event.NONSENSE, Event.DONE}.intersection(sent)
        sent.append(event)
        verdict = judge(event, errand, past)
        past = past.after(event)
    if verdict is Verdict.NOT_EXECUTED:
        assert not {Event.LOST, Event.BROKEN, Event.NONSENSE, Event.REDIRECTED}.intersection(sent)
    assert (verdict is Verdict.ERROR) <= (not errand.writes)
    assert (verdict in (Verdict.UNKNOWN, Verdict.NOT_EXECUTED)) <= errand.writes
