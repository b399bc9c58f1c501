#!/usr/bin/python3
"""Writers go on while Redis, the service and the gateway are killed with SIGKILL at random moments,
one or several at once, also while they start again, and while one of them stands still longer than
the others wait. Every request is repeated with its key until it is answered for good. Then what was
acknowledged must be in the ledger exactly once and nothing else, in order and without holes, and
everybody who folds the ledger must know the same.

ROUNDS says how many rounds, MISAQ_SEED repeats the choices of an earlier run.
"""
import collections
import http.client
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import Government, a_promise, focal  # noqa: E402
from ledger import Ledger  # noqa: E402
from stack import Stack, wait_until  # noqa: E402
from verdict import Verdict, expect, same, shown  # noqa: E402

BODIES = ["FIN", "PWR", "FIN", "PWR", "LAW"]  # of each writer: some race for one subject
ALONE = "LAW"  # removing moves all targets of an agreement: only who is alone there removes
TARGETS_EACH = 60
SERVICES = ["dependencies", "notifications", "offices", "reviews", "signatures", "targets"]
VICTIMS = ["targets", "gateway", "redis", "offices", "signatures", "reviews"]
AUDITOR = "m.bano@auditor"
PATIENCE = 60  # seconds until a request must have been answered for good
AGAIN = (408, 429)  # 4xx that say nothing about the request itself


class Target:
    """What its writer was told last."""

    def __init__(self, receipt, statement):
        self.id, self.version, self.statement = receipt["id"], receipt["version"], statement
        self.removed = False


class Writer(threading.Thread):
    """Drafts, changes and removes targets of its own, one request at a time."""

    def __init__(self, number, stack, seed):
        super().__init__(daemon=True)
        self.number, self.stack = number, stack
        self.chance = random.Random(f"{seed} writer {number}")
        self.body = BODIES[number]
        self.targets = []
        self.acknowledged = []  # (receipt, type of the event, statement)
        self.repeated = self.refused = self.sent = 0
        self.stop = threading.Event()
        self.failure = None

    def again(self):
        """The same writer, as a thread for the next round."""
        fresh = Writer(self.number, self.stack, 0)
        for name in ("chance", "targets", "acknowledged", "repeated", "refused", "sent"):
            setattr(fresh, name, getattr(self, name))
        return fresh

    def run(self):
        try:
            while not self.stop.is_set():
                self.step()
        except Exception as why:
            self.failure = why

    def step(self):
        self.sent += 1
        statement = f"Writer {self.number} request {self.sent}"
        present = [target for target in self.targets if not target.removed]
        choice = self.chance.random()
        if not present or (choice < 0.3 and len(self.targets) < TARGETS_EACH):
            path = f"/v1/agreements/{self.body}-2021/targets"
            receipt = self.until_final("POST", path, self.promise(statement), {}, 201)
            if receipt:
                self.targets.append(Target(receipt, statement))
                self.acknowledged.append((receipt, "target.drafted", statement))
                self.look(self.targets[-1])
            return
        target = self.chance.choice(present)
        etag = {"If-Match": f'"{target.version}"'}
        if choice > 0.9 and len(present) > 5 and self.body == ALONE:
            receipt = self.until_final("DELETE", f"/v1/targets/{target.id}", None, etag, 200)
            if receipt:
                target.removed = True
                if target is not present[-1]:  # those behind it move up, which their ETags show
                    for other in present:
                        other.version = receipt["version"]
                self.acknowledged.append((receipt, "target.removed", None))
            return
        receipt = self.until_final("PUT", f"/v1/targets/{target.id}", self.promise(statement), etag,
                                   200)
        if receipt:
            target.version, target.statement = receipt["version"], statement
            self.acknowledged.append((receipt, "target.changed", statement))
            self.look(target)

    def promise(self, statement):
        return a_promise(self.body, statement=statement,
                         weight=self.chance.randrange(1, 100000) / 1000)

    def until_final(self, method, path, promise, headers, success):
        """The receipt, or None when the request lost a race and was refused for it."""
        headers = headers | {"Idempotency-Key": f"writer-{self.number}-{self.sent}"}
        deadline = time.monotonic() + PATIENCE
        first = True
        while time.monotonic() < deadline:
            self.repeated += not first
            first = False
            answer = self.ask(method, path, promise, headers)
            if answer is None or answer.status >= 500 or answer.status in AGAIN:
                threading.Event().wait(0.01)  # whoever was killed needs the processor
                continue
            if answer.status == success:
                return answer.json()
            if answer.status == 409 and answer.json()["type"] == "/problems/conflict":
                self.refused += 1
                return None
            raise AssertionError(f"{method} {path} {headers}: {answer.status} {shown(answer.body)}")
        raise AssertionError(f"{method} {path} {headers}: no final answer within {PATIENCE} s")

    def look(self, target):
        """A read right after the acknowledgement shows what was written, or nothing at all."""
        answer = self.ask("GET", f"/v1/targets/{target.id}")
        if answer and answer.status < 500 and answer.status not in AGAIN:
            seen = answer.json()
            same((answer.status, seen.get("statement"), seen.get("version")),
                 (200, target.statement, target.version), f"{target.id} right after the write")

    def ask(self, method, path, thing=None, headers=None):
        try:
            return self.stack.request(method, path, thing, headers, focal(self.body), timeout=10)
        except (OSError, http.client.HTTPException):
            return None


