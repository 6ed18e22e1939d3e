"""What every page shows around its own: the title, the way to the other pages, and who is signed in."""

from dataclasses import dataclass

PREFIX = "/admin"


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the navigation."""

    path: str
    title: str


NAVIGATION = (
    Place(PREFIX, "Overview"),
    Place(f"{PREFIX}/flags", "Flags"),
    Place(f"{PREFIX}/review", "Review"),
    Place(f"{PREFIX}/report", "Report"),
    Place(f"{PREFIX}/costs", "Costs"),
    Place(f"{PREFIX}/policy", "Policy"),
    Place(f"{PREFIX}/delivery", "Delivery"),
    Place(f"{PREFIX}/reveals", "Reveals"),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one page; `name` is empty when nobody is signed in, and there is no navigation then."""

    title: str
    path: str
    name: str = ""
    form_token: str = ""
    places: tuple[Place, ...] = NAVIGATION
