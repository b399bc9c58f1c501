#!/usr/bin/python3
"""Two years in one run: 41 bodies promise, report eight quarters, wait on each other, are scored,
amend; at the end of every quarter everything that must always be true is looked for, and every
published number is computed again from the public export alone."""
import collections
import datetime
import hashlib
import json
import os
import pathlib
import random
import subprocess
import sys
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import merkle  # noqa: E402
from government import Government, a_body, a_promise, csv_of, focal, secretary  # noqa: E402
from ledger import STREAM, Ledger  # noqa: E402
from pen import Pen  # noqa: E402
from quarter import Clock, Quarter, at  # noqa: E402
from recompute import ORDER, World  # noqa: E402
from road import ADVISER, MEMBER, PM, UNIT, Road, minister  # noqa: E402
from stack import Stack, wait_until  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

BODIES = [f"B{number:02}" for number in range(1, 42)]
PEERS = ("economy", "social", "infrastructure")
OTHER_MEMBER = "k.noor@committee.2"
OWN_MEMBER = "n.own@committee.3"  # comes from the first body
AUDITOR = "m.bano@auditor"
NOBODY = ""
QUARTERS = 8
WEIGHTS = (60, 30, 10)
AMENDED = {3: BODIES[4], 6: BODIES[9]}  # quarter: who amends in it
CIRCLE = BODIES[:3]
NORM_DAYS = 10
FALLS_DUE = ("report.missed", "scores.opened", "period.released")
MORTAL = {"reviews": "/v1/reports", "dependencies": "/v1/dependencies",
          "notifications": "/v1/inbox/counts"}


def agreement_of(body):
    return f"{body}-2021"


def promises(body):
    statement = a_promise(body)["statement"]
    return [a_promise(body, weight=weight, statement=f"{statement} in circle {number}")
            for number, weight in enumerate(WEIGHTS, 1)]