class Watcher(threading.Thread):
    """Reads the ledger through the gateway as it grows; what was shown once must stay."""

    def __init__(self, stack, seen):
        super().__init__(daemon=True)
        self.stack, self.seen = stack, seen
        self.stop = threading.Event()
        self.failure = None

    def run(self):
        try:
            while not self.stop.wait(0.02):
                self.page()
        except Exception as why:
            self.failure = why

    def page(self):
        try:
            answer = self.stack.request("GET", f"/v1/events?limit=200&after={len(self.seen)}",
                                        actor=AUDITOR, timeout=10)
        except (OSError, http.client.HTTPException):
            return False
        if answer.status >= 500 or answer.status in AGAIN:
            return False
        for event in expect(answer, 200).json()["items"]:
            same(event["position"], len(self.seen) + 1, "the next position")
            self.seen.append(event)
        return True


def havoc(stack, chance, first, acknowledged):
    """Kills and starts again, `first` among the first; returns what was killed, in words."""
    told = []
    for turn in range(chance.randint(1, 3)):
        threading.Event().wait(chance.uniform(0.05, 0.8))
        victims = chance.sample(VICTIMS, chance.choice([1, 1, 1, 2, 3]))
        if turn == 0 and first not in victims:
            victims[0] = first
        for victim in victims:
            stack.kill(victim)
        threading.Event().wait(chance.choice([0, chance.uniform(0, 0.4)]))
        chance.shuffle(victims)
        for victim in victims:
            stack.start(victim)
        told.append("+".join(victims))
        if chance.random() < 0.3:  # once more, while it is starting
            victim = chance.choice(victims)
            threading.Event().wait(chance.uniform(0, 0.1))
            stack.kill(victim)
            stack.start(victim)
            told.append(f"{victim} again")
        if chance.random() < 0.2:
            victim = chance.choice(VICTIMS)
            stack.programs[victim].child.send_signal(signal.SIGSTOP)
            threading.Event().wait(chance.uniform(0.1, 2.5))
            stack.programs[victim].child.send_signal(signal.SIGCONT)
            told.append(f"{victim} held")
    stack.wait_ready()
    before = acknowledged()
    wait_until(lambda: acknowledged() >= before + 20, PATIENCE, "writes going on")
    return ", ".join(told)


# ---- what must be true afterwards --------------------------------------------------------------
def events_of(ledger):
    """All entries of the ledger; their ids must be 1-0, 2-0, 3-0 ..."""
    events = []
    for entry, event in ledger.events():
        same(entry, f"{len(events) + 1}-0", "the id of an entry")
        events.append(event)
    return events


def exactly_once(events, writers):
    """Each acknowledged write has its event where its receipt says, and there are no others."""
    counts = collections.Counter()
    versions = []
    for event in events:
        counts[event["subject"]] += 1
        versions.append(counts[event["subject"]])
    claimed = set()
    for writer in writers:
        for receipt, kind, statement in writer.acknowledged:
            what = f"writer {writer.number}: {receipt}"
            position = receipt["position"]
            assert 1 <= position <= len(events), f"{what} is lost"
            event = events[position - 1]
            same((event["type"], event["about"], event["data"].get("statement")),
                 (kind, receipt["id"], statement), what)
            same(receipt["version"], versions[position - 1], f"the version of {what}")
            assert position not in claimed, f"{what} shares its event with another"
            claimed.add(position)
    extra = [position for position, event in enumerate(events, 1)
             if event["type"].startswith("target.") and position not in claimed]
    assert not extra, f"written, but never acknowledged: {extra[:5]}: {events[extra[0] - 1]}"


