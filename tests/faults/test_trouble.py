#!/usr/bin/python3
"""What goes wrong around the services: one stands still, Redis stands still, is full of memory or
has no disk left, somebody on the bus sends nonsense or old envelopes, no file can be opened any
more. Each time: who asks is answered in time, the others go on, what was acknowledged is there
once, and it goes on by itself when the trouble is over."""
import contextlib
import pathlib
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time

import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import Government, a_body, a_promise, focal  # noqa: E402
from ledger import Ledger  # noqa: E402
from stack import Stack, wait_until  # noqa: E402
from verdict import Verdict, expect, same  # noqa: E402
from wire import Wire  # noqa: E402

ROOT = "root@administrator"
WITHIN_S = 1.0  # MISAQ_REQUEST_MS
LATE_S = 1.5    # what a busy machine may add
MESSAGES = 2000
DISK_MIB = 48


class Room:
    def __init__(self, stack):
        self.stack = stack
        self.ledger = Ledger(stack.redis)
        self.government = Government(stack)
        self.government.found("PWR")
        self.government.open("PWR")
        self.keys = self.names = 0

    def draft(self, key=None):
        """An answer to a draft with a key of its own, and how long it took."""
        self.keys += key is None
        headers = {"Idempotency-Key": key or f"trouble-{self.keys}"}
        began = time.monotonic()
        answer = self.stack.request("POST", "/v1/agreements/PWR-2021/targets",
                                    a_promise("PWR"), headers, focal("PWR"))
        return answer, time.monotonic() - began

    def well(self):
        """Writing works again; all that was ever acknowledged is there, without a hole."""
        wait_until(lambda: self.draft()[0].status == 201, 30, "writing to go on")
        return self.ledger.length()


@contextlib.contextmanager
def standing_still(stack, name):
    child = stack.programs[name].child
    child.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        child.send_signal(signal.SIGCONT)


def held_service(verdict, room):
    stack = room.stack
    with verdict.case("a service that stands still: deadlines hold, the others serve"):
        with standing_still(stack, "targets"):
            answer, took = room.draft("held")
            assert answer.status in (503, 504), answer.status
            assert took < WITHIN_S + LATE_S, took
            for path in ("/v1/departments", "/v1/offices", "/v1/hearings"):
                began = time.monotonic()
                expect(stack.request("GET", path, actor=ROOT), 200)
                assert time.monotonic() - began < LATE_S, path
        first = wait_until(lambda: (lambda a: a if a.status == 201 else None)(
            room.draft("held")[0]), 30, "the same request to be answered").json()
        before = room.ledger.length()
        same(room.draft("held")[0].json(), first, "the receipt of a repeated request")
        same(room.ledger.length(), before, "events of a repeated request")


def held_redis(verdict, room):
    stack = room.stack
    with verdict.case("Redis stands still: writers are told in time, readers are served"):
        target = room.draft()[0].json()["id"]
        before = room.ledger.length()
        with standing_still(stack, "redis"):
            answer, took = room.draft("silent")
            assert answer.status in (503, 504), answer.status
            assert took < WITHIN_S + LATE_S, took
            began = time.monotonic()
            read = stack.request("GET", f"/v1/targets/{target}", actor=focal("PWR"))
            assert read.status in (200, 503), read.status
            assert time.monotonic() - began < WITHIN_S + LATE_S
        room.well()
        expect(room.draft("silent")[0], 201)
        length = room.ledger.length()
        expect(room.draft("silent")[0], 201)
        same(room.ledger.length(), length, "events of a repeated request")
        assert length >= before + 2


def full_memory(verdict, room):
    def say(*words):
        subprocess.run(["redis-cli", "-s", str(room.stack.redis), "CONFIG", "SET", *words],
                       check=True, capture_output=True, timeout=20)
    with verdict.case("no memory left in Redis: writing is refused and leaves no trace"):
        before = room.ledger.length()
        say("maxmemory", "1mb")
        answer, took = room.draft("full")
        same(answer.status, 503, answer.body)
        assert took < WITHIN_S + LATE_S, took
        expect(room.stack.request("GET", "/v1/agreements/PWR-2021", actor=focal("PWR")), 200)
        same(room.ledger.length(), before, "events")
        say("maxmemory", "0")
        room.well()
        expect(room.draft("full")[0], 201)


