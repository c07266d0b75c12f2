"""A location: where appointments take place (seed: Create a Location)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from provisioner.kinds.base import Resource
from provisioner.kinds.fields import Bool, Claim, Degrees, Email, Name, Role, Strands, Text, Url, Zone
from provisioner.kinds.picture import Photo


class Location(Resource):
    """A place, a virtual place or a department that clients book at."""

    kind: ClassVar[str] = "location"
    section: ClassVar[str] = "locations"
    title: ClassVar[str] = "location"
    natural: ClassVar[tuple[tuple[str, ...], ...]] = (("name",),)
    telling: ClassVar[tuple[tuple[str, ...], ...]] = (("street1", "zip"), ("phone",), ("email",), ("lat", "lng"))
    kept_roles: ClassVar[frozenset[str]] = frozenset({"main"})
    strands: ClassVar[frozenset[str]] = frozenset({"delete"})

    main: Annotated[Claim, Role("main")] = Field(None, description="this is the account's main location")
    name: Name = Field(description="name that clients see; found by it when it is not in the state")
    description: Text = Field(None, description="what clients read about it")
    photo: Photo = Field(None, description="picture that clients see")
    virtual: Bool = Field(None, description="appointments are online or by phone")
    street1: Text = Field(None, description="first line of the address")
    street2: Text = Field(None, description="second line of the address")
    city: Text = Field(None, description="city")
    state: Text = Field(None, description="state or region")
    zip: Text = Field(None, description="postal code, kept as written")
    country: Text = Field(None, description="country, kept as written")
    phone: Text = Field(None, description="phone number")
    email: Email = Field(None, description="e-mail address")
    website: Url = Field(None, description="web site")
    tags: Text = Field(None, description="the vendor's tags, as one text")
    paypal_email: Email = Field(None, description="PayPal account for payments at this location")
    timezone: Annotated[Zone, Strands()] = Field(None, description="the location's time zone")
    lat: Degrees = Field(None, description="latitude; the vendor computes it from the address when it is left out")
    lng: Degrees = Field(None, description="longitude; the vendor computes it from the address when it is left out")
