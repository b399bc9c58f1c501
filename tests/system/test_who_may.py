#!/usr/bin/python3
"""Who may do what: every act in every office, in the own body and in another one. What the table
does not allow is refused and leaves nothing behind."""
import itertools
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import ROOT, Government, a_body, a_promise, csv_of, focal, secretary  # noqa: E402
from ledger import Ledger  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect_problem, same  # noqa: E402

OWN = ["focal.PWR", "secretary.PWR", "minister.PWR"]
OTHER = ["focal.FIN", "secretary.FIN", "minister.FIN"]
READERS = ["committee", "secretariat", "pmo", "pm", "auditor"]
OFFICES = OWN + OTHER + READERS + ["administrator", ""]

EVERYBODY = set(OFFICES)
DRAFTERS = {"focal.PWR", "secretary.PWR"}
INSIDERS = set(OWN + READERS)
NOBODY_ELSES = dict.fromkeys(OTHER, 404)  # another body's draft is simply not there

numbers = itertools.count(1)


class Acts:
    """Each prepares what it needs, so that only the right of the office can refuse it."""

    def __init__(self, stack, government):
        self.stack, self.government = stack, government
        self.path = "/v1/agreements/PWR-2021"

    def _send(self, actor, method, path, thing=None, etag=None, **headers):
        if etag:
            headers["If-Match"] = etag
        return self.stack.request(method, path, thing, headers, actor)

    def _drafted(self):
        receipt = self.government.draft("PWR")
        return f"/v1/targets/{receipt['id']}", f'"{receipt["version"]}"'

    def _etag(self):
        return self.government.etag(self.path, focal("PWR"))

    def create_a_cycle(self, actor):
        year = 2100 + next(numbers)
        return self._send(actor, "POST", "/v1/cycles", {
            "id": str(year), "title": "Invented", "starts_on": f"{year}-07-01",
            "ends_on": f"{year + 2}-06-30"})

    def register_a_body(self, actor):
        return self._send(actor, "POST", "/v1/ministries", a_body(f"B{next(numbers)}"))

    def change_a_body(self, actor):
        etag = self.government.etag("/v1/ministries/PWR")
        return self._send(actor, "PUT", "/v1/ministries/PWR", a_body("PWR"), etag)

    def open_an_agreement(self, actor):
        year = 2100 + next(numbers)
        self.create_a_cycle_of(year)
        return self._send(actor, "POST", "/v1/agreements", {"body": "PWR", "cycle": str(year)})

    def create_a_cycle_of(self, year):
        answer = self._send(ROOT, "POST", "/v1/cycles", {
            "id": str(year), "title": "Invented", "starts_on": f"{year}-07-01",
            "ends_on": f"{year + 2}-06-30"})
        same(answer.status, 201, "the cycle")

    def draft_a_target(self, actor):
        return self._send(actor, "POST", f"{self.path}/targets", a_promise("PWR"))

    def change_a_target(self, actor):
        path, etag = self._drafted()
        return self._send(actor, "PUT", path, a_promise("PWR"), etag)

    def remove_a_target(self, actor):
        path, etag = self._drafted()
        return self._send(actor, "DELETE", path, None, etag)

    def reorder(self, actor):
        listed = self.government.all_items("/v1/targets?agreement=PWR-2021", focal("PWR"))
        order = [target["id"] for target in listed]
        return self._send(actor, "POST", f"{self.path}/reorder", {"order": order}, self._etag())

    def import_a_draft(self, actor):
        rows = csv_of([a_promise("PWR", weight=50)] * 2)
        return self._send(actor, "POST", f"{self.path}/import", rows, self._etag(),
                          **{"Content-Type": "text/csv"})

    def submit(self, actor):
        self.government.load("PWR", [a_promise("PWR", weight=50)] * 2)
        answer = self._send(actor, "POST", f"{self.path}/submit", {}, self._etag())
        if answer.status == 200:
            self._send(secretary("PWR"), "POST", f"{self.path}/withdraw", {}, self._etag())
        return answer

    def withdraw(self, actor):
        self.government.load("PWR", [a_promise("PWR", weight=50)] * 2)
        self._send(secretary("PWR"), "POST", f"{self.path}/submit", {}, self._etag())
        answer = self._send(actor, "POST", f"{self.path}/withdraw", {}, self._etag())
        if answer.status != 200:
            self._send(secretary("PWR"), "POST", f"{self.path}/withdraw", {}, self._etag())
        return answer

    def read_a_draft(self, actor):
        return self._send(actor, "GET", self.path)

    def read_a_drafted_target(self, actor):
        return self._send(actor, "GET", self._drafted()[0])

    def read_the_history_of_a_draft(self, actor):
        return self._send(actor, "GET", f"{self.path}/history")

    def read_a_draft_of_the_past(self, actor):
        return self._send(actor, "GET", f"{self.path}?at=2199-01-01")

    def read_the_ledger(self, actor):
        return self._send(actor, "GET", "/v1/events?limit=1")

    def list_targets(self, actor):
        return self._send(actor, "GET", "/v1/targets")

    def read_totals(self, actor):
        return self._send(actor, "GET", "/v1/totals")

    def read_a_body(self, actor):
        return self._send(actor, "GET", "/v1/ministries/PWR")

    def read_the_history_of_a_cycle(self, actor):
        return self._send(actor, "GET", "/v1/cycles/2021/history")


