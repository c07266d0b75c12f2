"""What was live of a person is not printed when a run is taken back, on whichever side it stands."""

import json

from tests.cli.command import Workspace, served

OWN = ("5557770001", "Realname", "9 Hidden Lane")
CLIENT = """\
clients:
  livia: {email: livia@priv.example, phone: "5550000000", name: Manifest Name}
"""


def test_an_undo_shows_nothing_of_a_client(starter: Workspace) -> None:
    with served(starter.root) as sandbox:
        to = ("--endpoint", f"{sandbox.url}/api/v2")
        person = {"name": "Livia Realname", "email": "livia@priv.example", "phone": "5557770001",
                  "address": "9 Hidden Lane"}  # fmt: skip
        sandbox.ask("/seed", "POST", {"clients": [person]})
        starter.write("client.yaml", CLIENT)
        starter.apply(*to)
        starter.edit("client.yaml", "5550000000", "5551111111")
        starter.apply(*to)
        shown = [
            starter("plan", "--undo", "last", *to),
            starter("plan", "--undo", "last", "--json", *to),
            starter("plan", "--undo", "last", "--report", "markdown=r.md", "--report", "json=r.json", *to),
        ]
        assert "= (not shown) -> (not shown)" in shown[0].out
        said = [ran.out + ran.err for ran in shown]
        said += [(starter.root / name).read_text() for name in ("r.md", "r.json")]
        ran = starter.apply("--undo", "last", "--target", "client/livia", *to)
        said += [ran.out + ran.err]
        said += [starter("history", "last", *to).out, starter("history", "last", "--json", *to).out]
        for text in said:
            assert not [each for each in OWN if each in text], text
        (livia,) = [each for each in sandbox.dump()["clients"] if each["email"] == "livia@priv.example"]
        assert livia["phone"] == "5557770001", json.dumps(livia)
