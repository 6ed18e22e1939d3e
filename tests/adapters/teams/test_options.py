"""An answer goes to Teams alone, whatever address an activity named."""

import pytest
from pydantic import SecretStr

from adapters.teams.options import Cloud, TeamsOptions

REAL = TeamsOptions("app", SecretStr("secret"), "tenant")
OPEN = TeamsOptions("", verify=False)


@pytest.mark.parametrize(
    ("url", "served"),
    [
        ("https://smba.trafficmanager.net/emea/", True),
        ("https://SMBA.trafficmanager.net/emea/", True),
        ("https://smba.trafficmanager.net:443/emea/", True),
        ("http://smba.trafficmanager.net/emea/", False),
        ("https://smba.trafficmanager.net:8443/emea/", False),
        ("https://smba.trafficmanager.net.evil.example/", False),
        ("https://evil.example/smba.trafficmanager.net/", False),
        ("https://smba.trafficmanager.net@evil.example/", False),
        ("https://user:secret@smba.trafficmanager.net/", False),
        ("http://127.0.0.1:56150/_connector", False),
        ("http://localhost:56150/_connector", False),
        ("https://[::1", False),
        ("https://smba.trafficmanager.net:port/", False),
        ("ftp://smba.trafficmanager.net/", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_list_are_served(url: str, served: bool) -> None:  # noqa: FBT001 (a table's column)
    assert REAL.serves(url) is served


def test_another_cloud_has_its_own_hosts() -> None:
    options = TeamsOptions("app", SecretStr("secret"), "tenant", cloud=Cloud(service_hosts=("smba.infra.gov.teams.microsoft.us",)))
    assert options.serves("https://smba.infra.gov.teams.microsoft.us/gov/")
    assert not options.serves("https://smba.trafficmanager.net/emea/")


def test_without_authentication_this_machine_is_served_too() -> None:
    assert OPEN.serves("http://localhost:56150/_connector")
    assert not OPEN.serves("http://evil.example/_connector")


@pytest.mark.parametrize(("options", "tenant", "admitted"), [(REAL, "tenant", True), (REAL, "other", False), (OPEN, "any", True)])
def test_a_tenant_is_let_in_by_the_list(options: TeamsOptions, tenant: str, admitted: bool) -> None:  # noqa: FBT001 (a table's column)
    assert options.admits(tenant) is admitted
