"""What an account gets paid with. Nothing on the page connects one to Stripe or PayPal: this tells what was written."""

from __future__ import annotations

from hashlib import sha256

from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Reply
from provisioner.sandbox.tables import accounts, objects


def stripe(call: Call) -> Reply:
    """Return the key of the account at Stripe (seed: Get Stripe Data).

    Assumption: connected is who has a `stripe_client_id` among the options; the key is empty for everybody else.
    """
    client = accounts.get(call.store, call.company)["options"]["stripe_client_id"]
    return Reply({"stripePublishableKey": f"pk_test_{sha256(client.encode()).hexdigest()[:24]}" if client else ""})


def paypal(call: Call) -> Reply:
    """Return the account's e-mail at PayPal (seed: Get PayPal Email).

    Assumption: it is that of the main location, because no operation writes one of the account's own.
    """
    places = objects.listed(call.store, "location", call.company)
    return Reply({"paypal_email": next((place["paypal_email"] for place in places if place["is_main"]), "")})


OPERATIONS = (
    Operation("GET", "/account/getStripe", stripe),
    Operation("GET", "/account/getPaypal", paypal),
)
