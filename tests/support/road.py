"""The way of an agreement from a draft to the signatures, each step by the right person over HTTP;
keys and signatures are made by the `misaq` command, as a minister's office would.

    road = Road(stack, government)
    road.lead("PWR")            submit, rule, accept, forward, freeze, sign, sign
"""
import datetime
import json
import subprocess

from government import secretary
from verdict import expect

MEMBER = "m.rana@committee.1"
UNIT = "d.shah@secretariat"
ADVISER = "o.baig@pmo"
PM = "i.prime@pm"


def minister(body):
    return f"q.lodhi@minister.{body}"


class Road:
    def __init__(self, stack, government):
        self.stack = stack
        self.government = government
        self.people = stack.people
        self.keys = {}  # actor: (path of the private key, key id)
        self.made = 0

    # ---- one act on an agreement -----------------------------------------------------------
    def act(self, agreement, act, actor, content=None, status=200, etag=None):
        """POST /v1/agreements/{agreement}/{act} with the ETag of now."""
        path = f"/v1/agreements/{agreement}"
        etag = etag or self.government.etag(path, UNIT)
        answer = self.stack.request("POST", f"{path}/{act}", content or {}, {"If-Match": etag},
                                    actor)
        return expect(answer, status).json()

    def state(self, agreement, actor=UNIT):
        return self.government.read(f"/v1/agreements/{agreement}", actor)["state"]

    def targets(self, agreement, actor=UNIT):
        return self.government.all_items(f"/v1/targets?agreement={agreement}", actor)

    # ---- the steps -------------------------------------------------------------------------
    def submit(self, body):
        return self.act(self.government.agreement(body), "submit", secretary(body))

    def rule(self, target, verdict="accept", member=MEMBER, status=201, **slots):
        ruling = {"verdict": verdict, "class": "outcome"} | slots
        answer = self.stack.request("POST", f"/v1/targets/{target}/rule", ruling, actor=member)
        return expect(answer, status).json()

    def rule_all(self, agreement, member=MEMBER):
        for target in self.targets(agreement):
            self.rule(target["id"], member=member,
                      reason="It says what changes for people, with a number (invented)")

    def to_pmo(self, body, member=MEMBER):
        agreement = self.government.agreement(body)
        self.submit(body)
        self.rule_all(agreement, member)
        self.act(agreement, "accept", member)
        self.act(agreement, "forward", UNIT)
        return agreement

    def freeze(self, body, member=MEMBER):
        agreement = self.to_pmo(body, member)
        self.act(agreement, "freeze", ADVISER)
        return agreement

    def lead(self, body, member=MEMBER):
        """All of it; the agreement is in force."""
        agreement = self.freeze(body, member)
        self.sign(agreement, minister(body))
        self.sign(agreement, PM)
        return agreement

    # ---- keys and signatures ---------------------------------------------------------------
    def misaq(self, *arguments):
        told = subprocess.run(self.stack.misaq(*map(str, arguments)), capture_output=True,
                              text=True, timeout=60, check=False,
                              env=self.stack.environment())
        assert told.returncode == 0, f"misaq {arguments}: {told.stdout[-3000:]}{told.stderr}"
        return told.stdout

    def make_key(self, actor, days=(-1, 365)):
        """A key in a file, and what an administrator sends to propose it."""
        person, office = actor.split("@")
        self.people.headers(actor)
        self.made += 1
        path = self.stack.folder / f"{office}-{person}-{self.made}.key"
        self.misaq("keygen", path)
        today = datetime.date.fromisoformat(self.stack.ask_json("GET", "/v1/clock").json()["today"])
        first, last = (today + datetime.timedelta(days=away) for away in days)
        told = self.misaq("key-proof", path, "--office", office, "--person", person,
                          "--from", first, "--until", last,
                          "--url", f"http://{self.stack.address}")
        return path, json.loads(told)

    def enrol(self, actor):
        """The key with which somebody signs; made and enrolled when first asked for."""
        if actor not in self.keys:
            path, proposal = self.make_key(actor)
            key = expect(self.people.act(0, "POST", "/v1/keys", proposal), 201).json()["id"]
            expect(self.people.act(1, "POST", f"/v1/keys/{key}/confirm", {}), 200)
            self.keys[actor] = path, key
        return self.keys[actor]

    def sign(self, agreement, actor, act="sign"):
        path, _ = self.enrol(actor)
        person, office = actor.split("@")
        token = self.stack.folder / f"{person}.token"
        token.write_text(self.people.tokens[person])
        return self.misaq("sign", path, "--url", f"http://{self.stack.address}", "--token-file",
                          token, "--office", office, "--act", act, "--yes", agreement)