# The act, the offices that may, and those that are refused otherwise than with 403 (401: nobody).
MAY = [
    ("create_a_cycle", {"administrator", "secretariat"}, {}),
    ("register_a_body", {"administrator"}, {}),
    ("change_a_body", {"administrator"}, {}),
    ("open_an_agreement", DRAFTERS | {"secretariat"}, {}),
    ("draft_a_target", DRAFTERS, {}),
    ("change_a_target", DRAFTERS, {}),
    ("remove_a_target", DRAFTERS, {}),
    ("reorder", DRAFTERS, {}),
    ("import_a_draft", DRAFTERS, {}),
    ("submit", {"secretary.PWR"}, {}),
    ("withdraw", {"secretary.PWR"}, {}),
    ("read_a_draft", INSIDERS, NOBODY_ELSES),
    ("read_a_drafted_target", INSIDERS, NOBODY_ELSES),
    ("read_the_history_of_a_draft", INSIDERS, NOBODY_ELSES),
    ("read_a_draft_of_the_past", INSIDERS, NOBODY_ELSES),
    ("read_the_ledger", set(READERS), {}),
    ("list_targets", EVERYBODY - {"administrator", ""}, {}),
    ("read_totals", EVERYBODY - {"administrator", ""}, {}),
    ("read_a_body", EVERYBODY, {}),
    ("read_the_history_of_a_cycle", EVERYBODY, {}),
]
WORDS = {401: "unauthenticated", 403: "forbidden", 404: "not-found"}


def attempt(acts, ledger, act, office, may, otherwise):
    actor = f"p.test@{office}" if office else ""
    if office in may:
        answer = getattr(acts, act)(actor)
        assert answer.status in (200, 201), f"{answer.status}: {answer.body[:300]}"
        return
    reads = act.startswith(("read", "list"))
    answer = getattr(acts, act)(actor)
    status = otherwise.get(office, 403 if office else 401)
    expect_problem(answer, status, WORDS[status])
    if not reads:
        by = [event["actor"] for _, event in ledger.events() if event["actor"]["person"] ==
              "p.test" and event["actor"]["office"] == office and event["type"] in EVENTS[act]]
        same(by, [], "what it wrote")


EVENTS = {
    "create_a_cycle": ("cycle.created",), "register_a_body": ("body.registered",),
    "change_a_body": ("body.changed",), "open_an_agreement": ("agreement.opened",),
    "draft_a_target": ("target.drafted",), "change_a_target": ("target.changed",),
    "remove_a_target": ("target.removed",), "reorder": ("agreement.reordered",),
    "import_a_draft": ("target.drafted", "target.removed"), "submit": ("agreement.submitted",),
    "withdraw": ("agreement.withdrawn",),
}


def main():
    verdict = Verdict()
    with Stack() as stack:
        government, ledger = Government(stack), Ledger(stack.redis)
        government.found("PWR", "FIN")
        government.open("PWR")
        government.open("FIN")
        government.draft("PWR")
        government.draft("FIN")
        acts = Acts(stack, government)
        for act, may, otherwise in MAY:
            for office in OFFICES:
                with verdict.case(f"{act.replace('_', ' ')}: {office or 'nobody'}"):
                    attempt(acts, ledger, act, office, may, otherwise)
        with verdict.case("a list shows the own drafts, or all"):
            for office, bodies in (("minister.PWR", {"PWR"}), ("focal.FIN", {"FIN"}),
                                   ("auditor", {"PWR", "FIN"})):
                for path in ("/v1/targets", "/v1/agreements"):
                    items = government.all_items(path, f"p.test@{office}")
                    same({item["body"] for item in items}, bodies, f"{path} for {office}")
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
