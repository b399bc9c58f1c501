#!/usr/bin/python3
"""Who signs when those who hold the offices change: one minister of two bodies, a new minister, a
new Prime Minister, the Prime Minister as a minister; and what is in force changes by amendment."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import csv_of, focal, secretary  # noqa: E402
from ministry import AUDITOR, NOBODY, Ministry  # noqa: E402
from pen import jws  # noqa: E402
from road import ADVISER, PM, UNIT  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402


def two_bodies(ministry):
    """d.ouble is the minister of PWR and of GAS."""
    pen, people = ministry.pen, ministry.people
    with ministry.case("who holds several offices names one"):
        for body in ("PWR", "GAS"):
            ministry.draft(body)
        people.register("d.ouble")
        people.post("d.ouble", "minister.PWR")
        people.post("d.ouble", "minister.GAS")
        token = {"Authorization": f"Bearer {people.tokens['d.ouble']}"}
        answer = ministry.stack.ask_json("GET", "/v1/agreements/PWR-2021/statement", None, token)
        expect_problem(answer, 400, "bad-input", header="Misaq-Office")
    with ministry.case("one minister of two bodies signs twice, each in its own office"):
        for body in ("PWR", "GAS"):
            ministry.road.freeze(body)
        own, other = "d.ouble@minister.PWR", "d.ouble@minister.GAS"
        key, wrong = pen.enrol(own), pen.enrol(other)
        payload = pen.statement("PWR-2021", own)
        length = ministry.ledger.length()
        expect_problem(pen.send("PWR-2021", own, jws(wrong, payload)), 422, "invalid",
                       pointer="/jws")
        answer = ministry.stack.request("POST", "/v1/agreements/PWR-2021/sign", {
            "jws": jws(key, payload)}, {"If-Match": ministry.government.etag(
                "/v1/agreements/PWR-2021", AUDITOR)}, other)
        expect_problem(answer, 404, "not-found")
        same(ministry.ledger.length(), length, "entries of the ledger")
        for body in ("PWR", "GAS"):
            pen.sign(f"{body}-2021", f"d.ouble@minister.{body}")
            pen.sign(f"{body}-2021", PM)
            same(ministry.road.state(f"{body}-2021", NOBODY), "in_force")


def new_signers(ministry):
    pen, state = ministry.pen, ministry.road.state
    with ministry.case("who has signed does not countersign"):
        pen.statement("PWR-2021", "d.ouble@minister.PWR", "countersign", 409)
    with ministry.case("a new minister countersigns, and it stays in force meanwhile"):
        new = "e.new@minister.PWR"
        ministry.people.headers(new)
        same(state("PWR-2021", NOBODY), "in_force")
        signature = pen.sign("PWR-2021", new, "countersign")["id"]
        same(state("PWR-2021", NOBODY), "in_force")
        listed = ministry.government.all_items("/v1/signatures?agreement=PWR-2021", NOBODY)
        last = {one["id"]: one for one in listed}[signature]
        same((last["act"], last["office"], last["person"], last["days"]),
             ("countersign", "minister.PWR", "e.new", "0"))
        same([one["withdrawn"] for one in listed], [False] * 3)
    with ministry.case("the key of who has left has ended, its signature stands"):
        key = pen.keys["d.ouble@minister.PWR"]
        keys = {one["office"]: one for one in ministry.government.all_items("/v1/keys", NOBODY)
                if one["person"] == "d.ouble"}
        same(keys["minister.PWR"]["state"], "revoked")
        same(keys["minister.GAS"]["state"], "enrolled")
        payload = pen.statement("PWR-2021", "e.new@minister.PWR", "countersign", 409)
        assert not payload and key, "who has countersigned does not again"
    with ministry.case("a new Prime Minister adopts one and lets another lapse"):
        new = "j.prime@pm"
        ministry.people.headers(new)
        pen.sign("PWR-2021", new, "adopt")
        same(state("PWR-2021", NOBODY), "in_force")
        pen.sign("GAS-2021", new, "withdraw")
        same(state("GAS-2021", NOBODY), "lapsed")
        acts = [one["act"] for one in ministry.government.all_items(
            "/v1/signatures?agreement=GAS-2021", NOBODY)]
        same(acts, ["sign", "sign", "withdraw"])
    with ministry.case("who held an office before needs a new key to sign in it again"):
        old = pen.keys.pop(PM)
        ministry.people.headers(PM)
        ministry.draft("EDU")
        ministry.road.freeze("EDU")
        pen.sign("EDU-2021", "q.lodhi@minister.EDU")
        answer = pen.send("EDU-2021", PM, jws(old, pen.statement("EDU-2021", PM)))
        expect_problem(answer, 422, "invalid", pointer="/jws")
        pen.sign("EDU-2021", PM)
        same(state("EDU-2021", NOBODY), "in_force")


def amended(ministry):
    case, read, government = ministry.case, ministry.read, ministry.government
    agreement, path = "PWR-2021", "/v1/agreements/PWR-2021"
    old = read(f"/v1/targets/{agreement}.3", NOBODY)
    before = old["position"]

    def propose(number, actor="u.sec@secretary.PWR", **slots):
        promise = ministry.promises("PWR")[number - 1] | slots
        row = {"target": f"{agreement}.{number}", "why": "The census came late (invented)",
               "effect": "The score is reached later (invented)"} | promise
        return ministry.stack.request(
            "POST", f"{path}/amend?reason=New%20figures%20%28invented%29", csv_of([row]),
            {"Content-Type": "text/csv", "If-Match": government.etag(path, AUDITOR)}, actor)

    with case("in force a text changes by amendment only"):
        answer = ministry.edit(f"{agreement}.3", focal("PWR"), place="Elsewhere")
        expect_problem(answer, 409, "wrong-state")
    with case("an amendment of more than a tenth of the weight is refused"):
        expect_problem(propose(2, place="Elsewhere"), 422, "invalid")
    with case("old value, new value, reason and effect are kept, signed by both"):
        amendment = expect(propose(3, target_value=13, milestones=[
            19, 18, 17, 16, 15, 14, 13.5, 13]), 201).json()["id"]
        same(ministry.road.state(agreement), "amending")
        same(read(f"/v1/targets/{agreement}.3", NOBODY)["target_value"], 12)
        ministry.road.act(agreement, "freeze", ADVISER)
        ministry.pen.sign(agreement, "e.new@minister.PWR")
        ministry.pen.sign(agreement, PM)
        same(ministry.road.state(agreement, NOBODY), "in_force")
        now = read(f"/v1/targets/{agreement}.3", NOBODY)
        same((now["target_value"], now["amendment"]), (13, amendment))
        documents = government.all_items(f"/v1/documents?agreement={agreement}", NOBODY)
        content = read(f"/v1/documents/{documents[-1]['id']}/bytes", NOBODY)
        change, = content["changes"]
        same(change["target"], f"{agreement}.3")
        assert change["why"] and change["effect"], change
        members = {one["member"]: (one["old"], one["new"]) for one in change["members"]}
        same(sorted(members), ["milestones", "target_value"])
        same(members["target_value"], (12, 13))
        assert content["amendment"]["reason"], content["amendment"]
    with case("the old text stays readable, the old document says what took its place"):
        past = read(f"/v1/targets/{agreement}.3?at={before}", AUDITOR)
        same(past["target_value"], 12)
        first, last = documents[0], documents[-1]
        same((first["superseded_by"], last["in_force"]), (last["id"], True))
        same(last["supersedes"], first["sha256"])
        expect(ministry.stack.request("GET", f"/v1/documents/{first['id']}/bytes", actor=NOBODY),
               200)
    with case("a tenth a year: the next one is over it"):
        expect_problem(propose(3, target_value=14, milestones=[
            19, 18, 17, 16, 15.5, 15, 14.5, 14]), 422, "invalid")


def conflicted(ministry):
    pen, pm = ministry.pen, "i.prime@minister.SUM"
    ministry.government.found("SUM")
    with ministry.case("where the PM is the minister the secretary signs, and it is flagged"):
        ministry.draft("SUM")
        ministry.people.headers(pm)
        agreement = ministry.road.freeze("SUM")
        document = ministry.read(f"/v1/documents/{agreement}.d1", UNIT)
        assert document["conflict"], document
        answer = ministry.stack.request("GET", f"/v1/agreements/{agreement}/statement", actor=pm)
        expect_problem(answer, 403, "forbidden")
        pen.sign(agreement, secretary("SUM"))
        pen.sign(agreement, PM)
        same(ministry.road.state(agreement, NOBODY), "in_force")
        text = ministry.stack.request("GET", f"/v1/documents/{agreement}.d1/text", actor=NOBODY)
        assert document["conflict"].encode() in b" ".join(text.body.split()), text.body[:800]


def main():
    verdict = Verdict()
    with Stack() as stack:
        ministry = Ministry(verdict, stack)
        ministry.government.found("PWR", "GAS", "EDU")
        two_bodies(ministry)
        new_signers(ministry)
        amended(ministry)
        conflicted(ministry)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
