"""The ledger as it lies in Redis, read past every program: the last word on what was written."""
import socket

import packed

STREAM = "misaq:{PK}:ledger"  # the braces keep its keys together in a cluster


class Ledger:
    """With the path of the socket of Redis. Opens a connection for every question, so that Redis
    may be killed in between."""

    def __init__(self, path):
        self.path = str(path)

    def length(self):
        return self.say("XLEN", STREAM)

    def events(self, page=1000):
        """(position, event) of all entries, oldest first, the data of each unpacked as well."""
        after = "-"
        while entries := self.say("XRANGE", STREAM, after, "+", "COUNT", str(page)):
            for entry, fields in entries:
                event = packed.unpack(fields[1])
                event["data"] = packed.unpack(event["data"])
                yield entry.decode(), event
            after = f"({entries[-1][0].decode()}"

    def entries(self):
        """[(id, packed entry)] as they lie there."""
        whole = self.say("XRANGE", STREAM, "-", "+")
        return [(entry.decode(), fields[1]) for entry, fields in whole]

    def say(self, *words):
        """One command to Redis; its reply."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(30)
            link.connect(self.path)
            parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
            link.sendall(b"*%d\r\n" % len(parts) + b"".join(
                b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
            with link.makefile("rb") as lines:
                return _reply(lines)


def _reply(lines):
    line = lines.readline()
    if not line.endswith(b"\r\n"):
        raise ConnectionError("Redis closed the connection")
    kind, rest = line[:1], line[1:-2]
    if kind == b"+":
        return rest.decode()
    if kind == b":":
        return int(rest)
    if kind == b"$":
        size = int(rest)
        return None if size < 0 else lines.read(size + 2)[:-2]
    if kind == b"*":
        return [_reply(lines) for _ in range(int(rest))]
    raise ConnectionError(rest.decode())
