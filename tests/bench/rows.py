"""The rows of the bench. Each starts a system of its own with the sample government in it, so that
one leaves nothing to the next, and returns lines for the table and remarks below it."""
import contextlib
import json
import os
import re
import socket
import statistics
import time

from government import CYCLE, csv_of
from lab import (CLIENTS, ROUNDS, SECONDS, Lab, Row, per_second, redis_benchmark, redis_say,
                 rounds, run, wrk)
from rows_small import check_statements, codecs, file_reports, promise, quarters, sign_ins
from rows_fanout import fanout
from rows_streams import streams
from stack import Stack, free_port, wait_until

LEDGER, VERSIONS, KEYS = "misaq:{PK}:ledger", "misaq:{PK}:versions", "misaq:{PK}:key:"
READER = "audit.general@auditor"  # of the sample
TARGETS, BODIES = 15000, 41
TARGETS_EACH = 2000    # an agreement has no more
DRAFTS_A_SECOND = 25000  # more than can be: how many agreements a round opens follows from it
WRITES = 1000
HISTORY = 200000
DRAFTS_EACH = 100  # of a body, which that history changes
PAGE = 2000  # events, as a follower asks for them
REPLY_LATEST = 30


def focal_of(body):
    """A person of the sample."""
    return f"{body.lower()}.focal@focal.{body}"


@contextlib.contextmanager
def system(build, sample=True):
    with Stack(build=build, actor=READER) as stack:
        if sample:
            load_sample(stack)
        yield stack


def load_sample(stack):
    run([stack.build / "misaq", "sample", "--load", f"http://{stack.address}"],
        environment=stack.environment())
    total = json.loads(stack.request("GET", "/v1/totals").body)["targets"]
    if total != TARGETS:
        raise RuntimeError(f"the sample has {total} targets, not {TARGETS}")


def ledger_length(stack):
    return int(redis_say(stack.redis, "XLEN", LEDGER))


# ---- a: one target -----------------------------------------------------------------------------
def webdis(lab, redis, body):
    """webdis before the same Redis, with the bytes under a key; its URL."""
    redis_say(redis, "SET", "bench:target", given=body)
    port = free_port()
    settings = {"redis_host": str(redis), "redis_port": 0, "http_host": "127.0.0.1",
                "http_port": port, "threads": 2, "daemonize": False, "database": 0,
                "verbosity": 0, "logfile": str(lab.folder / "webdis.log")}
    lab.start(["webdis", lab.write("webdis.json", json.dumps(settings))])

    def there():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0
    wait_until(there, REPLY_LATEST, "a webdis that listens")
    return f"http://127.0.0.1:{port}/GET/bench:target?type=application/json"


def get_target(build):
    with system(build) as stack, Lab() as lab:
        path = "/v1/targets/PWR-2021.14"
        answer = stack.request("GET", path)
        told = [f"{name}: {value}" for name, value in answer.headers.items()
                  if name.lower() not in ("date", "connection", "content-length")]
        bare = lab.start([build / "tests/bench/bench_bare_http", lab.write("body", answer.body),
                          *told]).stdout.readline().strip()
        urls = {"ours": f"http://{stack.address}{path}", "bare": f"http://{bare}{path}",
                "webdis": webdis(lab, stack.redis, answer.body)}
        signed = stack.people.headers(READER)
        fields = [f"{name}: {value}" for name, value in signed.items()]
        for url in urls.values():  # the same bytes, and warm
            address, _, rest = url.removeprefix("http://").partition("/")
            assert stack.ask(address, "GET", "/" + rest, None, signed).body == answer.body, url
            wrk(url, headers=fields, seconds=1)
        speeds = rounds({name: lambda url=url: per_second(wrk(url, headers=fields))
                         for name, url in urls.items()})
    what = f"a  GET one target ({len(answer.body)} bytes), {CLIENTS} clients"
    return [Row(what, "/s", speeds["ours"], "bare libmicrohttpd", speeds["bare"], ">= 0.5 of it",
                least_ratio=0.5),
            Row(what, "/s", speeds["ours"], "webdis", speeds["webdis"], "above it",
                least_ratio=1)], []


# ---- b: drafting -------------------------------------------------------------------------------
def open_agreements(stack, year):
    """A cycle of its own, so that no agreement ever gets too many targets; drafts for wrk.lua."""
    def post(path, body, actor):
        answer = stack.request("POST", path, body, {"Idempotency-Key": f"{path}{year}{actor}"},
                               actor=actor)
        assert answer.status == 201, answer.body
    post("/v1/cycles", CYCLE | {"id": str(year), "starts_on": f"{year}-07-01",
                                "ends_on": f"{year + 2}-06-30"}, "admin.one@administrator.1")
    bodies = [body["id"] for body in
              stack.request("GET", "/v1/ministries?limit=200").json()["items"]]
    assert len(bodies) == BODIES, bodies
    for body in bodies:
        post("/v1/agreements", {"body": body, "cycle": str(year)}, focal_of(body))
    days = {"target_on": f"{year + 2}-06-30"}
    tokens = stack.people.tokens
    return [f"/v1/agreements/{body}-{year}/targets {tokens[f'{body.lower()}.focal']} focal.{body} "
            f"{json.dumps(promise(body, **days))}" for body in bodies]


