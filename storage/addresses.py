"""Mail addresses in the one form under which they are kept and found: small letters, IDN as xn--, no comments."""

import unicodedata

LOCAL_QUOTES = '"'


def canonical(address: str) -> str:
    """The address as it is hashed.

    Unicode compatibility forms are folded (full-width letters and @), case is folded in both halves, the domain is written in
    its ASCII form (IDNA) without a final dot, needless quotes around the local part go. A +tag stays. What is no address stays
    as it is, folded.
    """
    folded = unicodedata.normalize("NFKC", address).strip().casefold()
    local, at, domain = folded.rpartition("@")
    if not at:
        return folded
    inner = local[1:-1]
    if local[:1] == local[-1:] == LOCAL_QUOTES and len(local) > 2 and all(c.isalnum() or c in "._+-" for c in inner):
        local = inner
    return f"{local}@{_ascii(domain.rstrip('.'))}"


def both(address: str) -> tuple[str, ...]:
    """The canonical address, and the one without its +tag where it has one: an entry of either suppresses it."""
    whole = canonical(address)
    local, at, domain = whole.rpartition("@")
    plain, plus, _ = local.partition("+")
    return (whole, f"{plain}@{domain}") if at and plus and plain else (whole,)


def is_address(text: str) -> bool:
    """Whether it has the shape of an address: one @ with something on both sides, no spaces or control characters."""
    local, at, domain = text.strip().rpartition("@")
    return bool(at and local and domain) and len(text) <= 320 and not any(c.isspace() or ord(c) < 32 for c in text.strip())


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
