"""S/MIME mail that is signed but not encrypted (RFC 8551 s. 3.5.2): the MIME entity inside, without looking at the signature."""

_DATA = bytes.fromhex("06092a864886f70d010701")  # the object identifier of pkcs7-data
_OCTETS, _OCTETS_IN_PIECES, _EXPLICIT = 0x04, 0x24, 0xA0
MAX_PIECES = 100_000


def signed_content(data: bytes) -> bytes | None:
    """The signed entity in DER or BER bytes, or None where there is none to read. Never raises."""
    position = data.find(_DATA)
    if position < 0:
        return None
    position += len(_DATA)
    try:
        if data[position] != _EXPLICIT:
            return None
        _, position = _length(data, position + 1)
        tag = data[position]
        length, position = _length(data, position + 1)
        if tag == _OCTETS and length is not None:
            return data[position : position + length]
        return _pieces(data, position, length) if tag == _OCTETS_IN_PIECES else None
    except IndexError:
        return None


def _length(data: bytes, position: int) -> tuple[int | None, int]:
    """A BER length (None where it is indefinite) and where the content starts."""
    first = data[position]
    if first == 0x80:
        return None, position + 1
    if first < 0x80:
        return first, position + 1
    count = first & 0x7F
    return int.from_bytes(data[position + 1 : position + 1 + count], "big"), position + 1 + count


def _pieces(data: bytes, position: int, length: int | None) -> bytes:
    end = len(data) if length is None else min(len(data), position + length)
    out: list[bytes] = []
    while position < end and data[position] == _OCTETS and len(out) < MAX_PIECES:
        size, position = _length(data, position + 1)
        if size is None:
            break
        out.append(data[position : position + size])
        position += size
    return b"".join(out)
