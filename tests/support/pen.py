"""A signer without any program of ours: keys, statements and JWS (RFC 7515) in Python.

    pen = Pen(stack)
    pen.enrol("q.lodhi@minister.PWR")
    pen.sign("PWR-2021", "q.lodhi@minister.PWR")
"""
import datetime
import hashlib
import json

from door import base64url
from ed25519 import Key
from verdict import expect


def canonical(thing):
    """RFC 8785 for what is signed here: texts and whole numbers in one object."""
    return json.dumps(thing, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def thumbprint(key):
    """RFC 7638."""
    said = {"crv": "Ed25519", "kty": "OKP", "x": base64url(key.public)}
    return base64url(hashlib.sha256(canonical(said)).digest())


def jws(key, payload, **header):
    said = {"alg": "Ed25519", "kid": thumbprint(key)} | header
    text = f"{base64url(canonical(said))}.{base64url(payload)}"
    return f"{text}.{base64url(key.sign(text.encode()))}"


class Pen:
    def __init__(self, stack):
        self.stack, self.people = stack, stack.people
        self.keys = {}  # actor: Key
        self.heard_origin = None

    def origin(self):
        if not self.heard_origin:
            self.heard_origin = self.stack.ask_json("GET", "/v1/record").json()["origin"]
        return self.heard_origin

    def proposal(self, key, actor):
        """What an administrator sends to have a key enrolled."""
        person, office = actor.split("@")
        today = datetime.date.fromisoformat(self.stack.ask_json("GET", "/v1/clock").json()["today"])
        said = {"office": office, "person": person, "key": base64url(key.public),
                "from": str(today), "until": str(today + datetime.timedelta(days=900))}
        statement = said | {"type": "misaq.key.v1", "origin": self.origin()}
        return said | {"proof": jws(key, canonical(statement))}

    def enrol(self, actor):
        """The key of that person in that office; made and enrolled when first asked for."""
        if actor not in self.keys:
            self.people.headers(actor)
            key = Key()
            made = self.people.act(0, "POST", "/v1/keys", self.proposal(key, actor))
            path = f"/v1/keys/{expect(made, 201).json()['id']}/confirm"
            expect(self.people.act(1, "POST", path, {}), 200)
            self.keys[actor] = key
        return self.keys[actor]

    def statement(self, agreement, actor, act="sign", status=200):
        path = f"/v1/agreements/{agreement}/statement?act={act}"
        answer = expect(self.stack.request("GET", path, actor=actor), status).json()
        return answer.get("payload", "").encode()

    def send(self, agreement, actor, signed):
        """The answer to a signature."""
        path = f"/v1/agreements/{agreement}"
        etag = self.stack.request("GET", path, actor=actor).headers["ETag"]
        return self.stack.request("POST", f"{path}/sign", {"jws": signed}, {"If-Match": etag},
                                  actor)

    def sign(self, agreement, actor, act="sign", status=201):
        key = self.enrol(actor)
        payload = self.statement(agreement, actor, act)
        return expect(self.send(agreement, actor, jws(key, payload)), status).json()

    # ---- hand-overs ------------------------------------------------------------------------
    def acknowledgement(self, of, actor, **changed):
        """What the new holder signs for that hand-over."""
        person, office = actor.split("@")
        said = {"type": "misaq.handover.v1", "origin": self.origin(), "handover": of["id"],
                "office": office, "person": person, "position": of["position"]} | changed
        return canonical(said)

    def acknowledge(self, handover, actor, signed=None):
        """The answer to an acknowledgement."""
        signed = signed or jws(self.enrol(actor), self.acknowledgement(handover, actor))
        return self.stack.request("POST", f"/v1/handovers/{handover['id']}/acknowledge",
                                  {"jws": signed}, actor=actor)