class TwoYears:
    def __init__(self, verdict, stack, seed):
        self.verdict, self.case, self.stack = verdict, verdict.case, stack
        self.government = Government(stack)
        self.read, self.all = self.government.read, self.government.all_items
        self.road, self.pen = Road(stack, self.government), Pen(stack)
        self.clock, self.quarter = Clock(stack, BODIES[0]), Quarter(stack, self.government)
        self.chance = random.Random(seed)
        self.open = []        # dependencies that nobody has answered
        self.released = {}    # report: what stood in it when it was released
        self.checkpoints = []  # (size, root)
        self.acknowledged = []  # positions

    # ---- before ----------------------------------------------------------------------------
    def found(self):
        self.government.found()
        for number, body in enumerate(BODIES):
            made = a_body(body, peers=PEERS[number % len(PEERS)])
            expect(self.stack.request("POST", "/v1/ministries", made), 201)
        for body in BODIES:
            self.government.open(body)
            self.government.load(body, promises(body))
            agreement = self.road.freeze(body)
            self.pen.sign(agreement, minister(body))
            self.pen.sign(agreement, PM)
        norm = {"label": "Vetting (invented)", "needed": "Vetted text", "norm_days": NORM_DAYS}
        answer = self.stack.request("PUT", "/v1/dependency-types/VETTING", norm,
                                    {"If-None-Match": "*"}, actor=UNIT)
        assert answer.status in (200, 201), answer.body
        self.stack.people.register("n.own", body=BODIES[0])
        for actor in (MEMBER, OTHER_MEMBER, OWN_MEMBER, AUDITOR, UNIT):
            self.stack.people.headers(actor)

    def done(self, answer, status=201):
        """What was acknowledged has to be found again in the end."""
        self.acknowledged.append(int(expect(answer, status).headers["Misaq-Position"]))
        return answer.json()

    # ---- a quarter -------------------------------------------------------------------------
    def day(self, number, after):
        first, _ = World.period(number)
        return first + datetime.timedelta(days=after)

    def ask_others(self, number):
        """Every body but one waits on another; three of them on each other in a circle."""
        for place, body in enumerate(BODIES):
            other = self.chance.choice([one for one in BODIES if one != body])
            content = {"targets": [f"{agreement_of(body)}.{self.chance.randint(1, 3)}"]}
            if number == 2 and body in CIRCLE:
                other = CIRCLE[(CIRCLE.index(body) + 1) % len(CIRCLE)]
                content = {"targets": [f"{agreement_of(body)}.1"],
                           "through": f"{agreement_of(other)}.1"}
            elif place % 5 == number % 5:
                other = "EXTERNAL"
            said = self.done(self.quarter.raise_one(
                focal(body), blocking_body=other, type="VETTING", what="A vetted text (invented)",
                **content))
            self.open.append((said["id"], other, body))

    def answer_some(self):
        left = []
        for one, other, body in self.open:
            now = self.read(f"/v1/dependencies/{one}", NOBODY)
            luck = self.chance.random()
            if now["court"] == "waiting" and luck < 0.8:
                self.done(self.quarter.on(one, "complete", focal(body)), 200)
            elif now["court"] == "blocking" and luck < 0.25:
                self.done(self.quarter.on(one, "grant", focal(other), remark="Done"), 200)
                continue
            elif now["court"] == "blocking" and luck < 0.4 and now["returns"] == 0:
                self.done(self.quarter.on(one, "return", focal(other),
                                          missing=[{"what": "A letter (invented)"}]), 200)
            elif now["court"] == "external" and luck < 0.2:
                self.done(self.quarter.on(one, "withdraw", focal(body), remark="Not now"), 200)
                continue
            left.append((one, other, body))
        self.open = left

    def silent(self, body, number):
        return (BODIES.index(body) + number) % 13 == 0

    def report(self, number):
        for body in BODIES:
            if self.silent(body, number):
                continue
            agreement, lines = agreement_of(body), []
            for place in range(1, 4):
                target = f"{agreement}.{place}"
                milestone = float(self.text(target)["milestones"][number - 1])
                value = 20 - (20 - milestone) * self.chance.choice(
                    (1, 1, 1.1, 0.95, 0.8, 0.7, 0.6, 0.4, 0))
                lines.append({"target": target, "value": round(value, 3),
                              "own_word": "on_track", "remark": "As it is (invented)"})
            if self.chance.random() < 0.1:
                lines.pop()
            self.done(self.stack.request(
                "POST", f"/v1/agreements/{agreement}/reports?period={number}", csv_of(lines),
                {"Content-Type": "text/csv"}, focal(body)))

    def text(self, target):
        return self.read(f"/v1/targets/{target}", NOBODY)

    def certify(self, number):
        for body in BODIES:
            if not self.silent(body, number):
                report = f"{agreement_of(body)}.q{number}"
                self.done(self.quarter.certify(report, secretary(body)), 200)

    def grade_and_score(self, number):
        for body in BODIES:
            report = f"{agreement_of(body)}.q{number}"
            if self.silent(body, number):
                continue
            for place in range(1, 3):
                grade = {"period": number, "grade": self.chance.choice(("E3", "E4", "E0")),
                         "reason": "Seen in the field (invented)"}
                self.done(self.stack.request(
                    "POST", f"/v1/targets/{agreement_of(body)}.{place}/grade", grade, actor=UNIT))
            members = [MEMBER, OTHER_MEMBER, OWN_MEMBER][:self.chance.randint(0, 3)]
            for member in members:
                points = [self.chance.randint(0, 3) for _ in range(5)]
                answer = self.quarter.score(report, member, *points)
                if member == OWN_MEMBER and body == BODIES[0]:
                    expect_problem(answer, 403, "forbidden")
                else:
                    self.done(answer)

    def amend(self, number):
        body = AMENDED[number]
        agreement = agreement_of(body)
        path = f"/v1/agreements/{agreement}"
        row = {"target": f"{agreement}.3", "why": "The census came late (invented)",
               "effect": "The score is reached later (invented)"} | promises(body)[2] | {
                   "weight": 10, "target_value": 13,
                   "milestones": [19, 18, 17, 16, 15.5, 15, 14, 13]}
        answer = self.stack.request(
            "POST", f"{path}/amend?reason=New%20figures%20%28invented%29", csv_of([row]),
            {"Content-Type": "text/csv", "If-Match": self.government.etag(path, AUDITOR)},
            secretary(body))
        return answer, agreement, body

    def sign_amendment(self, agreement, body):
        self.road.act(agreement, "freeze", ADVISER)
        self.pen.sign(agreement, minister(body))
        self.pen.sign(agreement, PM)

    def lose(self, name):
        """A service dies and comes back."""
        self.stack.restart(name)
        wait_until(lambda: self.stack.request("GET", MORTAL[name], actor=UNIT).status == 200, 20,
                   f"{name} answers again")

    def killed_move(self, day):
        """Time moves on, and who decides what falls due dies while it does so, a few times."""
        expect(self.clock.set(day), 200)
        for _ in range(self.chance.randint(0, 2)):
            self.lose(self.chance.choice(sorted(MORTAL)))
        self.clock.settle()

    def play(self, number):
        self.clock.move(self.day(number, 47))  # behind the release of the one before
        self.ask_others(number)
        for after in (51, 58, 66, 74, 85):
            self.clock.move(self.day(number, after))
            self.answer_some()
        _, last = World.period(number)
        self.clock.move(last + datetime.timedelta(days=6))
        self.report(number)
        self.clock.move(last + datetime.timedelta(days=11))
        self.certify(number)
        self.killed_move(last + datetime.timedelta(days=15))
        self.grade_and_score(number)
        self.killed_move(last + datetime.timedelta(days=45))

    # ---- what must be true -----------------------------------------------------------------
    def public_events(self):
        answer = self.stack.request("GET", "/v1/events", None, {
            "Accept": "application/x-ndjson"}, NOBODY, timeout=120)
        return [json.loads(line, parse_float=str, parse_int=str)
                for line in expect(answer, 200).body.decode().splitlines()]

    def export(self, number):
        """All public events, and the documents that they name, once the gateway has heard of the
        release: nobody wrote that through it, and who did may have died before telling."""
        report = f"{agreement_of(BODIES[0])}.q{number}"
        events = wait_until(lambda: next((all_ for all_ in [self.public_events()] if any(
            event["subject"] == report for event in all_)), None), 20, "the release is heard")
        names = {event["data"]["document"] for event in events
                 if event["type"] in ("agreement.pm_signed", "agreement.amended")}
        documents = {}
        for name in names:
            content = expect(self.stack.request("GET", f"/v1/documents/{name}/bytes",
                                                actor=NOBODY), 200).body
            documents[name] = content
        return events, documents

    def check(self, number):
        events, documents = self.export(number)
        world = World(events, {name: json.loads(content, parse_float=str, parse_int=str)
                               for name, content in documents.items()})
        in_quarter = f"quarter {number}: "
        with self.case(in_quarter + "the text in force hashes to the digest that was signed"):
            for event in events:
                if event["type"] in ("agreement.pm_signed", "agreement.amended"):
                    digest = hashlib.sha256(documents[event["data"]["document"]]).hexdigest()
                    same(digest, event["data"]["sha256"])
        reports = {one["id"]: one for one in self.all("/v1/reports", NOBODY)}
        with self.case(in_quarter + "every body has a report, or it is said that it has none"):
            same(len(reports), number * len(BODIES))
            for body in BODIES:
                report = reports[f"{agreement_of(body)}.q{number}"]
                same(report["state"], "released")
                same(sum(int(report[status]) for status in ORDER), len(WEIGHTS), report["id"])
        with self.case(in_quarter + "no value of a closed quarter has changed"):
            for report, stood in self.released.items():
                same(reports[report], stood, report)
            self.released |= reports
        with self.case(in_quarter + "what fell due was written once, whoever died"):
            fell = collections.Counter((event["type"], event["subject"]) for event in events
                                       if event["type"] in FALLS_DUE)
            same([one for one, times in fell.items() if times > 1], [])
            same(fell["period.released", f"2021.q{number}"], 1)
        self.check_numbers(world, reports, number, in_quarter)
        self.check_dependencies(world, in_quarter)
        with self.case(in_quarter + "nobody has scored the own body"):
            for given in world.scores.values():
                for event in given:
                    own = event["actor"]["person"] == "n.own"
                    assert not (own and event["subject"].startswith(BODIES[0])), event
        with self.case(in_quarter + "the graph answers, circle or not"):
            for body in CIRCLE:
                chain = self.read(f"/v1/targets/{agreement_of(body)}.1/chain", NOBODY)
                assert chain["length"] >= 0, chain
            circles = self.read("/v1/circles", NOBODY)["items"]
            if number == 2:
                waiting = {one for one, _, _ in self.open}
                raised = [one["id"] for one in self.all("/v1/dependencies", NOBODY)
                          if one.get("through") and one["id"] in waiting]
                same(bool(circles), len(raised) == len(CIRCLE), "a circle while all three wait")
        self.check_ledger(in_quarter)

    def check_numbers(self, world, reports, number, in_quarter):
        names = [f"{agreement_of(body)}.q{number}" for body in BODIES]
        again = {name: world.report(name) for name in names}
        with self.case(in_quarter + "every sum of every report follows from the public export"):
            for name in names:
                said, computed = reports[name], again[name]
                for member in ("claimed", "supported", "withheld", "total"):
                    same(Fraction(said[member]), computed[member], f"{name} {member}")
                for member in (*ORDER, "optimism"):
                    same(int(said[member]), computed[member], f"{name} {member}")
                if name in world.medians:
                    median = world.median(name)
                    same(said.get("committee") and Fraction(said["committee"]), median, name)
                same(Fraction(said["charged"]),
                     world.charged(name.split("-")[0], number), f"{name} charged")
        with self.case(in_quarter + "ranks are among peers only, and follow too"):
            totals = {name: again[name]["total"] for name in names}
            for name in names:
                said = reports[name]
                same((int(said["rank"]), int(said["of"])), world.rank(name, totals), name)
        with self.case(in_quarter + "and every single result"):
            listed = self.all(f"/v1/results?cycle=2021&period={number}", NOBODY)
            same(len(listed), 3 * len(BODIES))
            for said in listed:
                computed = world.results(said["report"])[said["target"]]
                for member in ("weight", "milestone", "baseline", "claimed", "supported",
                               "withheld"):
                    same(Fraction(said[member]), computed[member], f"{said['target']} {member}")
                same((said["status"], said["grade"], said.get("withheld_by")),
                     (computed["status"], computed["grade"], computed["by"]), said["target"])

    def check_dependencies(self, world, in_quarter):
        today = self.clock.today()
        with self.case(in_quarter + "the clocks of every dependency sum to its age"):
            listed = self.all("/v1/dependencies", NOBODY)
            same(len(listed), len(world.dependencies))
            for said in listed:
                charged, beyond = world.dependencies[said["id"]].walk(world.calendar, today)
                days = {court: len(charged[court]) for court in ("waiting", "blocking", "external")}
                for court, count in days.items():
                    same(int(said[f"{court}_days"]), count, f"{said['id']} {court}")
                same(int(said["age_days"]), sum(days.values()), said["id"])
        with self.case(in_quarter + "every rung of every escalation fired once"):
            for one in world.dependencies.values():
                twice = [rung for rung, count in collections.Counter(one.rungs).items()
                         if count > 1]
                same(twice, [], one.id)

    def check_ledger(self, in_quarter):
        self.stack.wait_sealed()
        with self.case(in_quarter + "every earlier head of the ledger is a prefix of this one"):
            head = self.stack.ask_json("GET", "/v1/record").json()
            size, root = int(head["size"]), bytes.fromhex(head["root"])
            for old, old_root in self.checkpoints:
                proof = self.stack.ask_json("GET", f"/v1/record/consistency?from={old}&to={size}")
                path = [bytes.fromhex(one["hash"]) for one in proof.json()["path"]]
                assert merkle.verify_consistency(old, old_root, size, root, path), (old, size)
            self.checkpoints.append((size, root))

    def check_end(self):
        ledger = Ledger(self.stack.redis)
        with self.case("nothing that was acknowledged is lost"):
            there = {int(position.split("-")[0]): event for position, event in ledger.events()}
            same([position for position in self.acknowledged if position not in there], [])
            print(f"{len(self.acknowledged)} acts acknowledged, {len(there)} events")
        with self.case("an audit finds everything as recorded"):
            self.road.misaq("audit")
        with self.case("one changed digit in the database is found, and named"):
            entries = ledger.entries()
            place = next(number for number, (_, entry) in enumerate(entries)
                         if b"target.reported" in entry and b"B07-2021.q5" in entry)
            position, entry = entries[place]
            entries[place] = position, entry.replace(b"B07-2021.q5", b"B07-2021.q6", 1)
            ledger.say("DEL", STREAM)
            for at_position, packed in entries:
                ledger.say("XADD", STREAM, at_position, "e", packed)
            done = subprocess.run(self.stack.misaq("audit"), capture_output=True, text=True,
                                  timeout=60, check=False, env=self.stack.environment())
            assert done.returncode != 0, done.stdout
            assert f" {position.split('-')[0]}" in done.stdout + done.stderr, done.stdout[-2000:]


def main():
    verdict = Verdict()
    seed = int(os.environ.get("MISAQ_SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"MISAQ_SEED={seed}")
    with Stack(settings=at("2021-06-25")) as stack:
        years = TwoYears(verdict, stack, seed)
        with verdict.case("41 agreements are in force"):
            years.found()
        for number in range(1, QUARTERS + 1):
            with verdict.case(f"quarter {number} is played"):
                years.play(number)
            if number in AMENDED:
                with verdict.case(f"quarter {number}: {AMENDED[number]} amends"):
                    answer, agreement, body = years.amend(number)
                    expect(answer, 201)
                    years.sign_amendment(agreement, body)
            years.check(number)
        years.check_end()
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
