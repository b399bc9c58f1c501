"""Business time, moved as a demonstration moves it, and the acts of a quarter.

    with Stack(settings=at("2021-06-25")) as stack:
        clock = Clock(stack)
        clock.move("2021-10-01")
"""
import datetime
import time

from government import ROOT, secretary
from verdict import expect

ZONE = datetime.timezone(datetime.timedelta(hours=5))


def noon(day):
    return datetime.datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=ZONE)


def at(day):
    """Settings of a system whose business time begins at noon of a day that is past."""
    return {"MISAQ_DEMO": "1", "MISAQ_BEHIND_S": str(int(time.time() - noon(day).timestamp()))}


class Clock:
    def __init__(self, stack, body="PWR"):
        self.stack, self.actor = stack, secretary(body)

    def read(self):
        return expect(self.stack.request("GET", "/v1/clock", actor=""), 200).json()

    def today(self):
        return datetime.date.fromisoformat(self.read()["today"])

    def set(self, day, actor=ROOT):
        """The answer to setting the clock to noon of a day."""
        to = noon(day).astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return self.stack.request("POST", "/v1/clock", {"to": to}, actor=actor)

    def move(self, day):
        """Everything that fell due by then has happened when this returns."""
        expect(self.set(day), 200)
        self.settle()

    def settle(self):
        """A command is decided after what fell due before it: one to each service that has such
        work, which it refuses."""
        for path, content, actor in (
                ("/v1/dependencies", {"targets": ["NO-1.1"], "blocking_body": "NO", "type": "NO",
                                      "what": "Nothing"}, self.actor),
                ("/v1/reports", {"target": "NO-1.1", "period": 1, "value": 0,
                                 "own_word": "on_track"}, self.actor),
                ("/v1/inbox/read", {"upto": 999999999}, self.actor)):
            answer = self.stack.request("POST", path, content, actor=actor)
            assert answer.status in (404, 422), f"{path}: {answer.status} {answer.body}"


class Quarter:
    """Acts by the right people; each answers what was answered."""

    def __init__(self, stack, government):
        self.stack, self.government = stack, government

    def etag(self, path, actor):
        return f'"{self.government.read(path, actor)["version"]}"'

    def act(self, path, act, actor, content=None):
        """POST {path}/{act} with the version of now."""
        return self.stack.request("POST", f"{path}/{act}", content or {},
                                  {"If-Match": self.etag(path, actor)}, actor)

    def on(self, dependency, act, actor, **content):
        return self.act(f"/v1/dependencies/{dependency}", act, actor, content)

    def raise_one(self, actor, **content):
        return self.stack.request("POST", "/v1/dependencies", content, actor=actor)

    def report(self, actor, target, period, value, own_word="on_track", **content):
        return self.stack.request("POST", "/v1/reports", {
            "target": target, "period": period, "value": value, "own_word": own_word} | content,
            actor=actor)

    def certify(self, report, actor):
        return self.act(f"/v1/reports/{report}", "certify", actor)

    def score(self, report, actor, *points):
        names = ("difficulty", "citizens", "data", "cooperation", "learning")
        content = dict(zip(names, points)) | {f"{name}_why": "Invented" for name in names}
        return self.stack.request("POST", f"/v1/reports/{report}/score", content, actor=actor)
