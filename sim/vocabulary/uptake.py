"""How ideas are told, what firms choose to do with them, and by which route firms take them up."""

from __future__ import annotations

from sim.vocabulary.coded import Coded


class Uptake(Coded):
    """How a firm has taken up the idea."""

    NONE = 0
    QUIET = 1
    PUBLIC_UNCREDITED = 2
    PUBLIC_CREDITED = 3


class Route(Coded):
    """What made a firm adopt."""

    BASE = 0  # of its own accord
    LAW = 1
    MANAGERS = 2
    STAFF = 3
    PRESS = 4
    FEDERATION = 5
    PEER = 6
    IDEA = 7  # it decided on ideas that it was told


class Choice(Coded):
    """What a firm can do with ideas it was told."""

    PUBLIC = 0  # a public partnership
    SHADOW = 1  # a hidden one
    ALONE = 2  # use in public, without the owner
    QUIET = 3  # use that nobody sees
    NOTHING = 4


class Seen(Coded):
    """What others can see of a firm's last choice; quiet use reads "nothing" until it is found."""

    NONE = 0
    PENDING = 1
    PUBLIC = 2
    SHADOW = 3
    ALONE = 4
    NOTHING = 5


class Telling(Coded):
    """Ways to tell a bundle of ideas."""

    LIST = 0
    TEASER = 1
    GUIDE = 2
    WORKSHOP = 3


SHARE_TOLD: dict[Telling, float] = {Telling.LIST: 0.8, Telling.TEASER: 0.2, Telling.GUIDE: 0.6, Telling.WORKSHOP: 0.5}
"""Share of a bundle that is known afterwards, if a plan gives no other: assumptions."""
