"""Finds a free TCP port on loopback, going around the busy ones."""

import socket

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether nobody listens on `port`, neither on loopback nor on all addresses (IPv4 and IPv6)."""
    for family, host in ((socket.AF_INET, LOOPBACK), (socket.AF_INET, ""), (socket.AF_INET6, "::")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind((host, port))
        except OSError:
            if family == socket.AF_INET6 and not socket.has_ipv6:
                continue
            return False
    return True


def free_port(wanted: int = 0) -> int:
    """`wanted` if it is free, else the next free one above it; with 0 any port that the system gives."""
    if wanted:
        for port in range(wanted, min(wanted + 200, 65536)):
            if is_free(port):
                return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
