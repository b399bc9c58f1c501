#!/usr/bin/python3
"""Bytes that are no proper HTTP, clients that are slow, and connections that carry many requests.
After each of them the gateway still serves."""
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import wire  # noqa: E402
from government import Government  # noqa: E402
from stack import Stack, wait_until  # noqa: E402
from verdict import Verdict, expect, same  # noqa: E402

HEADER_MS = 500
EACH = 150  # connections from one address
SLOW = 100
GOOD = "GET /v1/cycles/2021 HTTP/1.1\r\nHost: test\r\n\r\n"
ROOT = "Root-Signs-In\r\n"  # on its way it becomes the fields of a signed-in administrator
BODY = '{"id":"SMG","name":"x","kind":"x","valid_from":"2000-01-01"}'
CLOSED = None


def lines(fields):
    return "".join(f"{field}\r\n" for field in fields)


def get(path, *fields):
    return f"GET {path} HTTP/1.1\r\nHost: test\r\n{lines(fields)}\r\n"


def post(*fields, body=BODY):
    return ("POST /v1/ministries HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
            f"{ROOT}{lines(fields)}\r\n{body}")


LENGTH = f"Content-Length: {len(BODY)}"
CHUNKED = "Transfer-Encoding: chunked"
CHUNKS = f"{len(BODY):x}\r\n{BODY}\r\n0\r\n\r\n"

# Bytes that nobody may understand in two ways: the answer closes the connection.
FRAMING = [
    ("a length and chunks", post(LENGTH, CHUNKED, body=CHUNKS)),
    ("chunks and a length", post(CHUNKED, LENGTH, body=CHUNKS)),
    ("a length of 0 and chunks", post("Content-Length: 0", CHUNKED, body=CHUNKS)),
    ("two lengths that agree", post(LENGTH, LENGTH)),
    ("two lengths that differ", post(LENGTH, "Content-Length: 3")),
    ("a blank before the colon of the length", post(f"Content-Length : {len(BODY)}")),
    ("a blank before the colon", post(LENGTH, "X-Any : thing")),
    ("a tab before the colon of chunks", post("Transfer-Encoding\t: chunked", body=CHUNKS)),
    ("an unknown coding", post("Transfer-Encoding: gzip", body=CHUNKS)),
    ("two codings", post("Transfer-Encoding: gzip, chunked", body=CHUNKS)),
    ("chunked twice", post(CHUNKED, CHUNKED, body=CHUNKS)),
    ("xchunked", post("Transfer-Encoding: xchunked", body=CHUNKS)),
    ("chunked in quotes", post('Transfer-Encoding: "chunked"', body=CHUNKS)),
    ("chunks in HTTP/1.0", post(CHUNKED, body=CHUNKS).replace("HTTP/1.1", "HTTP/1.0")),
    ("bare line feeds", get("/v1/cycles").replace("\r\n", "\n")),
    ("one bare line feed", get("/v1/cycles", "X-Any: a\nX-Other: b")),
    ("a NUL in a value", get("/v1/cycles", "X-Any: a\0b")),
    ("a field without a name", get("/v1/cycles", ": thing")),
    ("a folded line", get("/v1/cycles", "X-Any: a", " b")),
    ("a folded length", post("Content-Length:", f" {len(BODY)}")),
    ("a length that goes on", post(LENGTH, " 5")),
    ("a name that folding makes a length", post(f"Content-Lengt: {len(BODY)}", "\th")),
    ("folded chunks", post("Transfer-Encoding: chun", " ked", body=CHUNKS)),
    ("two Hosts", get("/v1/cycles", "Host: other")),
    ("no Host", "GET /v1/cycles HTTP/1.1\r\n\r\n"),
    ("a name with a blank", get("/v1/cycles", "X Any: thing")),
    ("a name beyond ASCII", get("/v1/cycles", "X-\xe9: thing")),
    ("a control character in a value", get("/v1/cycles", "X-Any: a\x01b")),
    ("a carriage return in a value", get("/v1/cycles", "X-Any: a\rb")),
    ("a token twice", get("/v1/cycles", "Authorization: Bearer a", "Authorization: Bearer b")),
    ("an office twice", get("/v1/cycles", "Misaq-Office: pm", "Misaq-Office: auditor")),
    ("cookies twice", get("/v1/cycles", "Cookie: a=b", "Cookie: c=d")),
    ("an unknown expectation", post(LENGTH, "Expect: miracles")),
]

