"""The page in a browser: it asks for nothing, says nothing on the console, filters, takes keys, and lets nothing in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from provisioner.kinds import Address
from provisioner.kinds.desired import Place
from provisioner.plan.change import Action, Change, FieldChange, Plan
from provisioner.report.printed import Printed
from tests.nasty import PIECES, odd
from tests.report.html.browser import Page
from tests.report.html.chain import chain, update
from tests.report.printing import printed

Open = Callable[[Printed], Page]
SHOWN = "[...document.querySelectorAll('#list details.change .address')].map((each) => each.textContent)"
MARKUP = (
    "<script>window.hit = 1</script>", "</script><script>window.hit = 1</script>", "<img src=x onerror=window.hit=1>",
    "</textarea><svg onload=window.hit=1>", "'\"><b id=hit>", "</title><b id=hit>", "</style><b id=hit>", "<!--",
    "]]>", "</noscript><img src=//example.com/x>", "javascript:window.hit=1", "${window.hit=1}", "{{7*7}}",
    "<link rel=stylesheet href=//example.com/x>", "<meta http-equiv=refresh content=0;url=//example.com>",
    "<iframe src=//example.com>", "&lt;b&gt;", "\\u003cb id=hit\\u003e", "<base href=//example.com/>",
)  # fmt: skip
HOSTILE = tuple(f"{a}{b}" for a in MARKUP for b in (*MARKUP[:8], *PIECES))[:500]


def type_(page: Page, text: str) -> None:
    page.run(f"field.sought.value = {text!r}; field.sought.dispatchEvent(new Event('input', {{bubbles: true}}))")


def choose(page: Page, name: str, value: str) -> None:
    page.run(f"field.{name}.value = {value!r}; field.{name}.dispatchEvent(new Event('input', {{bubbles: true}}))")


@pytest.fixture
def salon(opened: Open) -> Page:
    plan, calls = chain()
    return opened(printed(plan, calls=calls))


def test_what_is_lost_stands_first_in_its_account(salon: Page) -> None:
    assert salon.run(SHOWN) == [
        "service/haircut", "account/harbour", "harbour/location/pier",
        "west/link/ben/beach/cut", "west/employee/ben", "west/location/beach", "west/hours/ana/downtown",
    ]  # fmt: skip
    assert salon.run("document.querySelector('.alarm').innerText").split("\n\n") == [
        "2 resources will be destroyed.",
        "6 booked appointments at risk.",
        "1 change blocked: nothing will be applied.",
    ]
    assert salon.run("find('c0').querySelector('.body td').textContent") == "30 \N{RIGHTWARDS ARROW} 35"
    assert salon.run("find('c0').querySelector('.body .where').textContent") == "menu.yaml:4:12"


def test_nothing_of_the_tables_is_cut_where_there_is_no_room(salon: Page) -> None:
    salon.look(320)
    found = "[...document.querySelectorAll('.scroll:has(table)')].map((each) => each.scrollWidth <= each.clientWidth)"
    assert salon.run(found) == [True, True]
    label = "getComputedStyle(document.querySelector('#drift td[data-label=live]'), '::before').content"
    assert "live" in salon.run(label)


def test_on_paper_what_is_folded_is_open(salon: Page) -> None:
    folded = "[...document.querySelectorAll('#calls details, figure details')].map((each) => each.open)"
    assert not any(salon.run(folded))
    salon.run("dispatchEvent(new Event('beforeprint'))")
    assert salon.run(folded)
    assert all(salon.run(folded))


def test_filters(salon: Page) -> None:
    choose(salon, "action", "=delete")
    assert salon.run(SHOWN) == ["west/link/ben/beach/cut", "west/employee/ben"]
    choose(salon, "kind", "=employee")
    assert salon.run(SHOWN) == ["west/employee/ben"]
    salon.press("Escape")
    assert len(salon.run(SHOWN)) == 7
    choose(salon, "account", "=")
    assert salon.run(SHOWN) == ["service/haircut"]
    salon.press("Escape")
    salon.run("field.blocked.click()")
    assert salon.run(SHOWN) == ["west/hours/ana/downtown"]
    salon.press("Escape")
    type_(salon, "WEST.yaml:20 zip")
    assert salon.run(SHOWN) == ["west/location/beach"]
    assert salon.run("find('found').textContent") == "1 of 7"
    type_(salon, "nowhere to be found")
    assert salon.run(SHOWN) == []


def test_keys(salon: Page) -> None:
    now = "document.activeElement.closest('details').id"
    salon.press("j", "j")
    assert salon.run(now) == salon.run("'c' + seen[1].i")
    salon.press("k")
    assert salon.run(now) == "c0"
    assert salon.run("find('c0').open") is True
    salon.press("Enter")
    assert salon.run("find('c0').open") is False
    salon.press("/", "z", "i", "p")
    assert salon.run("document.activeElement.id + document.activeElement.value") == "soughtzip"
    assert salon.run(SHOWN) == ["west/location/beach"]
    salon.press("Enter")
    assert salon.run(now) == salon.run("'c' + seen[0].i")


def test_a_box_of_the_graph_leads_to_its_change_even_when_it_is_filtered_out(salon: Page) -> None:
    type_(salon, "haircut")
    salon.run("document.querySelector('#graph a.delete').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    salon.run("new Promise((done) => setTimeout(done, 50))")
    assert salon.run("document.activeElement.closest('details').open") is True
    assert salon.run("document.activeElement.querySelector('.address').textContent").startswith("west/")


def test_the_other_parts_are_there_for_whom_they_are(salon: Page) -> None:
    assert salon.run("[...document.querySelectorAll('h2')].map((each) => each.textContent)") == [
        "Appointments at risk", "Changed outside since the last apply", "Changes", "Hours", "Dependencies", "Calls",
        "Notes", "Text",
    ]  # fmt: skip
    assert salon.run("document.querySelectorAll('#weeks svg rect.gone').length") == 2
    assert salon.run("document.querySelectorAll('#weeks svg rect.come').length") == 1
    assert salon.run("find('drift').innerText.includes('90291')") is True
    assert salon.run("[...document.querySelectorAll('.calls li')].map((each) => each.textContent)") == [
        "create account/harbour", "create harbour/location/pier waits for 1",
    ]  # fmt: skip
    assert "Zed" not in salon.run("document.documentElement.outerHTML")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 1400])
def test_it_is_as_wide_as_the_window_and_its_words_can_be_read(salon: Page, width: int, *, dark: bool) -> None:
    salon.look(width, dark=dark)
    assert salon.run("document.documentElement.scrollWidth") <= width
    assert salon.run(CONTRASTS) == []


CONTRASTS = """(() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((each) => {
      const part = each / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const back = getComputedStyle(each).backgroundColor;
      if (!back.startsWith("rgba(0, 0, 0, 0")) return back;
    }
    return "rgb(255, 255, 255)";
  };
  const poor = [];
  for (const each of document.querySelectorAll("body *:not(svg *, script, noscript)")) {
    if (![...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const [one, other] = [light(getComputedStyle(each).color), light(behind(each))].sort((a, b) => b - a);
    if ((one + 0.05) / (other + 0.05) < 4.5) poor.push(each.tagName + "." + each.className + " " + each.textContent);
  }
  return poor;
})()"""
"""Words whose contrast with what is behind them is less than 4.5 to 1."""


def test_500_hostile_strings_do_nothing(opened: Open) -> None:
    changes = [
        Change(
            Address("" if number % 2 else text, "service", (text,)),
            Action.UPDATE,
            text,
            id=text,
            fields=(FieldChange("name", text, f"{text}!", outside=True, applied=text, place=Place(text, 1)),),
            place=Place(text, number + 1, 1),
            blocked=text if number % 3 == 0 else "",
        )
        for number, text in enumerate(HOSTILE)
    ]
    plan = Plan(tuple(changes), drift=tuple(changes), notes=HOSTILE)
    shown = replace(printed(plan), text="\n".join(HOSTILE).encode("utf-8", "replace").decode())
    page = opened(shown)
    page.run("opened = true; lay(); for (const each of list.children) build(each)")
    assert page.run("document.querySelectorAll('#list details.change').length") == len(HOSTILE) == 500
    assert page.run("window.hit") is None
    assert page.run("find('hit')") is None
    assert page.run("document.querySelectorAll('img, iframe, base, b[id], link:not([rel=icon])').length") == 0
    assert page.run("document.querySelectorAll('script').length") == 2
    assert not odd(page.run("[...document.querySelectorAll('#list, #notes')].map((each) => each.textContent).join()"))
    type_(page, "</script><script>window.hit")
    assert 0 < len(page.run(SHOWN)) < 500
    assert (page.requests, page.complaints) == ([], [])


def test_20_000_changes_are_built_as_they_come_into_view(opened: Open) -> None:
    changes = tuple(
        update(
            f"a{number // 400}/service/s{number}", FieldChange("price", "30", "35", place=Place("menu.yaml", number))
        )
        for number in range(20_000)
    )
    page = opened(printed(Plan(changes)))
    built = "document.querySelectorAll('#list details.change').length"
    assert 0 < page.run(built) < 1_000
    assert page.run("find('found').textContent") == "20,000 of 20,000"
    type_(page, "s19999")
    assert page.run(SHOWN) == ["a49/service/s19999"]
    page.press("Escape")
    page.run("list.lastElementChild.scrollIntoView()")
    page.run("new Promise((done) => setTimeout(done, 200))")
    assert page.run("find('c19999') !== null") is True
    assert page.run(built) < 1_500
    assert page.run("document.querySelectorAll('#graph .node').length") <= 60


def test_paper_has_all_of_it_open(salon: Page) -> None:
    salon.press("Escape")
    salon.run("find('open').click()")
    assert salon.run("[...document.querySelectorAll('.change')].some((each) => each.open)") is False
    salon.run("dispatchEvent(new Event('beforeprint'))")
    assert salon.run("[...document.querySelectorAll('.change')].every((each) => each.open)") is True
    assert salon.run("find('c0').querySelectorAll('.body').length") == 1
