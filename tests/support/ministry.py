"""A few bodies with people, agreements and keys, and what tests of changing offices ask of them."""
from government import Government, a_promise
from ledger import Ledger
from pen import Pen
from road import PM, Road, minister
from verdict import expect

AUDITOR = "m.bano@auditor"
ADMINISTRATOR = "root@administrator"
NOBODY = ""
WEIGHTS = (60, 30, 10)


class Ministry:
    def __init__(self, verdict, stack):
        self.verdict, self.stack, self.people = verdict, stack, stack.people
        self.case = verdict.case
        self.government = Government(stack)
        self.read = self.government.read
        self.road = Road(stack, self.government)
        self.pen = Pen(stack)
        self.ledger = Ledger(stack.redis)
        self.people.headers(AUDITOR)  # or the first question would post somebody

    def draft(self, body):
        self.government.open(body)
        self.government.load(body, self.promises(body))
        return self.government.agreement(body)

    @staticmethod
    def promises(body):
        statement = a_promise(body)["statement"]
        return [a_promise(body, weight=weight, statement=f"{statement} in circle {number}")
                for number, weight in enumerate(WEIGHTS, 1)]

    def in_force(self, body):
        """What was drafted is signed by both."""
        agreement = self.road.freeze(body)
        self.pen.sign(agreement, minister(body))
        self.pen.sign(agreement, PM)
        return agreement

    def act(self, which, path, content=None, status=200):
        return expect(self.people.act(which, "POST", path, content or {}), status).json()

    def handover(self, office):
        """The last one of an office."""
        listed = self.read(f"/v1/handovers?office={office}", AUDITOR)["items"]
        return max(listed, key=lambda one: one["position"])

    def open_days(self, body):
        """What the body's page says of those who have not acknowledged: {office: days}."""
        said = self.read(f"/v1/ministries/{body}", NOBODY).get("handovers", [])
        return {one["office"]: one["days"] for one in said}

    def edit(self, target, actor, **slots):
        """The answer to an edit, with the ETag of now."""
        path = f"/v1/targets/{target}"
        body = target.split("-")[0]
        now = self.government.etag(path, AUDITOR)
        return self.government.put(path, self.promises(body)[0] | slots, now, actor)
