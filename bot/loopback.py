"""Which addresses and names mean this machine alone."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Tell whether an address, or the name `localhost`, reaches nobody but this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def names_loopback(host: str) -> bool:
    """Tell whether a Host header, with or without its port, names this machine; any other name there means DNS rebinding."""
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False