def processor_us(stack):
    """What every program of the system has used of the processors so far."""
    used = {}
    for name in stack.programs:
        with open(f"/proc/{stack.pid(name)}/stat", encoding="utf-8") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        ticks = int(fields[11]) + int(fields[12])  # utime and stime
        used[name] = ticks * 1000000 // os.sysconf("SC_CLK_TCK")
    return used


def draft_round(stack, lab, number, counts, used):
    # More agreements than clients: drafts of one agreement wait for each other, and the peer's
    # calls, each with a subject of its own, never do.
    cycles = 2 + SECONDS * DRAFTS_A_SECOND // (BODIES * TARGETS_EACH)
    first = 2030 + number * cycles
    drafts = [draft for year in range(first, first + cycles)
              for draft in open_agreements(stack, year)]
    path = lab.write("drafts", "\n".join(drafts) + "\n")
    before, used_before = ledger_length(stack), processor_us(stack)
    result = wrk(f"http://{stack.address}/", arguments=[path, f"{number}-"])
    counts.append((result["answers"], settled_length(stack) - before))
    for name, total in processor_us(stack).items():
        used.setdefault(name, []).append((total - used_before[name]) / result["answers"])
    return per_second(result)


def settled_length(stack):
    """Once what was under way when the clock stopped has ended as well."""
    lengths = []

    def settled():
        lengths.append(ledger_length(stack))
        return len(lengths) > 10 and len(set(lengths[-10:])) == 1
    wait_until(settled, REPLY_LATEST, "a ledger that no longer grows")
    return lengths[-1]


def bare_function(lab, event):
    """One call of the Function as the service makes it: one subject, whose version is expected. The
    subject is a new one each time, because no caller here knows the versions."""
    peer = lab.redis()
    speed, number = 10000.0, 0
    receipt = "x" * 64

    def measure():
        nonlocal speed, number  # redis-benchmark may draw the same random words again
        number += 1
        calls, before = int(speed * SECONDS), int(redis_say(peer, "XLEN", LEDGER))
        speed = redis_benchmark(peer, calls, [
            "FCALL", "misaq_append_v1", 3, LEDGER, VERSIONS,
            f"{KEYS}bench/focal.PWR/{number}-__rand_int__-__rand_int__", "f" * 32, 604800,
            receipt, 1, f"PWR-{number}-__rand_int__-__rand_int__", 0, 1], event)
        grown = int(redis_say(peer, "XLEN", LEDGER)) - before
        assert grown == calls, f"{calls} calls appended {grown} events"
        return speed
    measure()  # to know how many calls take a round
    return measure


def draft_targets(build):
    counts, used = [], {}
    with system(build) as stack, Lab() as lab:
        numbers = iter(range(ROUNDS + 1))
        draft_round(stack, lab, next(numbers), [], {})
        last = redis_say(stack.redis, "XREVRANGE", LEDGER, "+", "-", "COUNT", 1)
        event = last.split(b"\ne\n", 1)[1]
        speeds = rounds({
            "ours": lambda: draft_round(stack, lab, next(numbers), counts, used),
            "bare": bare_function(lab, event)})
    for answers, events in counts:
        assert answers <= events <= answers + CLIENTS, f"{answers} times 201, {events} events"
    answers, events = (sum(column) for column in zip(*counts))
    return [Row(f"b  POST that drafts a target ({len(event)} bytes of event, fsynced), "
                f"{CLIENTS} clients", "/s", speeds["ours"],
                "the bare Function (redis-benchmark)", speeds["bare"], ">= 0.5 of it",
                least_ratio=0.5)], [
        f"b: {answers:,} answers of 201 and {events:,} new events in the ledger; the "
        f"{events - answers} more were under way when a round's clock stopped",
        "b: processor time for one draft: " + ", ".join(
            f"{name} {statistics.median(each):.0f} us" for name, each in used.items())]


# ---- c: lists ----------------------------------------------------------------------------------
LISTS = {"text": "text=district&limit=50",
         "class and phasing": "class=outcome&phasing_flag=late&limit=50",
         "by weight, heaviest first": "weight_from=0.2&sort=-weight&limit=50"}


def list_targets(build):
    rows, remarks = [], []
    with system(build) as stack:
        signed = stack.people.headers(READER)
        fields = [f"{name}: {value}" for name, value in signed.items()]
        for name, query in LISTS.items():
            path = f"/v1/targets?{query}"
            answer = stack.request("GET", path)
            page = answer.json()
            assert len(page["items"]) == 50, page
            url = f"http://{stack.address}{path}"
            results = rounds({clients: lambda clients=clients, url=url: wrk(
                url, clients=clients, seconds=max(1, SECONDS - 1), headers=fields)
                for clients in (1, 16)})
            for clients, measured in results.items():
                p99 = statistics.median(result["p99"] for result in measured) / 1000
                rows.append(Row(
                    f"c  list of 50 of {TARGETS:,}: {name}, {clients} client"
                    f"{'s' * (clients > 1)}, p50 (p99 {p99:.2f} ms)", "ms",
                    [result["p50"] / 1000 for result in measured],
                    goal="p50 < 5 ms" if clients == 1 else "", most=5 if clients == 1 else 0))
            remarks.append(f"c: {name}: {page.get('total', '?'):,} match, "
                           f"{len(answer.body):,} bytes a page")
    return rows, remarks