# The same, refused by the HTTP library before the gateway hears of it, in its own words.
LIBRARY = [
    ("a list of lengths", post(f"{LENGTH}, {len(BODY)}")),
    ("a length with a sign", post(f"Content-Length: +{len(BODY)}")),
    ("a length below 0", post("Content-Length: -1")),
    ("a length in hexadecimal", post(f"Content-Length: {len(BODY):#x}")),
    ("a length with a unit", post("Content-Length: 5 bytes")),
    ("an empty length", post("Content-Length:")),
    ("a length beyond 64 bits", post("Content-Length: 99999999999999999999999999")),
    ("a chunk size that is no number", post(CHUNKED, body="zz\r\nabc\r\n0\r\n\r\n")),
    ("a chunk size below 0", post(CHUNKED, body="-1\r\nabc\r\n0\r\n\r\n")),
    ("a chunk size beyond 64 bits", post(CHUNKED, body="1" + "0" * 20 + "\r\nabc\r\n0\r\n\r\n")),
    ("a chunk longer than its size", post(CHUNKED, body="1\r\nabc\r\n0\r\n\r\n")),
]

# A target of a request that has no meaning here.
TARGETS = [
    ("%00 in a path", "/v1/cycles/20%0021"), ("%00 at its end", "/v1/cycles/2021%00"),
    ("an encoded slash", "/v1%2Fcycles"), ("an encoded newline", "/v1/cycles/%0A"),
    ("half an escape", "/v1/cycles/%2"), ("an escape that is none", "/v1/cycles/%zz"),
    ("a lone %", "/v1/cycles/%"), ("invalid UTF-8", "/v1/cycles/%ff%fe"),
    ("an overlong dot", "/v1/cycles/%c0%ae"), ("dots", "/v1/../v1/cycles"),
    ("a dot", "/v1/./cycles"), ("encoded dots", "/v1/%2e%2e/v1/cycles"),
    ("two slashes", "//v1/cycles"), ("a slash at the end", "/v1/cycles/"),
    ("two slashes within", "/v1//cycles"), ("a fragment", "/v1/cycles#top"),
    ("a raw byte", "/v1/cycles/\xe9"), ("no slash", "v1/cycles"),
    ("another host", "http://other/v1/cycles"), ("an asterisk", "*"),
    ("a parameter without a name", "/v1/cycles?=5"), ("%00 in a query", "/v1/cycles?limit=5%00"),
]

# What may be answered in more than one way, or not at all.
RAW = [
    ("a NUL in a name", get("/v1/cycles", "X\x00Any: b"), {400, CLOSED}),
    ("a TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64 + b"\r\n\r\n",
     {400, 408, CLOSED}),
    ("no version", "GET /v1/cycles\r\n\r\n", {400, CLOSED}),
    ("a version that is none", "GET /v1/cycles HTTX/1.1\r\nHost: t\r\n\r\n", {400, 505, CLOSED}),
    ("HTTP/9.9", "GET /v1/cycles HTTP/9.9\r\nHost: t\r\n\r\n", {400, 505, CLOSED}),
    ("no method", " /v1/cycles HTTP/1.1\r\nHost: t\r\n\r\n", {400, 405, CLOSED}),
    ("only blanks", "   \r\n\r\n", {400, 408, CLOSED}),
    ("a line of 30,000 bytes", get("/v1/cycles?text=" + "a" * 30000), {414, 431, CLOSED}),
    ("a target of 9,000 bytes", get("/v1/cycles?text=" + "a" * 9000), {414, 431, CLOSED}),
    ("a value of 30,000 bytes", get("/v1/cycles", "X-Any: " + "a" * 30000), {431, 413, CLOSED}),
    ("a name of 30,000 bytes", get("/v1/cycles", "X" * 30000 + ": a"), {431, 413, CLOSED}),
    ("1,000 fields", get("/v1/cycles", *(f"X-{n}: a" for n in range(1000))), {431, 413, CLOSED}),
    ("70 fields", get("/v1/cycles", *(f"X-{n}: a" for n in range(70))), {431}),
    ("a field that does not end", "GET /v1/cycles HTTP/1.1\r\nHost: t\r\nX-Any", {408, CLOSED}),
    ("a chunk without its end", post(CHUNKED, body="5\r\nab"), {408, CLOSED}),
    ("a body without its end", post("Content-Length: 100", body="{"), {408, CLOSED}),
]


class Line(wire.Wire):
    """A connection on which ROOT is signed in."""
    root = ""

    def send(self, *parts):
        return super().send(*(part.replace(ROOT, Line.root) if isinstance(part, str) else part
                              for part in parts))


