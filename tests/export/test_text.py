"""Any text stands in a manifest as it is, whatever YAML would make of it; the usual new object has what we say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.export.text import Pair, Writer
from provisioner.kinds import BY_NAME
from provisioner.kinds.base import specs
from provisioner.manifest.yaml import compose
from provisioner.providers.setster.registry import CAPABILITIES
from provisioner.reading.census import Census
from tests.support import COMPANY, Tenant, tell

TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("\n :#-'\"{}[],&*!|>%@`\\~"), max_size=20)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(text=TEXTS, other=TEXTS)
def test_a_text_is_read_as_it_was(text: str, other: str) -> None:
    pairs = [
        Pair("a", text),
        Pair("b", (Pair("c", other), Pair("d", 1))),
        Pair("e", [text, other]),
        Pair("f", {"g": text}),
    ]
    written = "".join(f"{line.text}\n" for line in Writer().lines(pairs))
    documents, problems = compose(written)
    assert problems == [], written
    one, two = (each.replace("${", "$${") for each in (text, other))
    assert documents[0].root == {"a": one, "b": {"c": two, "d": "1"}, "e": [one, two], "f": {"g": one}}, written


def test_a_new_object_has_what_is_said_of_it() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.vendor("POST", "/service", {"name": "New", "duration": 30})
        person = {"email": "n@x.example", "first_name": "N", "last_name": "M", "links": []}
        await tenant.vendor("POST", "/employee", person)
        await tenant.vendor("POST", "/subscribe", {"target_url": "https://x.example", "events": []})
        day = {"start_date": "2027-01-01 00:00:00", "end_date": "2027-01-01 23:59:59"}
        await tenant.vendor("POST", "/availability/saveHoliday", {"name": "Day", "type": 2, **day})
        provider = tenant.provider()
        try:
            await provider.sign_in()
            found = (await Census(provider, str(COMPANY), lambda _: {"": str(COMPANY)}).run()).evidence
        finally:
            await provider.close()
        for kind, can in CAPABILITIES.items():
            for live in found.of("", kind) if can.fresh else ():
                assert {name: live.fields[name] for name in can.fresh} == dict(can.fresh), kind
                assert can.fresh.keys() <= specs(BY_NAME[kind]).keys()

    tell(story)
