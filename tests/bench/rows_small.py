"""The rows of the bench that need no sample government: the codecs, reads beside sign-ins, the
checker, and the quarter."""
import http.client
import json
import os
import statistics
import threading
import time

from government import Government, a_promise, focal
from lab import ROUNDS, SECONDS, Lab, Row, rounds, run
from ministry import Ministry
from quarter import Clock, at
from stack import ROOT, Stack
from verdict import Verdict, expect

STATEMENT = ("Reduce the losses of all distribution companies in transmission and distribution, "
             "as the regulator measures them every month, from 20% to 12% of the energy that they "
             "receive, so that the price of a unit falls for every consumer of the country")


def promise(body, **slots):
    """A whole target of a realistic length."""
    return a_promise(body, statement=STATEMENT, **slots)


# ---- f: codecs ---------------------------------------------------------------------------------
def codecs(build):
    rows = []
    with Lab() as lab:
        path = lab.write("promise", json.dumps(promise("PWR")))
        names = {}
        for _ in range(ROUNDS):
            for line in run([build / "tests/bench/bench_codec", path, 1]).decode().splitlines():
                name, speed = line.split()
                names.setdefault(name, []).append(float(speed))
        for name, speeds in names.items():
            rows.append(Row(f"f  {name} of a promise of {path.stat().st_size} bytes of JSON",
                            "/s", speeds))
    return rows, []


# ---- g: reads beside sign-ins --------------------------------------------------------------------
SIGN_INS = 8  # a second: four on each of two lines
EARNEST = {"MISAQ_PASSWORD_KIB": "65536", "MISAQ_PASSWORD_PASSES": "2"}


def read_p99(stack, fields):
    """One reader who pauses a millisecond between two reads; milliseconds."""
    connection, waits = http.client.HTTPConnection(stack.address), []
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        began = time.monotonic()
        connection.request("GET", "/v1/targets/PWR-2021.2", headers=fields)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        waits.append((time.monotonic() - began) * 1000)
        time.sleep(0.001)
    connection.close()
    return statistics.quantiles(waits, n=100)[98]


def read_beside_sign_ins(stack, fields, rates):
    over, done = threading.Event(), []

    def sign_in():
        while not over.is_set():
            began = time.monotonic()
            answer = stack.ask_json("POST", "/v1/sessions",
                                    {"person": "a.khan", "password": "sample-password"})
            done.append(answer.status)
            over.wait(max(0, 2 / SIGN_INS - (time.monotonic() - began)))
    lines = [threading.Thread(target=sign_in) for _ in range(2)]
    began = time.monotonic()
    for line in lines:
        line.start()
    try:
        p99 = read_p99(stack, fields)
    finally:
        over.set()
        for line in lines:
            line.join()
    assert set(done) == {200}, done
    rates.append(len(done) / (time.monotonic() - began))
    return p99


def sign_ins(build):
    rates = []
    with Stack(build=build, settings=EARNEST) as stack:
        government = Government(stack)
        government.found("PWR")
        government.open("PWR")
        government.load("PWR", [a_promise("PWR", weight=weight) for weight in (60, 40)])
        fields = stack.people.headers(focal("PWR"))
        waits = rounds({"ours": lambda: read_beside_sign_ins(stack, fields, rates),
                        "quiet": lambda: read_p99(stack, fields)})
    return [Row(f"g  p99 of reads while {SIGN_INS} sign-ins a second (64 MiB, 2 passes)", "ms",
                waits["ours"], "nobody signs in", waits["quiet"])], [
        f"g: {statistics.median(rates):.1f} sign-ins a second were answered"]


# ---- h: the checker ----------------------------------------------------------------------------
def check_statements(build):
    speeds = {}
    for _ in range(ROUNDS):
        said = run([build / "tests/bench/bench_targets_check",
                    ROOT / "tests/targets/unseen.tsv", SECONDS])
        for line in said.decode().splitlines():
            name, speed = line.split()
            speeds.setdefault(name, []).append(float(speed))
    return [Row("h  check of a statement, one core", "/s", speeds["check"],
                "only hashing its words", speeds["hash_words"], "> 20,000 /s", least=20000)], []


# ---- i: the quarter ----------------------------------------------------------------------------
def quarters(build):
    """Microseconds at the design point, and what ten times the targets makes of them."""
    costs = {}
    for _ in range(ROUNDS):
        said = run([build / "tests/bench/bench_reviews_quarter"])
        said += run([build / "tests/bench/bench_dependencies_session"])
        for line in said.decode().splitlines():
            name, targets, cost = line.split()
            sizes = costs.setdefault(name, {})
            sizes.setdefault(int(targets), []).append(float(cost))
    names = {"page": ("the PM's page", 2000), "report": ("a report with its rank", 0),
             "results": ("50 results of a report", 0),
             "file": ("a report of 366 lines, decided", 0),
             "agenda": ("the agenda of a session", 0), "chain": ("what a target waits for", 0),
             "circles": ("all circles", 0)}
    rows = []
    for name, (what, most) in names.items():
        small, large = (costs[name][size] for size in sorted(costs[name]))
        rows.append(Row(f"i  {what}, 15,000 targets", "us", small, "150,000 targets", large,
                        f"< {most:,} us" if most else "", most=most))
    return rows, []


# ---- j: reports --------------------------------------------------------------------------------
LINES = 366


def synced_write_ms(folder, size):
    """One write of so many bytes and an fsync: what any promise to keep them costs here."""
    path = folder / "ceiling"
    begun = time.monotonic()
    with path.open("ab") as file:
        file.write(os.urandom(size))
        file.flush()
        os.fsync(file.fileno())
    return (time.monotonic() - begun) * 1000


def file_reports(build):
    """A report of 366 lines over HTTP until it is acknowledged, that is on disk; a later one
    replaces the values of the one before."""
    with Stack(build=build, settings=EARNEST | at("2021-06-25")) as stack:
        ministry = Ministry(Verdict(), stack)
        weights = [0.27] * (LINES - 1) + [round(100 - 0.27 * (LINES - 1), 2)]
        ministry.government.found("PWR")
        ministry.government.open("PWR")
        ministry.government.load("PWR", [a_promise("PWR", weight=weight) for weight in weights])
        ministry.in_force("PWR")
        Clock(stack).move("2021-10-04")
        lines = "target,value,own_word\n" + "".join(
            f"PWR-2021.{number},19,on_track\n" for number in range(1, LINES + 1))

        def once():
            begun = time.monotonic()
            expect(stack.request("POST", "/v1/agreements/PWR-2021/reports?period=1",
                                 lines.encode(), {"Content-Type": "text/csv"}, focal("PWR")), 201)
            return (time.monotonic() - begun) * 1000
        size = len(lines) * 3
        costs = rounds({"ours": lambda: statistics.median(once() for _ in range(9)),
                        "disk": lambda: statistics.median(
                            synced_write_ms(stack.folder, size) for _ in range(9))})
    return [Row(f"j  a report of {LINES} lines, filed and fsynced", "ms", costs["ours"],
                f"one fsynced write of {size // 1024} KiB", costs["disk"])], []
