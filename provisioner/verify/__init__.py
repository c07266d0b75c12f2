"""After the fact: is what was applied really bookable? The vendor is asked as a client would ask.

    published(live, wanted)         # which services at which locations a client is shown
    draw(pairs, 40, day)            # some of them, evenly, the same ones all day
    Verification(...).run()         # asks, and says of each: bookable and when, or why not

Why something is not bookable is found by the room `opening`, from what is live; bookings are read only where it is open
by all else. What the manifests promise is what would be open if all that they say were so.
"""