class Served:
    """Asks after each case whether the gateway still serves, on a connection of its own."""

    def __init__(self, verdict, address):
        self.verdict, self.address = verdict, address

    def check(self, name, act):
        with self.verdict.case(name):
            act()
            answer = wire.ask(self.address, GOOD)
            assert answer and answer.status == 200, f"afterwards: {answer}"

    def refused(self, name, content, statuses, problem=None):
        """With a problem: the connection must end, and what comes behind is not answered."""
        def act():
            with Line(self.address, 15) as line:
                line.send(content, get("/v1/ministries/PWR") if problem is not None else b"")
                answer = line.read()
                status = answer.status if answer else CLOSED
                assert status in statuses, f"{status}, not one of {statuses}: {answer}"
                if problem and answer:
                    same(answer.headers["content-type"], "application/problem+json")
                    same(answer.json()["type"], f"/problems/{problem}")
                if problem is not None or not answer:
                    assert b"HTTP/1.1 200" not in line.rest(), "what came behind was answered"
        self.check(name, act)


def malformed(served, government):
    for name, content in FRAMING:
        served.refused(name, content, {400, CLOSED}, "bad-input")
    for name, content in LIBRARY:
        served.refused(name, content, {400, 413, CLOSED}, "")
    for name, target in TARGETS:
        served.refused(name, get(target), {400, CLOSED})
    for name, content, statuses in RAW:
        served.refused(name, content, statuses)
    def cut_at_nul():  # the library would end the path there
        with Line(served.address, 3) as line:
            line.send(get("/v1/cycles/2021\0/history"), get("/v1/nothing", "Connection: close"))
            statuses = [answer.status for answer in iter(line.read, None)]
            assert statuses == [400], statuses
    served.check("a NUL in the path is refused", cut_at_nul)
    with served.verdict.case("nothing of all this registered a body"):
        same([body["id"] for body in government.read("/v1/ministries")["items"]], ["PWR"])


def slow(served, stack):
    limit = HEADER_MS / 1000 + 2  # the machine may be busy

    def dripping(first, rest):
        def act():
            with Line(stack.address) as line:
                began = time.monotonic()
                line.send(first)
                for byte in rest:
                    if not line.send(bytes([byte])) or time.monotonic() - began > limit:
                        break
                    line.socket.settimeout(0.05)
                    try:
                        if line.socket.recv(1000) == b"":
                            break
                    except TimeoutError:
                        continue
                    except ConnectionError:
                        break
                took = time.monotonic() - began
                assert took < limit, f"still taken after {took:.1f} s"
        return act

    served.check("a header that drips in is cut off", dripping("GET /v1/cycles HTTP/1.1\r\n",
                                                               b"X-Any: " + b"a" * 1000))
    served.check("a body that drips in is cut off", dripping(post("Content-Length: 1000", body=""),
                                                             b" " * 1000))
    served.check("chunks that drip in are cut off", dripping(post(CHUNKED, body=""),
                                                             b"1\r\n \r\n" * 200))

    def says_why():
        answer = wire.ask(stack.address, "GET /v1/cycles HTTP/1.1\r\nHost: te", seconds=limit)
        assert answer is None or answer.status == 408, answer
        if answer:
            same(answer.json()["type"], "/problems/request-timeout")
    served.check("half a header is answered with 408 or closed", says_why)

    def nothing_sent():
        with Line(stack.address, limit) as line:
            assert line.ended(), "it may stay for ever"
    served.check("a connection that says nothing is closed", nothing_sent)

    def crowd():
        stop = threading.Event()

        def drip():
            while not stop.is_set():
                with Line(stack.address) as line:
                    line.send("POST /v1/ministries HTTP/1.1\r\nHost: t\r\n")
                    while not stop.wait(0.1) and line.send("X-Any: a\r\n"):
                        pass
        crowd = [threading.Thread(target=drip, daemon=True) for _ in range(SLOW)]
        for one in crowd:
            one.start()
        try:
            worst = 0
            for _ in range(100):
                began = time.monotonic()
                answer = wire.ask(stack.address, GOOD)
                same(answer and answer.status, 200, "a good client among slow ones")
                worst = max(worst, time.monotonic() - began)
            print(f"  the slowest of 100 answers beside {SLOW} slow clients: {worst * 1000:.0f} ms")
            assert worst < 3, f"{worst:.1f} s"
        finally:
            stop.set()
            for one in crowd:
                one.join()
    served.check(f"{SLOW} slow clients do not starve a good one", crowd)


def too_many(served, stack):
    def act():
        lines = []
        try:
            refused = 0
            for _ in range(EACH + 30):
                lines.append(Line(stack.address, 3))
                lines[-1].send(GOOD)
                answer = lines[-1].read()
                if answer is None or answer.status != 200:
                    refused += 1
                    assert answer is None or answer.status == 429, answer
            assert 0 < refused <= 31, f"{refused} of {EACH + 30} connections refused"
        finally:
            for line in lines:
                line.__exit__()

        def serves():
            answer = wire.ask(stack.address, GOOD)
            return answer and answer.status == 200
        wait_until(serves, 10, "room for another connection")
    served.check(f"one address has {EACH} connections at most", act)