def rogue(verdict, room):
    """Somebody who reached the bus: a socket that speaks to the services as the gateway does."""
    addresses = [value for name, value in room.stack.common.items() if name.endswith("_COMMANDS")]
    seed = random.SystemRandom().randrange(10**9)
    chance = random.Random(seed)
    with verdict.case(f"nonsense on the bus is survived and writes nothing (seed {seed})"):
        before = room.ledger.length()
        context = zmq.Context()
        sockets = []
        for address in addresses:
            sockets.append(context.socket(zmq.DEALER))
            sockets[-1].linger = 0
            sockets[-1].connect(address)
        corpus = [path.read_bytes() for path in
                  (pathlib.Path(__file__).resolve().parent.parent / "fuzz/corpus").rglob("*")
                  if path.is_file() and "envelope" in path.parent.name]
        for _ in range(MESSAGES):
            frames = [bytearray(chance.choice(corpus)) if corpus and chance.random() < 0.7
                      else bytearray(chance.randbytes(chance.randrange(200)))
                      for _ in range(chance.randrange(1, 5))]
            for frame in frames:
                for _ in range(chance.randrange(3)):
                    if frame:
                        frame[chance.randrange(len(frame))] = chance.randrange(256)
            with contextlib.suppress(zmq.Again):
                chance.choice(sockets).send_multipart(frames, zmq.NOBLOCK)
        for path in ("/v1/departments", "/v1/hearings", "/v1/rulings", "/v1/dependencies",
                     "/v1/record", "/v1/agreements"):
            expect(room.stack.request("GET", path, actor=focal("PWR")), 200)
        same(room.ledger.length(), before, "events")
        for name, program in room.stack.programs.items():
            assert program.child.poll() is None, f"{name} has died"
        for socket in sockets:
            socket.close()
        context.term()
        room.well()


def no_files(verdict, room):
    """The gateway may open no file any more while connections keep coming."""
    with verdict.case("no file can be opened: who is served goes on, the others come in later"):
        pid = room.stack.pid("gateway")
        limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        used = len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))
        get = "GET /v1/cycles HTTP/1.1\r\nHost: x\r\n\r\n"
        with Wire(room.stack.address) as kept:
            kept.send(get)
            same(kept.read().status, 200)
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 4, limits[1]))
            with contextlib.ExitStack() as crowd:
                for _ in range(40):
                    crowd.enter_context(Wire(room.stack.address)).send(get)
                for _ in range(20):
                    kept.send(get)
                    same(kept.read().status, 200, "while no file can be opened")
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
            kept.send(get)
            same(kept.read().status, 200)
        room.well()


@contextlib.contextmanager
def small_disk():
    """A folder on a disk of some MiB; None where that cannot be had."""
    with tempfile.TemporaryDirectory(prefix="misaq-disk-") as folder:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", folder],
                              capture_output=True, check=False)
        try:
            yield pathlib.Path(folder) if done.returncode == 0 else None
        finally:
            if done.returncode == 0:
                subprocess.run(["umount", "-l", folder], check=True)


def full_disk(verdict):
    with small_disk() as disk:
        if not disk:
            print("skipped: a full disk (this user may not mount one)")
            return
        kept, tempfile.tempdir = tempfile.tempdir, str(disk)
        try:
            with Stack(settings={"MISAQ_LOG": "error"}) as stack:
                fill(verdict, Room(stack), disk)
        finally:
            tempfile.tempdir = kept


def fill(verdict, room, disk):
    with verdict.case("no disk left: no write is acknowledged that is not there afterwards"):
        ballast = disk / "ballast"
        with contextlib.suppress(OSError), open(ballast, "wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        with open(ballast, "r+b") as file:
            file.truncate(ballast.stat().st_size - 64 * 1024)
        acknowledged, refused = [], 0
        for _ in range(400):
            answer = expect_any(room)
            if answer.status == 201:
                acknowledged.append(answer.json())
            else:
                refused += 1
            if refused >= 3:
                break
        assert refused, "the disk was never full"
        read = room.stack.request("GET", "/v1/agreements/PWR-2021", actor=focal("PWR"))
        same(read.status, 200, "reading while nothing can be written")
        ballast.unlink()
        room.stack.restart("redis")  # with fsync always it ends itself when it cannot write
        room.well()
        listed = {item["id"]: item for item in
                  room.government.all_items("/v1/targets", focal("PWR"))}
        lost = [one for one in acknowledged if one["id"] not in listed]
        assert not lost, f"{len(lost)} of {len(acknowledged)} acknowledged drafts are lost"


def expect_any(room):
    """The answer to a draft: done, or refused in time."""
    answer, took = room.draft()
    assert answer.status in (201, 503, 504), f"{answer.status} {answer.body}"
    assert took < 5 + LATE_S, took
    return answer


def main():
    verdict = Verdict()
    settings = {"MISAQ_REQUEST_MS": str(int(WITHIN_S * 1000)), "MISAQ_REDIS_TIMEOUT_MS": "500"}
    with Stack(settings=settings) as stack:
        room = Room(stack)
        expect(stack.request("POST", "/v1/ministries", a_body("NEW"), actor=ROOT), 201)
        held_service(verdict, room)
        held_redis(verdict, room)
        full_memory(verdict, room)
        rogue(verdict, room)
        no_files(verdict, room)
    full_disk(verdict)
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
