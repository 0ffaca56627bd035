"""What our own mail server found out about the sender: Authentication-Results read by authres, and only from servers we trust."""

from authres import AuthenticationResultsHeader

from handlers.mail.message import Mail


def authentication(mail: Mail, trusted_authserv: tuple[str, ...]) -> str:
    """ "pass", "fail" or "none": DMARC as the topmost header of a trusted server has it, else SPF or DKIM aligned with From.

    A header below the topmost trusted one may be forged and is not read. Never raises.
    """
    trusted = {name.strip().lower() for name in trusted_authserv}
    if not trusted:
        return "none"
    for value in mail.authentication_results:
        if value.partition(";")[0].split("(")[0].strip().partition(" ")[0].lower() in trusted:
            try:
                return _judge(value, mail.from_[0].address.rpartition("@")[2] if mail.from_ else "")
            except Exception:  # noqa: BLE001 -- authres raises many kinds on broken headers; a header nobody can read proves nothing
                return "none"
    return "none"


def _judge(value: str, domain: str) -> str:
    header = AuthenticationResultsHeader.parse("Authentication-Results: " + value)
    results = [(str(result.method).lower(), str(result.result).lower(), result) for result in header.results if hasattr(result, "method")]
    dmarc = [outcome for method, outcome, _ in results if method == "dmarc"]
    if "pass" in dmarc:
        return "pass"
    if "fail" in dmarc:
        return "fail"
    aligned = [(method, outcome) for method, outcome, result in results if _aligned(_identity(method, result), domain)]
    if any(outcome == "pass" for _, outcome in aligned):
        return "pass"
    return "fail" if ("spf", "fail") in aligned else "none"


def _identity(method: str, result: object) -> str:
    """The domain that a result speaks of."""
    wanted = {"spf": ("mailfrom", "from"), "dkim": ("d", "i")}.get(method, ())
    for name in wanted:
        for stated in getattr(result, "properties", ()):
            if str(stated.name).lower() == name and stated.value:
                return str(stated.value).rpartition("@")[2].strip("<>").lower()
    return ""


def _aligned(identity: str, domain: str) -> bool:
    """Whether two domains are one, or one lies below the other (relaxed alignment, RFC 7489 s. 3.1, without a list of public suffixes)."""
    if not identity or not domain or "." not in identity or "." not in domain:
        return False
    return identity == domain or identity.endswith("." + domain) or domain.endswith("." + identity)