def many_on_one(served, stack):
    def pipelined():
        paths = ["/v1/cycles/2021", "/v1/ministries/PWR", "/v1/nothing"] * 20
        with Line(stack.address) as line:
            line.send("".join(map(get, paths)))
            for path in paths:
                answer = line.read()
                assert answer, f"the connection ended before {path}"
                same(answer.status, 404 if path.endswith("nothing") else 200, path)
                same(answer.json().get("id"), {"/v1/cycles/2021": "2021",
                                               "/v1/ministries/PWR": "PWR"}.get(path))
    served.check("60 requests in one piece are answered in their order", pipelined)

    def written_and_read():
        with Line(stack.address) as line:
            for n in range(10):
                body = BODY.replace("SMG", f"W{n}")
                line.send(post(f"Content-Length: {len(body)}", body=body))
                line.send(get(f"/v1/ministries/W{n}"))
            for n in range(10):
                same([line.read().status, line.read().json()["id"]], [201, f"W{n}"])
    served.check("a read sent behind a write, before its answer, sees it", written_and_read)

    def kept_alive():
        with Line(stack.address) as line:
            for n in range(200):
                line.send(GOOD if n % 2 else GOOD.replace("GET", "HEAD"))
                same(line.read(head=n % 2 == 0).status, 200, f"request {n + 1}")
            line.send(get("/v1/cycles", "Connection: close"))
            same(line.read().status, 200)
            assert line.ended(), "it said close"
    served.check("200 requests follow each other on one connection", kept_alive)

    def in_bytes():
        with Line(stack.address) as line:
            request = post(CHUNKED, body="3\r\n" + CHUNKS[len(f"{len(BODY):x}") + 2:][:3] +
                           f"\r\n{len(BODY) - 3:x};ext=1\r\n{BODY[3:]}\r\n0\r\nTrailer: x\r\n\r\n")
            for byte in request.replace("SMG", "BYT").replace(ROOT, Line.root).encode():
                line.send(bytes([byte]))
            same(line.read().status, 201)
    served.check("a request that comes byte by byte, in chunks, is understood", in_bytes)

    def waits_for_leave():
        with Line(stack.address) as line:
            line.send(post(LENGTH, "Expect: 100-continue", body=""))
            assert line.reader.readline().startswith(b"HTTP/1.1 100 "), "no leave to send"
            line.reader.readline()
            line.send(BODY)
            same(line.read().status, 201)
        with Line(stack.address) as line:
            line.send(post("Content-Length: 20000000", "Expect: 100-continue", body=""))
            assert line.reader.readline().startswith(b"HTTP/1.1 413 "), "not refused at once"
    served.check("100-continue is given, or refused before the body", waits_for_leave)

    def old():
        with Line(stack.address) as line:
            line.send("GET /v1/cycles/2021 HTTP/1.0\r\n\r\n")
            same(line.read().status, 200)
            assert line.ended(), "HTTP/1.0 ends with the answer"
    served.check("HTTP/1.0 is answered", old)


def traces(served, stack):
    trace = "0af7651916cd43dd8448eb211c80319c"

    def act():
        for field, wanted in ((f"00-{trace}-b7ad6b7169203331-01", trace), ("00-zz-zz-01", None),
                              (f"00-{'0' * 32}-b7ad6b7169203331-01", None)):
            answer = stack.request("GET", "/v1/nothing", None, {"traceparent": field})
            told = answer.headers["Misaq-Trace"]
            assert len(told) == 32 and int(told, 16), told
            same(told == trace, wanted is not None, field)
            same(answer.json()["trace"], told, "trace in the problem")
    served.check("a trace is taken over, or begun", act)

    def problems_told():
        for word in ("bad-input", "stale", "idempotency-key-reused", "deadline"):
            answer = expect(stack.request("GET", f"/problems/{word}"), 200)
            assert word in answer.body.decode(), answer.body
    served.check("each kind of problem is explained under its name", problems_told)


def main():
    verdict = Verdict()
    settings = {"MISAQ_HEADER_MS": str(HEADER_MS), "MISAQ_CONNECTIONS_EACH": str(EACH)}
    with Stack(settings=settings) as stack:
        government = Government(stack)
        government.found("PWR")
        Line.root = stack.people.lines(stack.actor)
        served = Served(verdict, stack.address)
        malformed(served, government)
        slow(served, stack)
        too_many(served, stack)
        many_on_one(served, stack)
        traces(served, stack)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