def answers_are_true(stack, government, writers, head):
    """Single reads, the list, and the past as it is now all show what was acknowledged last."""
    listed = {item["id"]: item for item in government.all_items("/v1/targets", AUDITOR)}
    wanted = {target.id: target for writer in writers for target in writer.targets}
    same(sorted(listed), sorted(id for id, target in wanted.items() if not target.removed), "list")
    for id, target in wanted.items():
        answer = stack.request("GET", f"/v1/targets/{id}", actor=AUDITOR)
        if target.removed:
            same(answer.status, 410, id)
            continue
        thing = expect(answer, 200).json()
        same((thing["statement"], thing["version"]), (target.statement, target.version), id)
        same(answer.headers["ETag"], f'"{target.version}"', f"ETag of {id}")
        same(listed[id], json.loads(answer.body, parse_float=str, parse_int=str), id)
    for body in sorted(set(BODIES)):  # folded from the ledger alone, for this one question
        path = f"/v1/agreements/{body}-2021"
        same(government.read(f"{path}?at={head}", AUDITOR), government.read(path, AUDITOR), path)


def digests_agree(stack, head):
    """Each running service and a fresh replay of it have folded the same; the digests."""
    def told_by_all():
        told = expect(stack.ask(stack.admin, "GET", "/digest"), 200).json()["services"]
        running = {one["service"]: (one["position"], one["digest"]) for one in told}
        everything = sorted(running) == SERVICES and {at for at, _ in running.values()} == {head}
        return running if everything else None
    running = wait_until(told_by_all, PATIENCE, f"the digests of {SERVICES}")
    for name in SERVICES:
        program = stack.programs[name]
        replay = subprocess.run(program.command + ["--digest"], env=program.environment,
                                timeout=120, cwd=stack.folder, capture_output=True, text=True,
                                check=True)
        position, digest = replay.stdout.split()
        same(running[name], (int(position), digest), f"digest of {name}")
        same(int(position), head, f"position of {name}")
    return " ".join(running[name][1][:8] for name in SERVICES)


def verify(stack, government, writers, watcher):
    ledger = Ledger(stack.redis)
    events = events_of(ledger)
    exactly_once(events, writers)
    while len(watcher.seen) < len(events):
        assert watcher.page(), "the ledger is not read through the gateway"
    same(len(watcher.seen), len(events), "events through the gateway")
    for position, (shown_event, event) in enumerate(zip(watcher.seen, events), 1):
        same((shown_event["cause"], shown_event["type"], shown_event["about"]),
             (event["cause"], event["type"], event["about"]), f"event {position} as it was shown")
    answers_are_true(stack, government, writers, len(events))
    return len(events), digests_agree(stack, len(events))


def one_round(stack, government, writers, seen, chance, first):
    """Returns the writers for the next round and a line about this one."""
    began = time.monotonic()
    writers = [writer.again() for writer in writers]
    watcher = Watcher(stack, seen)
    for thread in writers + [watcher]:
        thread.start()

    def acknowledged():
        for thread in writers + [watcher]:
            if thread.failure:
                raise thread.failure
        return sum(len(writer.acknowledged) for writer in writers)
    try:
        killed = havoc(stack, chance, first, acknowledged)
    finally:
        for thread in writers + [watcher]:
            thread.stop.set()
        for thread in writers + [watcher]:
            thread.join(2 * PATIENCE)
    count = acknowledged()
    head, digest = verify(stack, government, writers, watcher)
    return writers, (
        f"killed {killed}; {count} acknowledged, {sum(w.repeated for w in writers)} repeated, "
        f"{sum(w.refused for w in writers)} refused; head {head}, digests {digest}; "
        f"{time.monotonic() - began:.1f} s")


def main():
    rounds = int(os.environ.get("ROUNDS", "3"))
    seed = int(os.environ.get("MISAQ_SEED") or random.SystemRandom().randrange(10**9))
    print(f"MISAQ_SEED={seed} ROUNDS={rounds}", flush=True)
    chance = random.Random(seed)
    verdict = Verdict()
    settings = {"MISAQ_REQUEST_MS": "1500", "MISAQ_REDIS_TIMEOUT_MS": "1000",
                "MISAQ_LOG": "warn"}
    with Stack(settings=settings) as stack:
        government = Government(stack)
        government.found(*set(BODIES))
        for body in sorted(set(BODIES)):
            government.open(body)
        stack.people.headers(AUDITOR)
        writers = [Writer(number, stack, seed) for number in range(len(BODIES))]
        seen = []
        for number in range(1, rounds + 1):
            with verdict.case(f"round {number} of MISAQ_SEED={seed}"):
                first = VICTIMS[number % len(VICTIMS)]
                writers, line = one_round(stack, government, writers, seen, chance, first)
                print(f"round {number}/{rounds}: {line}", flush=True)
            if verdict.failed:
                for name in stack.programs:
                    print(f"---- the end of the log of {name}\n{stack.logs(name)[-3000:]}")
                break
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
