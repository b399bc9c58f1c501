#!/usr/bin/python3
"""A running system seen from outside: probes, counters, its own description, and what it says when
Redis or a service is not there."""
import json
import pathlib
import re
import signal
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import wire  # noqa: E402
from government import Government, a_promise, focal  # noqa: E402
from ledger import Ledger  # noqa: E402
from stack import DOORS, ROOT as TREE  # noqa: E402
from stack import Stack, wait_until  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

REQUEST_MS = 1000
QUEUE = 16
AUDITOR = "m.bano@auditor"
TARGETS = "/v1/agreements/PWR-2021/targets"
SAMPLE = re.compile(r'([a-z_][a-z0-9_]*)(?:\{((?:[a-z_]+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def metrics(stack):
    """{(name, labels): value}; every family must be introduced by HELP and TYPE, once."""
    answer = expect(stack.ask(stack.admin, "GET", "/metrics"), 200)
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"), "Content-Type"
    kinds, helped, samples = {}, set(), {}
    text = answer.body.decode()
    assert text.endswith("\n"), "the last line has no end"
    for line in text.split("\n")[:-1]:
        if line.startswith("# HELP "):
            name = line.split(" ", 3)[2]
            assert name not in helped and line.split(" ", 3)[3], line
            helped.add(name)
        elif line.startswith("# TYPE "):
            name, kind = line.split(" ")[2:]
            assert name in helped and name not in kinds, line
            assert kind in ("counter", "gauge", "histogram"), line
            kinds[name] = kind
        else:
            name, labels, value = SAMPLE.fullmatch(line).groups()
            family = re.sub("_(bucket|sum|count)$", "", name)
            family = family if kinds.get(family) == "histogram" else name
            assert family in kinds, f"no TYPE before {line}"
            assert kinds[family] != "counter" or name.endswith("_total"), f"{name} counts"
            key = name, tuple(sorted(LABEL.findall(labels or "")))
            assert key not in samples, f"{line} twice"
            samples[key] = float(value)
    return samples


def total(samples, name, **labels):
    return sum(value for (one, said), value in samples.items()
               if one == name and set(labels.items()) <= set(said))


def counters(verdict, stack):
    with verdict.case("metrics are well formed and count requests"):
        before = metrics(stack)
        for _ in range(7):
            stack.request("GET", "/v1/ministries/PWR", actor="")
            stack.request("GET", "/v1/ministries/NOPE", actor="")
        after = metrics(stack)
        name = "misaq_http_requests_total"
        for status in ("2xx", "4xx"):
            labels = {"route": "/v1/ministries/{body}", "method": "GET", "status": status}
            same(total(after, name, **labels) - total(before, name, **labels), 7, status)
        same(total(after, "misaq_http_refusals_total", problem="not-found") -
             total(before, "misaq_http_refusals_total", problem="not-found"), 7, "refusals")
        assert all(after[key] >= value for key, value in before.items()
                   if key[0].endswith(("_total", "_bucket", "_count"))), "a counter went back"
    with verdict.case("histograms add up"):
        after = metrics(stack)
        series = {}
        for (name, labels), value in after.items():
            if name.endswith("_bucket"):
                rest = tuple(label for label in labels if label[0] != "le")
                series.setdefault((name[:-7], rest), []).append((float(dict(labels)["le"]), value))
        assert series, "no histogram"
        for (name, rest), buckets in series.items():
            values = [value for _, value in sorted(buckets)]
            same(values, sorted(values), f"buckets of {rest}")
            same(max(buckets)[0], float("inf"), "the last bucket")
            same(values[-1], after[name + "_count", rest], f"count of {rest}")
    with verdict.case("metrics know the ledger and the service"):
        length = Ledger(stack.redis).length()

        services = [name for name in stack.programs if name not in ("redis", *DOORS)]

        def told():
            now = metrics(stack)
            positions = [total(now, name) for name in ("misaq_ledger_head",
                                                       "misaq_ledger_position")]
            positions += [total(now, "misaq_service_position", service=name)
                          for name in services]
            return set(positions) == {length}
        wait_until(told, 5, f"position {length} in the metrics")
        for name in services:
            assert total(metrics(stack), "misaq_service_memory_bytes", service=name) > 1 << 20, name


def description(verdict, stack):
    with verdict.case("/openapi.json describes every route, and only those"):
        document = expect(stack.request("GET", "/openapi.json", actor=""), 200).json()
        assert document["openapi"].startswith("3.1"), document["openapi"]
        table = (TREE / "gateway/routes.def").read_text()
        rows = re.findall(r'^(?:ROUTE|RAW|OWN)\((\w+), "([^"]+)"', table, re.M)
        routes = {(method.lower(), path) for method, path in rows}
        described = {(method, path) for path, one in document["paths"].items()
                     for method in one if method in ("get", "post", "put", "delete")}
        same(described, routes)
        names = set(re.findall(r'"#/components/(\w+/[\w.-]+)"', json.dumps(document)))
        for name in names:
            kind, one = name.split("/")
            assert one in document["components"][kind], f"{name} is not there"


def probes(verdict, stack):
    with verdict.case("/healthz on both addresses, /readyz on the inner one"):
        for address in (stack.address, stack.admin):
            expect(stack.ask(address, "GET", "/healthz"), 200)
        same(stack.ask(stack.admin, "GET", "/readyz").json(), {"ready": True, "missing": []})
        expect_problem(stack.ask(stack.admin, "GET", "/v1/targets"), 404, "not-found")
        expect_problem(stack.ask(stack.admin, "POST", "/readyz"), 405, "method-not-allowed")


def red(stack, name):
    """Waits until /readyz is red and names it."""
    def named():
        answer = stack.ask(stack.admin, "GET", "/readyz")
        return answer.status == 503 and any(
            missing.startswith(name) for missing in answer.json()["missing"])
    wait_until(named, 15, f"a red /readyz that names {name}")


def draft(stack, number, timeout=30):
    return stack.request("POST", TARGETS, a_promise("PWR", statement=f"Draft {number}"),
                         {"Idempotency-Key": f"running-{number}"}, focal("PWR"), timeout)


def without_redis(verdict, stack, government):
    ledger = Ledger(stack.redis)
    with verdict.case("without Redis: red, what is in memory is read, nothing is written"):
        length = ledger.length()
        stack.kill("redis")
        red(stack, "ledger")
        expect(stack.ask(stack.address, "GET", "/healthz"), 200)
        same(government.read("/v1/agreements/PWR-2021", focal("PWR"))["targets"], 1)
        answer = draft(stack, 1)
        problem = expect_problem(answer, 503, "unavailable")
        assert answer.headers["Retry-After"], "when to come again"
        assert "edis" in problem["detail"] or "ledger" in problem["detail"], problem["detail"]
        events = stack.request("GET", "/v1/events", actor=AUDITOR)
        assert events.status in (503, 504), events
    with verdict.case("with Redis again: green, and the same request is written once"):
        stack.restart("redis")
        same(ledger.length(), length, "entries of the ledger")
        first = expect(draft(stack, 1), 201).json()
        same(expect(draft(stack, 1), 201).json(), first)
        same(ledger.length(), length + 1, "entries of the ledger")
    with verdict.case("Redis stands still: a write is answered in time, and there once in the end"):
        length = ledger.length()
        signal_to(stack, "redis", signal.SIGSTOP)
        try:
            began = time.monotonic()
            answer = draft(stack, 2)
            assert answer.status in (503, 504), answer
            took = time.monotonic() - began
            assert took < REQUEST_MS / 1000 + 3, f"answered after {took:.1f} s"
            red(stack, "ledger")
        finally:
            signal_to(stack, "redis", signal.SIGCONT)
        stack.wait_ready()
        wait_until(lambda: draft(stack, 2).status == 201, 15, "the write")
        same(ledger.length(), length + 1, "entries of the ledger")


def signal_to(stack, name, number):
    stack.programs[name].child.send_signal(number)


def without_the_service(verdict, stack):
    with verdict.case("a service stands still: 504 in time, red, and the rest goes on"):
        signal_to(stack, "targets", signal.SIGSTOP)
        try:
            began = time.monotonic()
            expect_problem(stack.request("GET", "/v1/targets?text=a", actor=focal("PWR")), 504,
                           "deadline")
            took = time.monotonic() - began
            assert REQUEST_MS / 1000 * 0.8 < took < REQUEST_MS / 1000 + 2, f"{took:.1f} s"
            red(stack, "targets")
            for path in ("/healthz", "/openapi.json"):
                expect(stack.request("GET", path), 200)
            expect(stack.request("GET", "/v1/events", actor=AUDITOR), 200)
            crowd(stack)
        finally:
            signal_to(stack, "targets", signal.SIGCONT)
        stack.wait_ready()
        expect(stack.request("GET", "/v1/targets?text=a", actor=focal("PWR")), 200)
    with verdict.case("a service is gone: 503 or 504, and back it is as it was"):
        before = digests(stack)
        stack.kill("targets")
        answer = stack.request("GET", "/v1/targets?text=a", actor=focal("PWR"))
        assert answer.status in (503, 504), answer
        red(stack, "targets")
        stack.restart("targets")
        same(digests(stack), before, "digests")


def digests(stack):
    told = expect(stack.ask(stack.admin, "GET", "/digest"), 200).json()["services"]
    return {one["service"]: (one["position"], one["digest"]) for one in told}


def crowd(stack):
    """More requests than may wait: the others are sent away at once."""
    answers = []

    def one(number):
        answers.append(stack.request("GET", f"/v1/targets?text={number}", actor=focal("PWR")))
    threads = [threading.Thread(target=one, args=[number]) for number in range(4 * QUEUE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = [answer.status for answer in answers]
    same(set(statuses), {503, 504}, "statuses")
    assert statuses.count(503) >= 2 * QUEUE, f"{statuses.count(503)} sent away"
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status == 503)


def export_cut(verdict, stack, government):
    with verdict.case("an export whose service is lost in the middle is cut off, not ended"):
        government.found("LAW")
        government.open("LAW")
        government.load("LAW", [a_promise("LAW", weight=0.05)] * 2000)
        for lost in (False, True):
            with wire.Wire(stack.address, 30, receive=4096) as line:
                line.send("GET /v1/targets?body=LAW&format=ndjson HTTP/1.1\r\nHost: t\r\n"
                          f"{stack.people.lines(AUDITOR)}\r\n")
                line.reader.peek(1)
                if lost:
                    signal_to(stack, "targets", signal.SIGSTOP)
                try:
                    answer = line.read()
                finally:
                    signal_to(stack, "targets", signal.SIGCONT)
                same(answer is None, lost, "cut off")
                assert lost or answer.body.count(b"\n") == 2000, "2,000 lines"
        stack.wait_ready()


def draining(verdict, stack):
    with verdict.case("SIGTERM: what is under way is finished, nothing new is taken, exit 0"):
        stack.programs["gateway"].environment["MISAQ_REQUEST_MS"] = "20000"
        stack.restart("gateway")
        signal_to(stack, "targets", signal.SIGSTOP)
        body = json.dumps(a_promise("PWR"))
        with wire.Wire(stack.address) as line:
            line.send(f"POST {TARGETS} HTTP/1.1\r\nHost: t\r\n{stack.people.lines(focal('PWR'))}"
                      "Content-Type: application/json\r\n"
                      f"Content-Length: {len(body)}\r\n\r\n{body}")
            waiting = "misaq_bus_waiting"
            wait_until(lambda: total(metrics(stack), waiting) >= 1, 5, "the request at the service")
            signal_to(stack, "gateway", signal.SIGTERM)

            def refuses():
                try:
                    answer = wire.ask(stack.address, "GET /v1/cycles HTTP/1.1\r\nHost: t\r\n\r\n",
                                      seconds=2)
                    return answer is None
                except TimeoutError:
                    return False  # let in just before, and waiting for the stopped service
                except ConnectionError:
                    return True
            wait_until(refuses, 5, "nothing new taken")
            signal_to(stack, "targets", signal.SIGCONT)
            answer = line.read()
            assert answer and answer.status == 201, f"the request under way: {answer}"
            same(answer.headers.get("connection", "").lower(), "close", "Connection")
        same(stack.programs["gateway"].child.wait(20), 0, "exit of the gateway")
        signal_to(stack, "targets", signal.SIGTERM)
        same(stack.programs["targets"].child.wait(20), 0, "exit of targets")
        stack.start("targets")
        stack.restart("gateway")
    with verdict.case("logs are lines of JSON with a trace"):
        for name in ("gateway", "targets"):
            lines = [json.loads(line) for line in stack.logs(name).splitlines()]
            assert all({"at", "level", "program", "event"} <= set(line) for line in lines), name
            assert any(len(line.get("trace", "")) == 32 for line in lines), f"traces of {name}"


def main():
    verdict = Verdict()
    settings = {"MISAQ_REQUEST_MS": str(REQUEST_MS), "MISAQ_QUEUE": str(QUEUE),
                "MISAQ_REDIS_TIMEOUT_MS": "500"}
    with Stack(settings=settings) as stack:
        government = Government(stack)
        government.found("PWR")
        government.open("PWR")
        government.draft("PWR")
        stack.people.headers(AUDITOR)
        probes(verdict, stack)
        counters(verdict, stack)
        description(verdict, stack)
        without_redis(verdict, stack, government)
        without_the_service(verdict, stack)
        export_cut(verdict, stack, government)
        draining(verdict, stack)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
