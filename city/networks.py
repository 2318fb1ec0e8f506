"""Where messages may be sent: networks that the administrator names, nothing else."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

# RFC 1918, RFC 4193 and the machine itself: a closed network reaches nothing outside.
PRIVATE = "127.0.0.0/8, ::1/128, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7"


def networks_of(text: str) -> tuple[Network, ...]:
    """Networks with commas between; ValueError names what is none."""
    return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())


def is_address(host: str) -> bool:
    """Whether it is an IP address, not a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def refused(address: str, is_secret: bool, networks: Sequence[Network]) -> tuple[str, str] | None:
    """Why an IP address may not be called, in both languages; `is_secret` where TLS is spoken."""
    found = ip_address(address)
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if not any(found in network for network in networks):
        setting = "CITY_WEBHOOK_NETWORKS"
        return f"{found} 不在 {setting} 之内", f"{found} is not within {setting}"
    if not is_secret and not found.is_private:
        return "内网之外须用 https", "outside private networks it must be https"
    return None
