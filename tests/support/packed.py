"""MessagePack, as much of it as records use: written here anew so that what the programs pack is
read by somebody else.
"""
import struct

SHORT = {"B": 0xCC, "H": 0xCD, "I": 0xCE, "Q": 0xCF, "b": 0xD0, "h": 0xD1, "i": 0xD2, "q": 0xD3}


def pack(value):
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, float):
        return struct.pack(">Bd", 0xCB, value)
    if isinstance(value, str):
        return _sized(value.encode(), 0xA0, 32, 0xD9)
    if isinstance(value, bytes):
        return _sized(value, None, 0, 0xC4)
    if isinstance(value, (list, tuple)):
        return _count(len(value), 0x90, 0xDC) + b"".join(map(pack, value))
    return _count(len(value), 0x80, 0xDE) + b"".join(
        pack(part) for pair in value.items() for part in pair)


def _whole(value):
    if -32 <= value < 128:
        return struct.pack(">b", value)
    kinds = "BHIQ" if value >= 0 else "bhiq"
    for kind in kinds:
        try:
            return struct.pack(">B" + kind, SHORT[kind], value)
        except struct.error:
            continue
    raise OverflowError(value)


def _sized(content, short, below, first):
    if len(content) < below:
        return bytes([short | len(content)]) + content
    width = 0 if len(content) < 256 else 1 if len(content) < 65536 else 2
    return struct.pack(">B" + "BHI"[width], first + width, len(content)) + content


def _count(count, short, first):
    if count < 16:
        return bytes([short | count])
    if count < 65536:
        return struct.pack(">BH", first, count)
    return struct.pack(">BI", first + 1, count)


def unpack(content):
    """The one value that the bytes are; anything behind it is an error."""
    value, end = _read(content, 0)
    if end != len(content):
        raise ValueError(f"{len(content) - end} bytes follow the value")
    return value


def unpack_all(content):
    at, values = 0, []
    while at < len(content):
        value, at = _read(content, at)
        values.append(value)
    return values


def _take(content, at, form):
    return struct.unpack_from(">" + form, content, at)[0], at + struct.calcsize(form)


def _read(content, at):
    first, at = content[at], at + 1
    if first < 0x80 or first >= 0xE0:
        return struct.unpack("b", bytes([first]))[0], at
    if first < 0x90:
        return _map(content, at, first & 15)
    if first < 0xA0:
        return _list(content, at, first & 15)
    if first < 0xC0:
        return _text(content, at, first & 31)
    if first in (0xC0, 0xC2, 0xC3):
        return {0xC0: None, 0xC2: False, 0xC3: True}[first], at
    for form, code in SHORT.items():
        if first == code:
            return _take(content, at, form)
    if first in (0xCA, 0xCB):
        return _take(content, at, "fd"[first - 0xCA])
    for base, form, read in ((0xC4, "BHI", _bytes), (0xD9, "BHI", _text), (0xDC, "HI", _list),
                             (0xDE, "HI", _map)):
        if base <= first < base + len(form):
            count, at = _take(content, at, form[first - base])
            return read(content, at, count)
    raise ValueError(f"no MessagePack begins with {first:#x} here")


def _bytes(content, at, count):
    if at + count > len(content):
        raise ValueError("cut off")
    return content[at:at + count], at + count


def _text(content, at, count):
    value, at = _bytes(content, at, count)
    return value.decode(), at


def _list(content, at, count):
    values = []
    for _ in range(count):
        value, at = _read(content, at)
        values.append(value)
    return values, at


def _map(content, at, count):
    pairs = {}
    for _ in range(count):
        name, at = _read(content, at)
        if name in pairs:
            raise ValueError(f"{name} comes twice")
        pairs[name], at = _read(content, at)
    return pairs, at
