#!/usr/bin/python3
"""Offices that change hands while agreements go on: hand-over, vacancy, acting, reshuffle, bodies
that merge and split. The goals stay; who may act for them is who holds the office now."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from ed25519 import Key  # noqa: E402
from government import a_body, a_promise, focal, secretary  # noqa: E402
from ministry import ADMINISTRATOR, AUDITOR, NOBODY, WEIGHTS, Ministry  # noqa: E402
from pen import jws  # noqa: E402
from road import PM, minister  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

BODIES = ["PWR", "GAS", "FIN", "EDU"]


def handed_over(ministry):
    read, pen, case = ministry.read, ministry.pen, ministry.case
    agreement = ministry.draft("EDU")
    old, new = secretary("EDU"), "t.new@secretary.EDU"
    ministry.stack.people.headers(old)
    with case("an office that changes hands opens a hand-over, shown with its days"):
        ministry.people.headers(new)
        handover = ministry.handover("secretary.EDU")
        same((handover["outgoing"], handover["incoming"], handover["days"]),
             ("s.malik", "t.new", 0))
        same(ministry.open_days("EDU"), {"secretary.EDU": 0})
        same(read("/v1/offices/secretary.EDU", NOBODY)["holder"], "t.new")
    with case("who has left acts there no more, whatever the token says"):
        headers = {"Authorization": f"Bearer {ministry.people.tokens['s.malik']}",
                   "Misaq-Office": "secretary.EDU"}
        path = f"/v1/agreements/{agreement}"
        length = ministry.ledger.length()
        answer = ministry.stack.ask_json("POST", f"{path}/submit", {}, headers | {
            "If-Match": ministry.government.etag(path, AUDITOR)})
        expect_problem(answer, 403, "forbidden", header="Misaq-Office")
        same(ministry.ledger.length(), length, "entries of the ledger")
    with case("the pack is frozen where the office changed hands"):
        path = handover["pack"]
        assert path.endswith(f"?at={handover['position']}"), path
        frozen = read(path, new)["items"]
        same({item["kind"] for item in frozen}, {"agreement", "target"})
        same(len(frozen), 1 + len(WEIGHTS))
        expect(ministry.edit(f"{agreement}.1", focal("EDU"), statement=(
            "Reduce the share of children out of school from 20% to 12% by June 2023")), 200)
        same(read(path, new)["items"], frozen)
        now = read(path.split("?")[0], new)["items"]
        assert [item["what"] for item in now] != [item["what"] for item in frozen], "no change"
    with case("others do not read the pack, and the public nothing of it"):
        expect_problem(ministry.stack.request("GET", path, actor=secretary("FIN")), 403,
                       "forbidden")
        expect_problem(ministry.stack.request("GET", path, actor=NOBODY), 401, "unauthenticated")
    noted(ministry, handover, new)
    acknowledged(ministry, handover, new)


def noted(ministry, handover, new):
    path = f"/v1/handovers/{handover['id']}/note"
    note = {"note": 'Mind the "annual" census <b>; علی knows (invented)'}

    def leave(actor):
        return ministry.stack.request("POST", path, note, actor=actor)

    with ministry.case("only who has left leaves a note, and the successor reads it"):
        for actor in (new, "t.new@person", secretary("FIN"), ADMINISTRATOR):
            expect_problem(leave(actor), 403, "forbidden")
        expect(leave("s.malik@person"), 200)
        seen = ministry.read(f"/v1/handovers/{handover['id']}", new)
        same(seen["note"], note["note"])
    with ministry.case("the note is not public"):
        events = ministry.government.all_items("/v1/events", NOBODY)
        assert all(event["type"] != "handover.noted" for event in events), "in the events"
        assert note["note"] not in ministry.stack.request("GET", "/v1/ministries/EDU",
                                                          actor=NOBODY).body.decode()
        for actor in (focal("FIN"), "s.other@person"):
            answer = ministry.stack.request("GET", f"/v1/handovers/{handover['id']}", actor=actor)
            assert answer.status in (403, 404) or "note" not in answer.json(), (actor, answer.body)


def acknowledged(ministry, handover, new):
    pen = ministry.pen
    with ministry.case("an acknowledgement is signed by the new holder, for this pack"):
        key, other = pen.enrol(new), Key()
        right = pen.acknowledgement(handover, new)
        for name, signed in (
                ("another key", jws(other, right)),
                ("the key of another office", jws(pen.enrol(PM), right)),
                ("no key", jws(key, right).rsplit(".", 1)[0] + "."),
                ("another position", jws(key, pen.acknowledgement(
                    handover, new, position=handover["position"] - 1))),
                ("another hand-over", jws(key, pen.acknowledgement(
                    handover, new, handover="secretary.FIN.h1"))),
                ("another ledger", jws(key, pen.acknowledgement(
                    handover, new, origin="misaq/XX"))),
                ("another kind of statement", jws(key, pen.acknowledgement(
                    handover, new, type="misaq.key.v1"))),
                ("another spelling", jws(key, right.replace(b'":', b'": ')))):
            length = ministry.ledger.length()
            answer = pen.acknowledge(handover, new, signed)
            assert answer.status == 422, f"{name}: {answer.status} {answer.body}"
            same(ministry.ledger.length(), length, name)
        same(ministry.open_days("EDU"), {"secretary.EDU": 0})
    with ministry.case("acknowledged, it is on the body's page no more; and that once"):
        expect(pen.acknowledge(handover, new), 200)
        same(ministry.open_days("EDU"), {})
        seen = ministry.read(f"/v1/handovers/{handover['id']}", new)
        assert seen["acknowledged_at"] and seen["days"] == 0, seen
        expect_problem(pen.acknowledge(handover, new), 409, "wrong-state")


def vacant(ministry):
    read, people = ministry.read, ministry.people
    actor = "v.acant@focal.EDU.2"
    people.headers(actor)
    posting = read("/v1/postings?office=focal.EDU.2", AUDITOR)["items"][-1]["id"]
    with ministry.case("an office is vacant when a posting ends without another"):
        ministry.act(0, f"/v1/postings/{posting}/end", {"reason": "Retired (invented)"})
        office = read("/v1/offices/focal.EDU.2", NOBODY)
        assert "holder" not in office and office["since"], office
        assert "focal.EDU.2" in [one["id"] for one in ministry.government.all_items(
            "/v1/offices?vacant=true", NOBODY)], "not in the list of vacancies"
        assert "incoming" not in ministry.handover("focal.EDU.2"), "nobody has come"
        answer = ministry.stack.request("POST", "/v1/agreements/EDU-2021/targets",
                                        a_promise("EDU"), actor=actor)
        expect_problem(answer, 403, "forbidden", header="Misaq-Office")
    with ministry.case("who comes later takes that hand-over"):
        before = ministry.handover("focal.EDU.2")
        people.post("t.new", "focal.EDU.2", acting=True)
        same(ministry.handover("focal.EDU.2")["id"], before["id"])
        same(ministry.handover("focal.EDU.2")["incoming"], "t.new")
    with ministry.case("who is acting acts, and is shown as acting"):
        same(read("/v1/offices/focal.EDU.2", NOBODY)["acting"], True)
        expect(ministry.stack.request("POST", "/v1/agreements/EDU-2021/targets",
                                      a_promise("EDU"), actor="t.new@focal.EDU.2"), 201)
    with ministry.case("posted for good, nothing changes hands"):
        length = len(read("/v1/handovers?office=focal.EDU.2", AUDITOR)["items"])
        sent = {"office": "focal.EDU.2", "person": "t.new"}
        made = ministry.act(0, "/v1/postings", sent, 201)["id"]
        ministry.act(1, f"/v1/postings/{made}/confirm")
        same(len(read("/v1/handovers?office=focal.EDU.2", AUDITOR)["items"]), length)
        assert not read("/v1/offices/focal.EDU.2", NOBODY).get("acting"), "still acting"


def reshuffled(ministry):
    people = ministry.people
    one, two = "r.one", "r.two"
    for person, office in ((one, "secretary.PWR"), (two, "secretary.GAS")):
        people.headers(f"{person}@{office}")
    ministry.draft("PWR")
    ministry.draft("GAS")
    with ministry.case("two secretaries change places: each sees and does what the office does"):
        people.headers(f"{one}@secretary.GAS")
        people.headers(f"{two}@secretary.PWR")
        for person, office in ((one, "secretary.GAS"), (two, "secretary.PWR")):
            handover = ministry.handover(office)
            same((handover["incoming"], handover["outgoing"]),
                 (person, two if person == one else one))
            seen = ministry.government.all_items("/v1/agreements", f"{person}@{office}")
            same({item["body"] for item in seen}, {office.split(".")[1]})
        same(ministry.read("/v1/me", f"{one}@person")["offices"], ["secretary.GAS"])


def merged(ministry):
    government, stack = ministry.government, ministry.stack

    ministry.draft("FIN")

    def change(code, **slots):
        version = ministry.read(f"/v1/ministries/{code}", NOBODY)["version"]
        expect(government.put(f"/v1/ministries/{code}", a_body(code, **slots), f'"{version}"',
                              ADMINISTRATOR), 200)

    with ministry.case("after a merger the successor's offices act, the old ones no more"):
        government.found("NRG")
        drafter = "g.focal@focal.NRG"
        stack.people.headers(drafter)
        expect_problem(stack.request("GET", "/v1/agreements/EDU-2021", actor=drafter), 404,
                       "not-found")
        change("EDU", valid_to="2026-01-01", successors=["NRG"])
        expect(stack.request("GET", "/v1/agreements/EDU-2021", actor=drafter), 200)
        expect(ministry.edit("EDU-2021.1", drafter, owner="focal.NRG"), 200)
        answer = stack.request("POST", "/v1/agreements/EDU-2021/targets", a_promise("EDU"),
                               actor="t.new@focal.EDU.2")
        expect_problem(answer, 403, "forbidden")
    with ministry.case("nobody is posted to a body that has ended"):
        answer = ministry.people.act(0, "POST", "/v1/postings", {
            "office": "secretary.EDU", "person": "s.malik"})
        expect_problem(answer, 422, "invalid", pointer="/office")
    with ministry.case("after a split both successors act"):
        government.found("FIA", "FIB")
        change("FIN", valid_to="2026-01-01", successors=["FIA", "FIB"])
        for code in ("FIA", "FIB"):
            expect(ministry.edit("FIN-2021.1", f"g.{code.lower()}@focal.{code}",
                                 owner=f"focal.{code}"), 200)
        expect(stack.request("GET", "/v1/agreements/EDU-2021", actor="g.fia@focal.FIA"), 404)
    with ministry.case("of what is in force the successor's minister countersigns"):
        agreement = ministry.in_force("PWR")
        change("PWR", valid_to="2026-01-01", successors=["NRG"])
        ministry.pen.sign(agreement, "g.min@minister.NRG", "countersign")
        same(ministry.road.state(agreement, NOBODY), "in_force")
        answer = stack.request("GET", f"/v1/agreements/{agreement}/statement?act=countersign",
                               actor=minister("PWR"))
        assert answer.status in (403, 404), answer.body


def main():
    verdict = Verdict()
    with Stack() as stack:
        ministry = Ministry(verdict, stack)
        ministry.government.found(*BODIES)
        handed_over(ministry)
        vacant(ministry)
        reshuffled(ministry)
        merged(ministry)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
