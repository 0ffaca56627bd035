"""The person's own words: quotations, signature and footer stripped, but never so that nothing is left."""


def own_words(text: str) -> str:
    """The text without what others wrote."""
    kept = [line for line in text.split("\n") if not line.startswith(">")]
    return "\n".join(kept).strip() or text
