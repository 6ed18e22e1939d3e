"""What a team records does not age by itself; what is read off the network does, however it is put."""

import pytest

from router.recorded import is_recorded

RECORDED = [
    "which rack is sw-9-tku in",
    "vtep ip of leaf-31?",
    "time source for leaf-31?",
    "what is the rd of vrf blue on pe-3-hel",
    "how do i take vlan 731 off xe-0/0/9 of mx-7-hel",
    "when is the change freeze",
]

READ_OFF = [
    "is sw-9-tku up",
    "how much bandwidth is HEL-77120 using",
    "which vlan is nas-3-tku in right now",
    "who has INC-20417",
    "ABC-40771 is with whom",
    "how many clients are on ap-3-tku",
    "optical level on hel-88121?",
    "in which vlan was nas-3-tku",
    "which rack should sw-9-tku be in",
    "uptime and serial of sw-9-tku? and is it up?",
    "",
]


@pytest.mark.parametrize("ask", RECORDED)
def test_what_is_changed_by_hand_is_recorded(ask: str) -> None:
    assert is_recorded(ask)


@pytest.mark.parametrize("ask", READ_OFF)
def test_what_changes_by_itself_is_not_recorded(ask: str) -> None:
    assert not is_recorded(ask)
