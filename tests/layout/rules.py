"""Each rule of the layout by an example: a text, and the text laid out; None where it stays as it is."""

from __future__ import annotations

RULES = {
    "two blanks for each level": (
        """\
        services:
            haircut:
                 name: Haircut
        """,
        """\
        services:
          haircut:
            name: Haircut
        """,
    ),
    "a list is two deeper than its key, one blank behind its dash": (
        """\
        links:
        -   employees: all
            locations: all
            services: [a,
              b]
        """,
        """\
        links:
          - employees: all
            locations: all
            services: [a,
              b]
        """,
    ),
    "keys as the kind declares them": (
        """\
        services:
          haircut:
            price: 38   # for adults
            lifecycle: {protect: true}
            duration: 45 min
            name: Haircut
          color: {price: 85, duration: 90 min, name: Colour}
        """,
        """\
        services:
          haircut:
            name: Haircut
            duration: 45 min
            price: 38   # for adults
            lifecycle: {protect: true}
          color: {name: Colour, duration: 90 min, price: 85}
        """,
    ),
    "a comment right above a key moves with it": (
        """\
        services:
          haircut:
            # raised in May
            price: 38
            # shown to clients
            # and searched
            name: Haircut
        """,
        """\
        services:
          haircut:
            # shown to clients
            # and searched
            name: Haircut
            # raised in May
            price: 38
        """,
    ),
    "a comment that goes on below its line belongs to that line": (
        """\
        services:
            cut:
                price: 38    # for adults,
                             # children pay less
                name: Haircut
                # in minutes
                duration: 45
        """,
        """\
        services:
          cut:
            name: Haircut
            # in minutes
            duration: 45
            price: 38    # for adults,
                         # children pay less
        """,
    ),
    "so does any that is deeper than the key above": (
        """\
        employees:
            ana:
                at:
                    studio:
                        services: [a]
                            # and later b
                        hours:
                              # summer
                        -   week: {mon: 09:00-17:00}
                            dates: 2027
                          # and winter
                  # both of them
                email: ana@x.example
        """,
        """\
        employees:
          ana:
            email: ana@x.example
            at:
              studio:
                services: [a]
                    # and later b
                hours:
                  # summer
                  - dates: 2027
                    week: {mon: 09:00-17:00}
                    # and winter
              # both of them
        """,
    ),
    "a deeper one behind a blank line, or below one at the level, does not": (
        """\
        services:
          a:
            name: A

              # in minutes
            duration: 45
            # of last year
              # and before
            price: 3
        """,
        """\
        services:
          a:
            name: A

            # in minutes
            duration: 45
            # of last year
            # and before
            price: 3
        """,
    ),
    "comments between two levels come to stand on the deeper one": (
        """\
        services:
           a: {name: A}
          # the end
         # of them
        """,
        """\
        services:
          a: {name: A}
          # the end
          # of them
        """,
    ),
    "a # in a text is no comment": (
        """\
        services:
          cut: {duration: 45 min, name: 'Cut # 5'}
          wash:
            description: |  # why
              # one
                two # three
            name: 'Wash # 6'
          dry:
            duration: 45 min # minutes
            description: "blow
              # dry
              # it"
            name: 'Dry #7 # 8'
        """,
        """\
        services:
          cut: {name: "Cut # 5", duration: 45 min}
          wash:
            name: "Wash # 6"
            description: |  # why
              # one
                two # three
          dry:
            name: "Dry #7 # 8"
            duration: 45 min # minutes
            description: "blow
              # dry
              # it"
        """,
    ),
    "nothing moves across a blank line": (
        """\
        services:
          haircut:
            price: 38
            duration: 45 min

            active: true
            name: Haircut
        """,
        """\
        services:
          haircut:
            duration: 45 min
            price: 38

            name: Haircut
            active: true
        """,
    ),
    "inside an employee": (
        """\
        employees:
          ana:
            away: []
            at:
              studio:
                hours:
                  - {week: {mon: 09:00-17:00}, dates: 2027}
                services: [a]
            email: ana@x.example
        """,
        """\
        employees:
          ana:
            email: ana@x.example
            at:
              studio:
                services: [a]
                hours:
                  - {dates: 2027, week: {mon: 09:00-17:00}}
            away: []
        """,
    ),
    "sections and keys of one's own stay where they are": (
        """\
        services:
          b: {name: B}
          a: {name: A}
        locations:
          x: {name: X}
        account: all
        """,
        None,
    ),
    "unknown keys go behind": (
        "services: {a: {nme: A, duration: 45 min}}\n",
        "services: {a: {duration: 45 min, nme: A}}\n",
    ),
    "scalars stay as they are written": (
        """\
        locations:
          a: {name: Null, zip: 01234, country: NO, phone: +15551234567}
        services:
          b: {name: 0x10, duration: 90 min, price: 29.50}
        """,
        None,
    ),
    "double quotes where nothing changes": (
        """\
        locations:
          a: {name: 'A', street1: 'it''s', street2: 'say "x"', city: 'a\\b', state: "C"}
        """,
        """\
        locations:
          a: {name: "A", street1: "it's", street2: 'say "x"', city: 'a\\b', state: "C"}
        """,
    ),
    "an anchor keeps a resource in its order": (
        """\
        services:
          a: {price: &p 3, name: A}
          b: {price: *p, name: B}
          c: {price: 4, name: C}
        """,
        """\
        services:
          a: {price: &p 3, name: A}
          b: {price: *p, name: B}
          c: {name: C, price: 4}
        """,
    ),
    "a comment between brackets keeps them in their order": (
        """\
        services:
          a: {price: 3,  # cheap
              name: A}
        """,
        None,
    ),
    "texts of several lines stay": (
        """\
        services:
            a:
                description: |
                    # no comment
                      deeper

                name: 'one

                    two'
        """,
        """\
        services:
          a:
            description: |
                # no comment
                  deeper

            name: 'one

                two'
        """,
    ),
    "comments keep to their level": (
        """\
        # the top
        services:
            # of the section
            a:
                name: A
                # the end of a
            # the end of the services
        # the end
        """,
        """\
        # the top
        services:
          # of the section
          a:
            name: A
            # the end of a
          # the end of the services
        # the end
        """,
    ),
    "documents stay apart": (
        "---\na: {}\n---  # b\nservices:\n   a: {name: A}\n",
        "---\na: {}\n---  # b\nservices:\n  a: {name: A}\n",
    ),
}  # fmt: skip
