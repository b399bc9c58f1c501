#!/usr/bin/python3
"""The road to signature over HTTP, with signed-in people only: 41 bodies draft, submit, are
returned and corrected, ruled on, discussed, frozen and signed; afterwards every agreement is in
force, anybody can read it, and its archive verifies with nothing running."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import Government, a_promise, focal, secretary  # noqa: E402
from road import ADVISER, MEMBER, PM, UNIT, Road, minister  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

BODIES = [f"B{number:02}" for number in range(1, 42)]
RETURNED = BODIES[:5]   # the committee sends something back
DISCUSSED = BODIES[5:9]  # the PM Office asks
FIRST = BODIES[0]
NOBODY = ""
OUTSIDER = focal(BODIES[1])
PROCESS = "Hold 12 meetings of the coordination committee by June 2023"


def promises(body):
    statement = a_promise(body)["statement"]
    return [a_promise(body, weight=weight, statement=f"{statement} in circle {n}")
            for n, weight in enumerate((40, 30, 20, 10), 1)]


def draft_all(verdict, government):
    with verdict.case("41 bodies draft by import"):
        government.found(*BODIES)
        for body in BODIES:
            government.open(body)
            government.load(body, promises(body))
    with verdict.case("a draft is not there for other bodies, administrators and the public"):
        path = f"/v1/agreements/{government.agreement(FIRST)}"
        for actor in (OUTSIDER, "admin.one@administrator.1", NOBODY):
            for there in (path, f"/v1/targets/{government.agreement(FIRST)}.1"):
                answer = government.stack.request("GET", there, actor=actor)
                expect_problem(answer, 404, "not-found")
            listed = government.read(f"/v1/targets?body={FIRST}", actor)
            same((listed["items"], listed.get("total", 0)), ([], 0), f"targets for {actor}")
    with verdict.case("the checker sees process, and a finding wants an answer"):
        body = BODIES[40]
        government.load(body, promises(body)[:3] + [
            a_promise(body, weight=10, statement=PROCESS, **{"class": "outcome"})])
        path = f"/v1/targets/{government.agreement(body)}.8"
        checked = government.read(path, focal(body))["check"]
        same(checked["class"], "process", "class")
        assert checked["findings"], checked
        answer = government.post(body, "submit", actor=secretary(body))
        problem = expect_problem(answer, 422, "invalid")
        assert checked["findings"][0]["code"] in json.dumps(problem), problem
        government.load(body, promises(body))


def judge(verdict, stack, government, road):
    agreements = {body: government.agreement(body) for body in BODIES}
    with verdict.case("secretaries submit; nobody else may"):
        path = f"/v1/agreements/{agreements[FIRST]}"
        answer = stack.request("POST", f"{path}/submit", {},
                               {"If-Match": government.etag(path, UNIT)}, focal(FIRST))
        expect_problem(answer, 403, "forbidden")
        for body in BODIES:
            road.submit(body)
        waiting = government.read("/v1/reviews/queue?limit=200", MEMBER)["items"]
        same(len(waiting), len(BODIES), "waiting")
    with verdict.case("a member must not rule on the body that the member comes from"):
        stack.people.register("n.own", body=FIRST)
        expect_problem(stack.request("POST", f"/v1/targets/{agreements[FIRST]}.1/rule", {
            "verdict": "accept", "class": "outcome"}, actor="n.own@committee.2"), 403, "forbidden")
        waiting = government.read("/v1/reviews/queue?limit=200", "n.own@committee.2")["items"]
        same([item["agreement"] for item in waiting if item["recused"]], [agreements[FIRST]])
    with verdict.case("nothing is accepted that was not ruled on"):
        path = f"/v1/agreements/{agreements[FIRST]}"
        answer = stack.request("POST", f"{path}/accept", {},
                               {"If-Match": government.etag(path, UNIT)}, MEMBER)
        expect_problem(answer, 422, "invalid")
        same(road.state(agreements[FIRST]), "submitted")
    with verdict.case("five come back and come again: only what changed is ruled anew"):
        for body in RETURNED:
            agreement = agreements[body]
            for target in road.targets(agreement)[1:]:
                road.rule(target["id"])
            first = road.targets(agreement)[0]
            road.rule(first["id"], "return", reason="Whose losses? Name the consumers (invented)")
            road.act(agreement, "return", MEMBER, {"reason": "One line is unclear (invented)"})
            same(road.state(agreement), "returned")
            path = f"/v1/targets/{first['id']}"
            changed = promises(body)[0] | {"beneficiary": "Households of the circle"}
            answer = government.put(path, changed, government.etag(path, focal(body)), focal(body))
            expect(answer, 200)
            road.submit(body)
            gates = government.read(f"/v1/agreements/{agreement}/gates", MEMBER)
            same((gates["ruled"], gates["targets"]), (3, 4), "rulings that stand")
    with verdict.case("all is ruled on, accepted and passed on"):
        for agreement in agreements.values():
            road.rule_all(agreement)
            road.act(agreement, "accept", MEMBER)
            road.act(agreement, "forward", UNIT)
            same(road.state(agreement), "at_pmo")
    with verdict.case("earlier lines are shown with their rulings"):
        like = government.read(f"/v1/precedents?target={agreements[FIRST]}.1", MEMBER)["items"]
        assert like and like[0]["verdict"] in ("accept", "return", "enabler"), like


def discuss(verdict, stack, government, road):
    with verdict.case("threads of the PM Office hold the freezing until each is closed"):
        for body in DISCUSSED:
            agreement = government.agreement(body)
            opened = expect(stack.request("POST", f"/v1/agreements/{agreement}/feedback", {
                "text": "Why not lower? (invented)", "target": f"{agreement}.1"}, actor=ADVISER),
                201).json()["id"]
            path = f"/v1/agreements/{agreement}"
            answer = stack.request("POST", f"{path}/freeze", {},
                                   {"If-Match": government.etag(path, UNIT)}, ADVISER)
            assert answer.status in (409, 422), answer.body
            expect(stack.request("POST", f"/v1/feedback/{opened}/answer", {
                "text": "The grid does not allow more (invented)"}, actor=focal(body)), 200)
            expect(stack.request("POST", f"/v1/feedback/{opened}/close", {
                "outcome": "answered"}, actor=ADVISER), 200)


def freeze_and_sign(verdict, stack, government, road):
    agreements = [government.agreement(body) for body in BODIES]
    with verdict.case("the text is frozen, and readable before it is signed"):
        for agreement in agreements:
            road.act(agreement, "freeze", ADVISER)
        document = f"/v1/documents/{agreements[0]}.d1"
        text = expect(stack.request("GET", f"{document}/text", actor=minister(FIRST)), 200).body
        assert promises(FIRST)[1]["statement"].encode() in b" ".join(text.split()), text[:2000]
        expect_problem(stack.request("GET", document, actor=NOBODY), 404, "not-found")
    with verdict.case("an edit sends it back to draft and voids the document"):
        agreement, body = agreements[0], FIRST
        path = f"/v1/targets/{agreement}.2"
        expect(government.put(path, promises(body)[1] | {"place": "National"},
                              government.etag(path, focal(body)), focal(body)), 200)
        same(road.state(agreement), "draft")
        same(government.read(f"/v1/documents/{agreement}.d1", UNIT)["voided"], True)
        road.freeze(body)
    with verdict.case("ministers and the PM sign, each with an own key"):
        for body, agreement in zip(BODIES, agreements):
            road.sign(agreement, minister(body))
            same(road.state(agreement), "signed_minister")
            road.sign(agreement, PM)
            same(road.state(agreement, NOBODY), "in_force")


def read_by_all(verdict, stack, government):
    with verdict.case("everybody reads what is in force, without a sign-in"):
        listed = government.all_items("/v1/agreements", NOBODY)
        same({item["state"] for item in listed}, {"in_force"})
        same(len(listed), len(BODIES))
        same(len(government.all_items("/v1/targets", NOBODY)), 4 * len(BODIES))
        same(len(government.all_items("/v1/signatures", NOBODY)), 2 * len(BODIES))
        assert len(government.all_items("/v1/keys", NOBODY)) == len(BODIES) + 1
        for path in ("/v1/record", "/v1/record/checkpoint", "/v1/offices/pm",
                     f"/v1/documents/{government.agreement(FIRST)}.d2/bytes"):
            expect(stack.request("GET", path, actor=NOBODY), 200)
    with verdict.case("what was void is not there for the public"):
        expect_problem(stack.request("GET", f"/v1/documents/{government.agreement(FIRST)}.d1",
                                     actor=NOBODY), 404, "not-found")
        assert all("drafted" not in event["type"] for event in
                   government.read("/v1/events?limit=200", NOBODY)["items"])


def archive(verdict, stack, road, folder):
    path = folder / "cycle.archive"
    with verdict.case("the cycle is archived over the public paths"):
        road.misaq("archive", "--url", f"http://{stack.address}", "2021", path)
    return path


def main():
    verdict = Verdict()
    with Stack() as stack:
        government = Government(stack)
        road = Road(stack, government)
        draft_all(verdict, government)
        judge(verdict, stack, government, road)
        discuss(verdict, stack, government, road)
        freeze_and_sign(verdict, stack, government, road)
        read_by_all(verdict, stack, government)
        with verdict.case("an audit finds everything as recorded"):
            stack.wait_sealed()
            road.misaq("audit")
        path = archive(verdict, stack, road, stack.folder)
        stack.stop()
        with verdict.case("the archive verifies with nothing running, and every agreement in it"):
            told = road.misaq("verify", "archive", path)
            assert all(government.agreement(body) in told for body in BODIES), told
        with verdict.case("one changed byte in the archive is found"):
            bytes_ = bytearray(path.read_bytes())
            place = bytes_.index(b"misaq.document.v1") - 200
            bytes_[place] ^= 1
            path.write_bytes(bytes_)
            try:
                road.misaq("verify", "archive", path)
            except AssertionError:
                pass
            else:
                raise AssertionError("it verified")
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