# ---- d: replay and memory ----------------------------------------------------------------------
def resident(stack):
    with open(f"/proc/{stack.pid('targets')}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) * 1024


def replay(stack):
    """Starts targets anew; events a second by its own word."""
    def starts():
        return [json.loads(line) for line in stack.logs("targets").splitlines()
                if '"event":"ready"' in line]
    before = len(starts())
    stack.restart("targets", ready=False)
    wait_until(lambda: len(starts()) > before, REPLY_LATEST, "targets that has read the ledger")
    ready = starts()[-1]
    return ready["events"] * 1000 / max(1, ready["milliseconds"])


def draft_more(stack, year):
    """Agreements in their draft, with targets in them."""
    open_agreements(stack, year)
    for body in stack.request("GET", "/v1/ministries?limit=200").json()["items"]:
        code = body["id"]
        path, actor = f"/v1/agreements/{code}-{year}", focal_of(code)
        drafts = [promise(code, target_on=f"{year + 2}-06-30")] * DRAFTS_EACH
        fields = {"If-Match": stack.request("GET", path, actor=actor).headers["ETag"],
                  "Content-Type": "text/csv"}
        answer = stack.request("POST", f"{path}/import", csv_of(drafts), fields, actor=actor)
        assert answer.status == 200, answer.body


def replay_ledger(build):
    with system(build, sample=False) as stack:
        empty = resident(stack)
        load_sample(stack)
        draft_more(stack, 2030)
        replay(stack)
        each = (resident(stack) - empty) / (TARGETS + BODIES * DRAFTS_EACH)
        run([build / "tests/bench/bench_history", HISTORY],
            environment=stack.programs["targets"].environment)
        sizes = []

        def bare():
            said = run([build / "tests/bench/bench_xrange", stack.redis, LEDGER, PAGE])
            entries, size, took_us = map(int, said.split())
            sizes.append(size / entries)
            return entries * 1e6 / took_us
        speeds = rounds({"ours": lambda: replay(stack), "bare": bare})
        events = ledger_length(stack)
    return [Row(f"d  replay of {events:,} events of {sizes[0]:.0f} bytes", "/s", speeds["ours"],
                f"bare XRANGE pages of {PAGE}", speeds["bare"], ">= 0.5 of it", least_ratio=0.5),
            Row("d  memory of targets for one target", "bytes", [each])], []


# ---- e: latency of events ----------------------------------------------------------------------
def write_once(connection, address, signed, number, body):
    """Sends one draft; (position, when it was sent, when its answer was here), by the clock that
    bench_follow uses."""
    head = (f"POST /v1/agreements/PWR-2030/targets HTTP/1.1\r\nHost: {address}\r\n"
            f"Content-Type: application/json\r\n{signed}"
            f"Idempotency-Key: latency-{number}\r\nContent-Length: {len(body)}\r\n\r\n")
    sent = time.monotonic_ns()
    connection.sendall(head.encode() + body)
    answer = connection.recv(65536)
    came = time.monotonic_ns()
    while b"}" not in answer:  # a receipt is one flat object
        answer += connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 201 "), answer
    return json.loads(answer.split(b"\r\n\r\n", 1)[1])["position"], sent / 1000, came / 1000


def follow_events(build):
    with system(build) as stack, Lab() as lab:
        open_agreements(stack, 2030)
        follower = lab.start([build / "tests/bench/bench_follow"],
                             stack.programs["targets"].environment)
        assert follower.stdout.readline() == "ready\n"
        host, port = stack.address.split(":")
        body = json.dumps(promise("PWR", target_on="2032-06-30")).encode()
        signed = "".join(f"{name}: {value}\r\n"
                         for name, value in stack.people.headers(focal_of("PWR")).items())
        waits, writes = [], []
        with socket.create_connection((host, int(port)), timeout=REPLY_LATEST) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for number in range(WRITES):
                position, sent, came = write_once(connection, stack.address, signed, number,
                                                  body)
                heard = None
                while heard != position:
                    heard, applied = map(int, follower.stdout.readline().split())
                waits.append(applied - came)
                writes.append(came - sent)
    p50, p99 = (statistics.quantiles(waits, n=100)[place - 1] for place in (50, 99))
    return [Row(f"e  from the answer of a write to its apply elsewhere, {WRITES:,} writes in turn",
                "us", waits)], [
        f"e: median {p50:.0f} us, p99 {p99:.0f} us; below zero where the follower was faster than "
        f"the answer. A write itself took {statistics.median(writes):.0f} us (median)"]


ROWS = {"a": get_target, "b": draft_targets, "c": list_targets, "d": replay_ledger,
        "e": follow_events, "f": codecs, "g": sign_ins, "h": check_statements, "i": quarters,
        "j": file_reports, "k": streams, "l": fanout}
