"""Readers of streams of events (server-sent events), byte by byte: what an EventSource does, and
what it should not.

    with Listener(stack, "/v1/events?after=0") as listener:
        listener.until(lambda events: len(events) == 3)
        listener.events[0]["subject"], listener.last_id
"""
import json
import select
import socket
import time

SECONDS = 30


class Listener:
    def __init__(self, stack, path="/v1/events", actor="", headers=None, receive=None,
                 source="127.0.0.1"):
        """actor: "person@office", "" for the public. receive: bytes of the socket's buffer."""
        signed = stack.people.headers(actor) if actor else {}
        sent = {"Host": "localhost", "Accept": "text/event-stream"} | signed | (headers or {})
        host, port = stack.address.rsplit(":", 1)
        self.socket = socket.socket()
        if receive:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        self.socket.bind((source, 0))
        self.socket.connect((host, int(port)))
        lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        self.socket.sendall(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        self.socket.setblocking(False)
        self.status, self.head, self.pending = None, "", b""
        self.events = []    # what happened: the objects, in order
        self.told = []      # ("end", {...}) and the like, which are not of the ledger
        self.comments = 0
        self.last_id, self.retry, self.open = None, None, True

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.socket.close()

    def fileno(self):
        return self.socket.fileno()

    def read(self, most=1 << 20):
        """What has come; returns whether anything did."""
        try:
            got = self.socket.recv(most)
        except BlockingIOError:
            return False
        except ConnectionResetError:
            got = b""
        self.open = bool(got)
        self.pending += got
        if self.status is None and b"\r\n\r\n" in self.pending:
            head, self.pending = self.pending.split(b"\r\n\r\n", 1)
            self.head = head.decode()
            self.status = int(self.head.split(" ")[1])
        while self.status == 200 and b"\n\n" in self.pending:
            block, self.pending = self.pending.split(b"\n\n", 1)
            self.block(block.decode())
        return bool(got)

    def block(self, text):
        kind, data = None, None
        for line in text.split("\n"):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if not name:
                self.comments += 1
            elif name == "id":
                self.last_id = int(value)
            elif name == "event":
                kind = value
            elif name == "data":
                assert data is None, "an event of one line comes in several"
                data = json.loads(value)
            elif name == "retry":
                self.retry = int(value)
            else:
                raise AssertionError(f"a field that no standard names: {line!r}")
        if data is None:
            return
        if "position" in data and "type" in data:
            assert (data["position"], data["type"]) == (self.last_id, kind), text
            self.events.append(data)
        else:
            self.told.append((kind, data))

    def until(self, true, seconds=None, what="the stream"):
        seconds = seconds or SECONDS
        deadline = time.monotonic() + seconds
        while not true():
            left = deadline - time.monotonic()
            assert left > 0, (f"{what}: not within {seconds} s; {len(self.events)} events to "
                              f"{self.last_id}, {self.told}")
            assert self.open, f"{what}: the stream has ended; {self.told}"
            if select.select([self.socket], [], [], min(left, 1))[0]:
                self.read()
        return self

    def reach(self, position):
        """Until an event at this position or behind it has come."""
        return self.until(lambda: self.last_id is not None and self.last_id >= position,
                          what=f"position {position}")

    def begun(self):
        return self.until(lambda: self.status, what="a status")

    def ended(self, seconds=None):
        """Until the other side has closed; what it said last."""
        seconds = seconds or SECONDS
        deadline = time.monotonic() + seconds
        while self.open:
            left = deadline - time.monotonic()
            assert left > 0, f"the stream is still open after {seconds} s"
            if select.select([self.socket], [], [], min(left, 1))[0]:
                self.read()
        return self.told[-1] if self.told else None

    def positions(self):
        return [event["position"] for event in self.events]
