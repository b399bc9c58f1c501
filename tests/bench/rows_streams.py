"""Row k: ten thousand open streams, what they cost, what they cost the API, and whether every
reader gets exactly what it may see while the streams are killed."""
import json
import statistics
import threading
import time

from government import Government, focal
from lab import ROUNDS, Lab, Row, per_second, wrk
from rows_small import promise
from stack import Stack, wait_until
from verdict import expect

READERS, SLOW = 10000, 10
BODIES = [f"B{number}" for number in range(1, 42)]
AUDITOR = "m.bano@auditor"
RATE, WRITERS, SECONDS_OF_WRITING = 500, 4, 15


def streams_told(stack):
    page = stack.ask(stack.admin, "GET", "/metrics").body.decode()
    return {name: float(value) for name, value in
            (line.rsplit(" ", 1) for line in page.splitlines() if line.startswith("misaq_str"))}


def crowd(lab, build, stack, after):
    token = stack.people.headers(AUDITOR)["Authorization"].split(" ")[1]
    return lab.start([build / "tests/bench/bench_crowd", stack.address, READERS, SLOW, token,
                      "auditor", after, ",".join(BODIES)], piped=True)


def write(stack, government, seconds):
    """RATE events a second from WRITERS writers; how many."""
    done = []

    def writer(number):
        end, due, count = time.monotonic() + seconds, time.monotonic(), 0
        while time.monotonic() < end:
            body = BODIES[(count * WRITERS + number) % len(BODIES)]
            expect(government.post(body, "targets", promise(body)), 201)
            count += 1
            due += WRITERS / RATE
            time.sleep(max(0.0, due - time.monotonic()))
        done.append(count)
    threads = [threading.Thread(target=writer, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    return threads, done


def streams(build):
    speeds = {"none": [], "open": []}
    settings = {"MISAQ_STREAMS_EACH": "20000", "MISAQ_STREAMS_MOST": "15000",
                "MISAQ_CONNECTIONS_EACH": "20000", "MISAQ_CONNECTIONS": "15000"}
    with Lab() as lab, Stack(build=build, settings=settings) as stack:
        government = Government(stack)
        government.found(*BODIES)
        for body in BODIES:
            government.open(body)
            government.draft(body)
        fields = [f"{name}: {value}" for name, value in stack.people.headers(
            focal("B1")).items()]
        url = f"http://{stack.address}/v1/targets/B1-2021.1"
        head = expect(stack.request("GET", "/v1/events?limit=200", actor=AUDITOR),
                      200).json()["items"][-1]["position"]
        head = max(head, int(stack.request("GET", "/v1/targets?limit=1").headers[
            "Misaq-Position"]))
        wait_until(lambda: "misaq_streams_memory_bytes" in streams_told(stack), 20, "streams")
        wrk(url, headers=fields, seconds=1)
        speeds["none"] = [per_second(wrk(url, headers=fields)) for _ in range(ROUNDS)]
        before = streams_told(stack)["misaq_streams_memory_bytes"]
        readers = crowd(lab, build, stack, head)
        assert readers.stdout.readline() == f"open {READERS}\n"
        wait_until(lambda: streams_told(stack)["misaq_streams_open"] == READERS, 20, "all open")
        each = (streams_told(stack)["misaq_streams_memory_bytes"] - before) / READERS / 1024
        speeds["open"] = [per_second(wrk(url, headers=fields)) for _ in range(ROUNDS)]
        threads, done = write(stack, government, SECONDS_OF_WRITING)
        for _ in range(2):
            time.sleep(SECONDS_OF_WRITING / 3)
            stack.kill("streams")
            stack.start("streams")
        for thread in threads:
            thread.join()
        last = government.draft("B1")["position"]
        readers.stdin.write(f"end {last}\n")
        readers.stdin.flush()
        told = json.loads(readers.stdout.readline())
        readers.wait(60)
    assert told["wrong"] == 0, told
    return [Row(f"k  API beside {READERS} open streams", "/s", speeds["open"], "without any",
                speeds["none"], "0.9", 0.9),
            Row("k  memory of an idle stream", "KiB", [each], goal="< 12", most=12),
            Row(f"k  {sum(done)} events to {READERS} readers, 10% slow, streams killed twice: "
                "late by, p99", "ms", [told["p99_ms"]])], [
        f"k: {told['delivered']} deliveries, every reader exactly what it may see, once, in order; "
        f"{told['cut']} times cut and come again; {statistics.median(speeds['open']):.0f}/s"]
