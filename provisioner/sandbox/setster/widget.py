"""The code that puts the booking widget on somebody's page."""

from __future__ import annotations

import json
from typing import Any

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Reply, invalid
from provisioner.sandbox.setster.shape import Field, Shape, fields
from provisioner.sandbox.setster.subaccount import moment
from provisioner.sandbox.tables import accounts, mails

# seed: Get Widget Code, the parameters and their defaults
SHAPE = Shape(
    (
        Field("overlay_option", default="overlay"),
        Field("position", default="right"),
        Field("button_name", default="Appointment"),
        Field("button_color", values.matching(r"[0-9A-Fa-f]{6}", "must be six hexadecimal digits"), "ff0000"),
        *fields(values.text, "", "defaultService", "defaultProvider", "defaultLocation", "returnUrl"),
        *fields(values.one_of((0, 1)), 0, "locations_map", "no_code"),
        Field("send_to", values.email),
    )
)
_NAMES = {
    "overlay_option": "display",
    "position": "placement",
    "button_name": "buttonName",
    "button_color": "buttonColor",
    "defaultService": "defaultService",
    "defaultProvider": "defaultProvider",
    "defaultLocation": "defaultLocation",
    "returnUrl": "returnUrl",
    "locations_map": "locationsMap",
}
_OBJECTS = {"defaultService": "service", "defaultProvider": "employee", "defaultLocation": "location"}


def get(call: Call) -> Reply:
    """Return a piece of HTML that names the account and the options given (seed: Get Widget Code).

    Assumptions: a default has to be one of the company's objects, `no_code` leaves the HTML out, and `send_to` is
    mailed it. The script's address is the sandbox's own, and there is no script behind it.
    """
    options = SHAPE.fresh() | SHAPE.accept({name: value for name, value in call.query.items() if value})
    _check(call, options)
    uri = accounts.get(call.store, call.company)["nick_name"]
    html = _html({"uri": uri} | {_NAMES[name]: value for name, value in options.items() if name in _NAMES and value})
    if options["send_to"]:
        mails.add(call.store, call.company, moment(call.world.now()), options["send_to"], "Widget code", html)
    return Reply({"html": "" if options["no_code"] else html})


def _check(call: Call, options: dict[str, Any]) -> None:
    for name, kind in _OBJECTS.items():
        if options[name]:
            try:
                call.stored(kind, values.whole(options[name]))
            except ValueError as error:
                raise invalid(f"{name} {error}") from None


def _html(options: dict[str, Any]) -> str:
    said = "".join(f"  setster_widget_options.{name} = {_script(value)};\n" for name, value in options.items())
    return (
        "<!-- Begin Setster Widget -->\n"
        '<script type="text/javascript" charset="utf-8" src="/widget/js/setster_over.js?v=2"></script>\n'
        '<script type="text/javascript" charset="utf-8">\n'
        f"  var setster_widget_options = {{}};\n{said}"
        "  var setster_widget = new Setster.setster_widget(setster_widget_options);\n"
        "</script>\n"
        "<!-- End Setster Widget -->\n"
    )


def _script(value: Any) -> str:
    """Write a value as JavaScript that cannot end the script element."""
    return json.dumps(value).replace("<", "\\u003c")


OPERATIONS = (Operation("GET", "/account/getWidgetCode", get),)
