"""What an account gets paid with, the code of its widget, calendars that are synchronized, holidays of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox


def test_stripe_is_connected_by_the_options(sandbox: Sandbox) -> None:
    assert sandbox.ok("GET", "/account/getStripe") == {"stripePublishableKey": ""}
    sandbox.ok("POST", "/account/saveOptions", {"stripe_client_id": "ca_1"})
    key = sandbox.ok("GET", "/account/getStripe")["stripePublishableKey"]
    assert key.startswith("pk_test_")
    assert sandbox.ok("GET", "/account/getStripe")["stripePublishableKey"] == key


def test_paypal_is_that_of_the_main_location(sandbox: Sandbox) -> None:
    assert sandbox.ok("GET", "/account/getPaypal") == {"paypal_email": ""}
    sandbox.location(paypal_email="other@example.com")
    (main,) = sandbox.ok("GET", "/location", tmp_default=1)
    sandbox.ok("PUT", f"/location/{main['id']}", {"name": "Main", "paypal_email": "pay@example.com"})
    assert sandbox.ok("GET", "/account/getPaypal") == {"paypal_email": "pay@example.com"}


def test_the_widgets_code_names_the_account_and_what_was_asked_for(sandbox: Sandbox) -> None:
    html = sandbox.ok("GET", "/account/getWidgetCode")["html"]
    for said in ('uri = "sandbox"', 'display = "overlay"', 'placement = "right"', 'buttonName = "Appointment"'):
        assert f"setster_widget_options.{said};" in html
    number = sandbox.service()
    asked = {"button_name": "Book </script>", "defaultService": number, "returnUrl": "https://x.example"}
    html = sandbox.ok("GET", "/account/getWidgetCode", **asked)["html"]
    assert f'defaultService = "{number}"' in html
    assert html.count("</script>") == 2
    assert sandbox.ok("GET", "/account/getWidgetCode", no_code=1) == {"html": ""}


def test_the_widgets_code_is_mailed_when_asked(sandbox: Sandbox) -> None:
    html = sandbox.ok("GET", "/account/getWidgetCode", send_to="web@example.com")["html"]
    (mail,) = sandbox.control("GET", "/mails")
    assert (mail["company_id"], mail["to"], mail["text"]) == (2345, "web@example.com", html)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"button_color": "red"}, 1),
        ({"send_to": "nobody"}, 1),
        ({"no_code": 2}, 1),
        ({"defaultProvider": "x"}, 1),
        ({"defaultLocation": 9}, 7),
    ],
)
def test_a_widget_of_what_is_not_there_is_refused(sandbox: Sandbox, asked: dict[str, Any], code: int) -> None:
    sandbox.refused(code, "GET", "/account/getWidgetCode", **asked)


@pytest.mark.parametrize(
    ("fields", "imports", "exports"),
    [
        ({}, 8, 8),
        ({"ics_service": 1, "ics_export_service": 3}, 0, 0),
        ({"ics_service": 2, "ics_export_service": 2}, 0, 0),
        ({"ics_service": 3, "ics_export_service": 1}, 8, 8),
        ({"ics_service": 1}, 0, 8),
        ({"ics_export_service": 6}, 8, 0),
    ],
)
def test_only_a_calendar_that_is_not_microsofts_can_be_synchronized(
    sandbox: Sandbox, fields: dict[str, Any], imports: int, exports: int
) -> None:
    number = sandbox.employee(**fields)
    assert sandbox.call("GET", f"/employee/sync/{number}")["statusCode"] == imports
    assert sandbox.call("GET", f"/employee/sync/{number}", export=1)["statusCode"] == exports


def test_the_full_account_tells_its_holidays(sandbox: Sandbox) -> None:
    day = {"name": "Rest", "type": 2, "start_date": "2026-12-24 00:00:00", "end_date": "2026-12-24 23:59:59"}
    sandbox.ok("POST", "/availability/saveHoliday", day)
    assert sandbox.ok("GET", "/account/getAccountInfo")["holidays"] == ["Dec 24th 2026 (Rest)"]
