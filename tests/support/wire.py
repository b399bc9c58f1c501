"""HTTP by hand: bytes are sent as they are, and answers are read as they come."""
import contextlib
import dataclasses
import json
import socket


@dataclasses.dataclass
class Response:
    status: int
    headers: dict  # names in small letters
    body: bytes

    def json(self):
        return json.loads(self.body)


class Wire:
    """One connection to "host:port"; `receive` bounds what may be under way to us."""

    def __init__(self, address, seconds=10, receive=0):
        host, port = address.rsplit(":", 1)
        self.socket = socket.socket()
        if receive:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        self.socket.settimeout(seconds)
        self.socket.connect((host, int(port)))
        self.reader = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.reader.close()
        self.socket.close()

    def send(self, *parts):
        """False when the other side has closed."""
        with contextlib.suppress(ConnectionError):
            for part in parts:
                self.socket.sendall(part.encode("latin-1") if isinstance(part, str) else part)
            return True
        return False

    def read(self, head=False):
        """The next answer, or None when the connection ended before it was whole."""
        try:
            line = self.reader.readline()
            while line.startswith(b"HTTP/1.1 100"):
                self.reader.readline()
                line = self.reader.readline()
            if not line:
                return None
            headers = {}
            while (field := self.reader.readline().strip()):
                name, _, value = field.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            status = int(line.split()[1])
            return Response(status, headers, b"" if head or status == 304 else self._body(headers))
        except ConnectionError:
            return None

    def _body(self, headers):
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = b""
            while size := self._chunk():
                body += self.reader.read(size)
                self.reader.readline()
            self.reader.readline()
            return body
        if "content-length" in headers:
            return self.reader.read(int(headers["content-length"]))
        return self.reader.read()

    def _chunk(self):
        line = self.reader.readline()
        if not line.strip():
            raise ConnectionError("cut off between two chunks")
        return int(line, 16)

    def rest(self):
        """Whatever still comes until the other side closes, however it does that."""
        got = b""
        with contextlib.suppress(ConnectionError):
            while part := self.reader.read1():
                got += part
        return got

    def ended(self):
        """Whether the other side has closed, waiting until it does or the time is over."""
        try:
            return self.reader.read(1) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False


def ask(address, *parts, seconds=10):
    """The answer to some bytes on a connection of their own; None when it was closed without."""
    with Wire(address, seconds) as wire:
        wire.send(*parts)
        return wire.read()
