"""What the table of who may needs: people in every office, and one agreement that is brought to
where a command can be done."""
import datetime
import json
import secrets

from government import Government, a_body, a_promise, csv_of
from road import Road
from verdict import expect

SEAT = "focal.PWR.2"  # a second seat of an own office; it has changed hands
OWN = ["focal.PWR", "secretary.PWR", "minister.PWR", SEAT]
OTHER = ["focal.FIN", "secretary.FIN", "minister.FIN"]
ADMINISTRATOR = "administrator.2"
CENTRE = ["committee.1", "secretariat", "pmo", "pm", "auditor", ADMINISTRATOR]
PERSON, NOBODY = "person", ""
OFFICES = OWN + OTHER + CENTRE + [PERSON, NOBODY]
AGREEMENT = "PWR-2021"
READER = "p.auditor@auditor"


def actor_of(office):
    """One person in each office, so that nobody can act in another's."""
    special = {ADMINISTRATOR: "admin.two", PERSON: "w.left", SEAT: "w.came"}
    return f"{special.get(office, 'p.' + office.lower())}@{office}" if office else ""


class Scene:
    def __init__(self, stack):
        self.stack, self.people = stack, stack.people
        self.government = Government(stack)
        self.road = Road(stack, self.government)
        self.count = 2100
        self.cycle_id = self.thread = self.posting = self.key = self.passing = None
        self.access = self.hooked = self.dependency = self.action = self.day = self.idea = None
        self.government.found("PWR", "FIN")
        for office in OFFICES:
            if office not in (NOBODY, SEAT, PERSON):
                self.people.headers(actor_of(office))
        self.people.headers(actor_of(PERSON))
        self.people.post("w.left", SEAT)
        self.people.headers(actor_of(SEAT))  # takes it over from w.left
        self.handover = f"{SEAT}.h1"
        for cycle in ("2021", "2019"):
            self.made("POST", "/v1/cycles", self.cycle(int(cycle)), "admin.two@administrator.2",
                      (201, 409))
            self.made("POST", "/v1/agreements", {"body": "PWR", "cycle": cycle},
                      "p.secretariat@secretariat")
        self.made("POST", "/v1/offices", {"id": "auditor.2", "title": "Auditor (invented)"},
                  "admin.two@administrator.2")
        _, self.proposal = self.road.make_key(actor_of("minister.PWR"))
        self.to_draft()

    def made(self, method, path, thing, actor, statuses=(200, 201), **headers):
        answer = self.stack.request(method, path, thing, headers, actor)
        assert answer.status in statuses, f"{path} by {actor}: {answer.status} {answer.body[:400]}"
        return answer.json()

    def actor(self, office):
        """Who acts in the office; once with another session where one was asked for."""
        actor = actor_of(office)
        if self.passing:
            self.people.sign_in(actor.split("@")[0])
            self.passing = None
        return actor

    # ---- what is sent ----------------------------------------------------------------------
    def number(self):
        self.count += 1
        return self.count

    def etag(self, path):
        """By the version in the thing, which a body has also while an office changes hands."""
        return f'"{self.government.read(path, READER)["version"]}"'

    @staticmethod
    def cycle(year):
        return {"id": str(year), "title": "Invented", "starts_on": f"{year}-07-01",
                "ends_on": f"{year + 2}-06-30"}

    def new_cycle(self):
        self.cycle_id = self.made("POST", "/v1/cycles", self.cycle(self.number()),
                                  "admin.two@administrator.2")["id"]

    def open_cycle(self):
        return self.cycle_id

    @staticmethod
    def body(code):
        return a_body(code)

    @staticmethod
    def promise(**slots):
        return a_promise("PWR", weight=50, **slots)

    def rows(self):
        return csv_of([self.promise()] * 2)

    def targets(self):
        return self.government.all_items(f"/v1/targets?agreement={AGREEMENT}", READER)

    def a_target(self):
        return f"/v1/targets/{self.targets()[0]['id']}"

    def order(self):
        return [target["id"] for target in self.targets()]

    def amendment(self):
        """Less than a tenth of the weight: the last of three targets."""
        last = self.targets()[-1]["id"]
        promise = a_promise("PWR", weight=10, place=f"Circle {self.number()}")
        return csv_of([{"target": last, "why": "Invented", "effect": "None"} | promise])

    # ---- where the agreement is brought ----------------------------------------------------
    def state(self):
        return self.road.state(AGREEMENT, READER)

    def act(self, act, office, content=None):
        self.made("POST", f"/v1/agreements/{AGREEMENT}/{act}", content or {}, actor_of(office),
                  **{"If-Match": self.etag(f"/v1/agreements/{AGREEMENT}")})

    def to_draft(self, weights=(50, 50)):
        if self.state() == "submitted":
            self.act("withdraw", "secretary.PWR")
        rows = csv_of([a_promise("PWR", weight=weight) for weight in weights])
        self.made("POST", f"/v1/agreements/{AGREEMENT}/import", rows, actor_of("focal.PWR"),
                  **{"Content-Type": "text/csv",
                     "If-Match": self.etag(f"/v1/agreements/{AGREEMENT}")})

    def to_submitted(self, weights=(50, 50)):
        if self.state() != "submitted":
            self.to_draft(weights)
            self.act("submit", "secretary.PWR")

    def to_ruled(self, weights=(50, 50)):
        self.to_submitted(weights)
        for target in self.targets():
            self.made("POST", f"/v1/targets/{target['id']}/rule", {
                "verdict": "accept", "class": "outcome", "reason": "An outcome (invented)"},
                actor_of("committee.1"))

    def to_judged(self):
        """One target is returned, so that the agreement can be."""
        self.to_ruled()
        self.made("POST", f"{self.a_target()}/rule", {
            "verdict": "return", "class": "outcome", "reason": "Unclear (invented)"},
            actor_of("committee.1"))

    def to_accepted(self, weights=(50, 50)):
        if self.state() != "accepted":
            self.to_ruled(weights)
            self.act("accept", "committee.1")

    def to_pmo(self, weights=(50, 50)):
        if self.state() != "at_pmo":
            self.to_accepted(weights)
            self.act("forward", "secretariat")

    def to_thread(self):
        self.to_pmo()
        self.thread = self.made("POST", f"/v1/agreements/{AGREEMENT}/feedback", {
            "text": "Why not more? (invented)"}, actor_of("pmo"))["id"]

    def to_ready(self, weights=(50, 50)):
        if self.state() != "ready":
            self.to_pmo(weights)
            self.close_threads()
            self.act("freeze", "pmo")

    def close_threads(self):
        listed = self.government.read(f"/v1/feedback?agreement={AGREEMENT}&outcome=open", READER)
        for thread in listed["items"]:
            self.made("POST", f"/v1/feedback/{thread['id']}/close", {"outcome": "answered"},
                      actor_of("pmo"))

    def to_force(self):
        if self.state() == "amending":
            self.act("drop", "secretary.PWR")
        if self.state() != "in_force":
            self.to_draft((60, 30, 10))
            self.to_ready((60, 30, 10))
            self.road.sign(AGREEMENT, actor_of("minister.PWR"))
            self.road.sign(AGREEMENT, actor_of("pm"))

    def to_amending(self):
        if self.state() != "amending":
            self.to_force()
            self.made("POST", f"/v1/agreements/{AGREEMENT}/amend?reason=Invented",
                      self.amendment(), actor_of("secretary.PWR"), **{
                          "Content-Type": "text/csv",
                          "If-Match": self.etag(f"/v1/agreements/{AGREEMENT}")})

    # ---- what needs others -----------------------------------------------------------------
    def holiday(self):
        """A day of its own, later than today."""
        today = datetime.date.fromisoformat(self.stack.ask_json("GET", "/v1/clock").json()["today"])
        return str(today + datetime.timedelta(days=1 + self.number() - 2100))

    def to_holiday(self):
        self.day = self.holiday()
        self.made("POST", "/v1/holidays", {"on": self.day, "name": "Invented"},
                  actor_of("secretariat"))

    @staticmethod
    def norm():
        return {"label": "Vetting (invented)", "needed": "Vetted text", "norm_days": 10}

    def norm_etag(self):
        return self.etag("/v1/dependency-types/VETTING")

    def to_norm(self):
        self.to_force()
        if self.stack.ask_json("GET", "/v1/dependency-types/VETTING").status == 404:
            self.made("PUT", "/v1/dependency-types/VETTING", self.norm(), actor_of("secretariat"))

    def dependency_sent(self):
        return {"targets": [self.targets()[0]["id"]], "blocking_body": "FIN", "type": "VETTING",
                "what": "A vetted text (invented)"}

    def to_dependency(self):
        self.to_norm()
        self.dependency = self.made("POST", "/v1/dependencies", self.dependency_sent(),
                                    actor_of("focal.PWR"))["id"]

    def on_dependency(self, act, office, content):
        path = f"/v1/dependencies/{self.dependency}"
        self.made("POST", f"{path}/{act}", content, actor_of(office),
                  **{"If-Match": self.etag(path)})

    def to_returned(self):
        self.to_dependency()
        self.on_dependency("return", "focal.FIN", {"missing": [{"what": "A letter (invented)"}]})

    def to_external(self):
        self.to_dependency()
        self.on_dependency("externalise", "secretary.FIN", {"remark": "A court (invented)"})

    def to_granted(self):
        self.to_dependency()
        self.on_dependency("grant", "focal.FIN", {})

    def action_sent(self):
        return {"what": "Invented", "owner": "focal.PWR", "verifier": "auditor",
                "due": self.holiday()}

    def to_action(self):
        self.to_force()
        self.action = self.made("POST", "/v1/actions", self.action_sent(),
                                actor_of("secretariat"))["id"]

    @staticmethod
    def idea_sent():
        return {"title": "Meters that read themselves", "text": "Invented", "body": "PWR"}

    def to_idea(self):
        self.idea = self.made("POST", "/v1/ideas", self.idea_sent(), actor_of(PERSON))["id"]

    def to_finished(self):
        self.to_action()
        path = f"/v1/actions/{self.action}"
        self.made("POST", f"{path}/finish", {"remark": "Done (invented)"}, actor_of("focal.PWR"),
                  **{"If-Match": self.etag(path)})

    # ---- people ----------------------------------------------------------------------------
    def to_posting(self):
        """Proposed by the other administrator."""
        if self.posting and self.government.read(f"/v1/postings/{self.posting}", READER)[
                "state"] == "proposed":
            return
        self.posting = self.first("POST", "/v1/postings", {"office": "auditor.2",
                                                           "person": "w.left"})["id"]

    def an_access(self):
        return {"key": secrets.token_hex(20), "token_digest": secrets.token_hex(32)}

    def to_department(self):
        self.made("POST", "/v1/departments", {"id": "DEPT", "name": "Invented"},
                  "admin.two@administrator.2", (201, 409))

    def to_access(self):
        """Proposed by the other administrator."""
        self.to_department()
        self.access = self.first("POST", "/v1/departments/DEPT/accesses", self.an_access())["id"]

    def to_webhook(self):
        """Granted, and never called: nobody is there."""
        if self.hooked:
            self.access = self.hooked
            return
        self.to_department()
        asked = self.an_access() | {"webhook": "https://nobody.invalid/", "types": "week.was_set"}
        self.access = self.hooked = self.first("POST", "/v1/departments/DEPT/accesses", asked)["id"]
        self.made("POST", f"/v1/accesses/{self.access}/confirm", {}, actor_of(ADMINISTRATOR))

    def own_posting(self):
        return self.made("POST", "/v1/postings", {"office": "auditor.2", "person": "w.came"},
                         actor_of(ADMINISTRATOR))["id"]

    def to_invited(self):
        self.first("POST", "/v1/people/w.left/invite", {})

    def to_signed_in(self):
        self.people.sign_in("w.left")

    def to_another_session(self):
        self.passing = True

    def sign_in_again(self):
        for person in list(self.people.tokens):
            self.people.sign_in(person)

    def first(self, method, path, thing):
        answer = self.people.act(0, method, path, thing)
        assert answer.status in (200, 201), f"{path}: {answer.status} {answer.body[:400]}"
        return json.loads(answer.body)

    # ---- keys ------------------------------------------------------------------------------
    def to_key(self):
        """A new key, proposed by the other administrator."""
        _, proposal = self.road.make_key(actor_of("minister.PWR"))
        self.key = self.first("POST", "/v1/keys", proposal)["id"]

    def to_enrolled(self):
        self.to_key()
        expect(self.people.act(1, "POST", f"/v1/keys/{self.key}/confirm", {}), 200)
