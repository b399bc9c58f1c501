#!/usr/bin/python3
"""`misaq run` as a newcomer meets it: one command starts everything and loads the sample
government, Ctrl-C ends it, the next run goes on with the same ledger."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from stack import LIBC, PR_SET_PDEATHSIG, ROOT, Stack, free_port, wait_until  # noqa: E402
from verdict import Verdict, same  # noqa: E402

PASSWORD = "sample-password"
CENTRE = {"admin.one": "administrator.1", "admin.two": "administrator.2",
          "member.one": "committee.1", "member.two": "committee.2",
          "delivery.lead": "secretariat", "adviser.pm": "pmo", "prime.minister": "pm",
          "audit.general": "auditor", "pwr.focal": "focal.PWR",
          "pwr.secretary": "secretary.PWR", "pwr.minister": "minister.PWR"}
READY_SECONDS = 240  # 132 people and 15,000 targets
IN_FORCE = ["COM", "FIN", "NHSRC", "WR"]  # of the sample


class Run:
    """One `misaq run` in a folder of its own."""

    def __init__(self, home, http, admin):
        program = (ROOT / os.environ.get("MISAQ_BUILD", "build/debug")).resolve() / "misaq"
        self.http, self.signed = http, {}
        self.told = home.parent / f"{home.name}.out"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MISAQ_")}
        with self.told.open("wb") as out:
            self.child = subprocess.Popen(
                [str(program), "run"], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env=inherited | {"MISAQ_HOME": str(home), "MISAQ_HTTP": http, "MISAQ_ADMIN": admin},
                preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL))

    def text(self):
        return self.told.read_text(errors="replace")

    def wait_ready(self):
        def ready():
            assert self.child.poll() is None, f"it ended with {self.child.poll()}:\n{self.text()}"
            return "Misaq is ready" in self.text()
        wait_until(ready, READY_SECONDS, "Misaq is ready")

    def sign_in(self, person):
        """What the answer says of the person; further requests are that person's."""
        answer = Stack.ask(self.http, "POST", "/v1/sessions",
                           json.dumps({"person": person, "password": PASSWORD}),
                           {"Content-Type": "application/json"})
        same(answer.status, 200, f"{person} signs in")
        self.signed = {"Authorization": f"Bearer {answer.json()['token']}"}
        return answer.json()

    def get(self, path):
        answer = Stack.ask(self.http, "GET", path, headers=self.signed)
        same(answer.status, 200, path)
        return answer.json()

    def end(self):
        self.child.send_signal(signal.SIGINT)
        return self.child.wait(60)


def main():
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="misaq-run-") as folder:
        home = pathlib.Path(folder) / "run"
        addresses = [f"127.0.0.1:{free_port()}" for _ in range(2)]
        with verdict.case("the first run loads 41 bodies and 15,000 targets"):
            run = Run(home, *addresses)
            run.wait_ready()
            run.sign_in("audit.general")
            totals = run.get("/v1/totals")
            same((totals["agreements"], totals["targets"], totals["weight"]), (41, 15000, 4100))
            same(run.get("/v1/ministries?limit=1")["total"], 41)
            assert "invented" in run.text(), run.text()
        with verdict.case("people of every role sign in as it is printed, and hold their offices"):
            for person, office in CENTRE.items():
                same(run.sign_in(person)["offices"], [office], person)
                same(run.get("/v1/me")["id"], person)
            for person in ("admin.one", "member.one", "pwr.focal", "audit.general", PASSWORD):
                assert person in run.text(), f"{person} is not told"
        with verdict.case("the public sees the bodies and what is in force, and no drafts"):
            run.signed = {}
            same(run.get("/v1/ministries?limit=1")["total"], 41)
            agreements = run.get("/v1/agreements")["items"]
            same([(one["body"], one["state"]) for one in agreements],
                 [(body, "in_force") for body in IN_FORCE])
            assert 1400 < run.get("/v1/targets?limit=1")["total"] < 1500
        with verdict.case("three quarters of requests between bodies have been lived through"):
            asked = run.get("/v1/dependencies?limit=200")["items"]
            same(len(asked), len(IN_FORCE) * 3 * 4 + 3)  # and a circle of three
            for one in asked:
                clocks = [one[f"{side}_days"] for side in ("waiting", "blocking", "external")]
                same(sum(clocks), one["age_days"], one["id"])
                rungs = [(rung["rung"], rung["round"]) for rung in one.get("rungs", [])]
                same(len(set(rungs)), len(rungs), f"rungs of {one['id']}")
            assert {"granted", "returned"} <= {one["state"] for one in asked}
            assert run.get("/v1/holdups")["items"][0]["open"] > 0
            same(run.get("/v1/clock")["today"][:4], "2022")
        with verdict.case("good reports and bad, one that is missing, three PM's pages"):
            reports = run.get("/v1/reports")["items"]
            same(len(reports), 3 * len(IN_FORCE))
            same([one["id"] for one in reports if one["lines"] == 0], ["WR-2021.q2"])
            for one in reports:
                assert one["state"] == "released" and one["optimism"] >= 0, one
                assert one["supported"] < one["claimed"] or one["lines"] == 0, one
            for quarter in (1, 2, 3):
                page = run.get(f"/v1/summary/2021.q{quarter}")
                assert page["wrong"] and page["headlines"] and page["blocking"], page
                same(len(page["decisions"]), 5)
        with verdict.case("a circle, ideas in every state, a returned draft, a reshuffle, orders"):
            same(len(run.get("/v1/circles")["items"]), 1)
            same({one["state"] for one in run.get("/v1/ideas")["items"]}, {
                "proposed", "screened", "sponsored", "shaped", "trial", "adopted", "parked",
                "declined"})
            open_packs = run.get("/v1/ministries/COM").get("handovers", [])
            same([one["office"] for one in open_packs], ["minister.COM"])
            run.sign_in("audit.general")
            same(run.get("/v1/agreements?state=returned")["total"], 1)
            assert run.get("/v1/orders")["total"] > 0
            states = {one["state"] for one in run.get("/v1/actions")["items"]}
            same(states, {"open", "verified"})
        with verdict.case("a busy address is named"):
            other = Run(pathlib.Path(folder) / "other", *addresses)
            assert other.child.wait(30) != 0
            assert addresses[0] in other.text(), other.text()
        with verdict.case("Ctrl-C ends it well"):
            same(run.end(), 0)
        with verdict.case("the second run goes on with the same ledger"):
            run = Run(home, *addresses)
            run.wait_ready()
            run.sign_in("audit.general")
            same(run.get("/v1/totals"), totals)
            assert "nothing to load" in run.text(), run.text()
            same(run.end(), 0)
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
