"""Row l: one burst of events to many readers at once, beside NATS with the same payload."""
import json
import signal
import socket
import subprocess
import urllib.request

from government import Government
from lab import ROUNDS, Lab, Row
from rows_small import promise
from stack import Stack, free_port, wait_until
from verdict import expect

READERS, EVENTS = 1000, 1000
AUDITOR = "m.bano@auditor"


def race(lab, build, address, mark, request, burst):
    """READERS readers wait; `burst` lets the messages go. What was told."""
    readers = lab.start([build / "tests/bench/bench_fanout", address, READERS, EVENTS, mark,
                         request], piped=True)
    assert readers.stdout.readline() == "open\n"
    go = burst()
    readers.stdin.write("go\n")
    readers.stdin.flush()
    go()
    told = json.loads(readers.stdout.readline())
    readers.wait(60)
    return told


def of_misaq(lab, build, stack, government, body):
    token = stack.people.headers(AUDITOR)["Authorization"]
    request = ("GET /v1/events?types=target.drafted HTTP/1.1\r\nHost: x\r\n"
               f"Accept: text/event-stream\r\nMisaq-Office: auditor\r\nAuthorization: {token}\r\n"
               "\r\n")
    def burst():
        """The events happen while misaq-streams stands still: all of them wait for it."""
        def opened():
            page = stack.ask(stack.admin, "GET", "/metrics").body.decode()
            return f"misaq_streams_open {READERS}\n" in page
        wait_until(opened, 30, "all streams open")
        child = stack.programs["streams"].child
        child.send_signal(signal.SIGSTOP)
        for _ in range(EVENTS):
            expect(government.post(body, "targets", promise(body)), 201)
        return lambda: child.send_signal(signal.SIGCONT)
    told = race(lab, build, stack.address, "\nevent: t", request, burst)
    wait_until(lambda: "misaq_streams_open 0\n" in stack.ask(
        stack.admin, "GET", "/metrics").body.decode(), 30, "all streams closed")
    return told


def of_nats(lab, build, address, monitor, payload):
    host, port = address.split(":")
    burst = b"".join(b"PUB t %d\r\n%s\r\n" % (len(payload), payload) for _ in range(EVENTS))

    def subscribed():
        with urllib.request.urlopen(f"http://{monitor}/connz?limit=1", timeout=5) as answer:
            connections = json.load(answer)["total"]
        with urllib.request.urlopen(f"http://{monitor}/subsz", timeout=5) as answer:
            return connections >= READERS and json.load(answer)["num_subscriptions"] - idle

    with urllib.request.urlopen(f"http://{monitor}/subsz", timeout=5) as answer:
        idle = json.load(answer)["num_subscriptions"]

    def prepare():
        wait_until(lambda: subscribed() >= READERS, 20, "all subscribed")
        connection = socket.create_connection((host, int(port)))
        connection.sendall(b'CONNECT {"verbose":false}\r\nPING\r\n')
        while b"PONG" not in connection.recv(4096):
            pass
        return lambda: connection.sendall(burst)
    return race(lab, build, address, "MSG t ", 'CONNECT {"verbose":false}\r\nSUB t 1\r\n', prepare)


def fanout(build):
    told = {"misaq": [], "nats": []}
    settings = {"MISAQ_STREAMS_EACH": "20000", "MISAQ_CONNECTIONS_EACH": "20000"}
    with Lab() as lab, Stack(build=build, settings=settings) as stack:
        government = Government(stack)
        bodies = [f"B{number}" for number in range(1, ROUNDS + 1)]  # a round fills an agreement
        government.found(*bodies)
        for body in bodies:
            government.open(body)
        position = government.draft("B1")["position"]
        page = expect(stack.request("GET", f"/v1/events?after={position - 1}&limit=1",
                                    actor=AUDITOR), 200)
        payload = json.dumps(page.json()["items"][0], separators=(",", ":")).encode()
        port, watch = free_port(), free_port()
        lab.start(["nats-server", "-a", "127.0.0.1", "-p", port, "-m", watch])
        monitor = f"127.0.0.1:{watch}"
        nats = f"127.0.0.1:{port}"

        def listens():
            try:
                return socket.create_connection(("127.0.0.1", port), 1).close() is None
            except OSError:
                return False
        wait_until(listens, 20, "NATS")
        for body in bodies:
            told["misaq"].append(of_misaq(lab, build, stack, government, body))
            told["nats"].append(of_nats(lab, build, nats, monitor, payload))
    version = subprocess.run(["nats-server", "--version"], capture_output=True, text=True,
                             check=True).stdout.strip()
    each = {name: {part: [one[part] for one in ones] for part in ("per_second", "p99_ms")}
            for name, ones in told.items()}
    return [Row(f"l  {EVENTS} events to {READERS} readers at once", "deliveries/s",
                each["misaq"]["per_second"], version, each["nats"]["per_second"], "1.0", 1.0),
            Row("l  ... one over the time until 99 of 100 were there", "1/s",
                [1000 / ms for ms in each["misaq"]["p99_ms"]], version,
                [1000 / ms for ms in each["nats"]["p99_ms"]], "1.0", 1.0)], [
        f"l: the same {len(payload)} bytes of JSON; Misaq reads, writes and checks the rights of "
        "each event, and is HTTP"]
