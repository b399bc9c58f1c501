"""The rows of the bench that need no sample government: the codecs, reads beside sign-ins, and the
checker."""
import http.client
import json
import statistics
import threading
import time

from government import Government, a_promise, focal
from lab import ROUNDS, SECONDS, Lab, Row, rounds, run
from stack import ROOT, Stack

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
