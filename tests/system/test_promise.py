#!/usr/bin/python3
"""The life of a promise over HTTP, from the cycle to the submitted agreement, and its past."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import packed  # noqa: E402
from government import (CYCLE, ROOT, Government, a_body, a_promise, csv_of, focal,  # noqa: E402
                        in_thousandths, secretary)
from ledger import Ledger  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

MSGPACK = "application/vnd.msgpack"
AUDITOR = "m.bano@auditor"


def check_receipt(answer, status, thing, location=None):
    """The members of a receipt, and the headers that say the same."""
    receipt = expect(answer, status).json()
    same(sorted(receipt), ["events", "id", "position", "record", "version"], "members")
    same(receipt["id"], thing, "id")
    same(receipt["record"], "accepted", "record")
    same(answer.headers["ETag"], f'"{receipt["version"]}"', "ETag")
    same(answer.headers["Misaq-Position"], str(receipt["position"]), "Misaq-Position")
    same(answer.headers["Location"], location, "Location")
    return receipt


def includes(got, wanted):
    for name, value in wanted.items():
        same(got.get(name), value, name)


def founding(verdict, stack, government, ledger):
    with verdict.case("a cycle is created, with the parameters that were left out"):
        check_receipt(stack.request("POST", "/v1/cycles", CYCLE), 201, "2021", "/v1/cycles/2021")
        includes(government.read("/v1/cycles/2021", actor=""), CYCLE | {
            "periods": 8, "periods_a_year": 4, "late_centroid": 3, "late_share": 40,
            "very_late_share": 60, "version": 1})
    with verdict.case("bodies are registered, and anybody reads them"):
        for code in ("PWR", "FIN"):
            check_receipt(stack.request("POST", "/v1/ministries", a_body(code)), 201, code,
                          f"/v1/ministries/{code}")
        same(government.read("/v1/ministries/PWR", actor=""), a_body("PWR") | {"version": 1})
        same([body["id"] for body in government.read("/v1/ministries", "")["items"]],
             ["FIN", "PWR"])
    with verdict.case("a body changes under its ETag and names its successors"):
        changed = a_body("FIN", name="Finance Division", valid_to="2030-06-30", successors=["PWR"])
        check_receipt(government.put("/v1/ministries/FIN", changed, '"1"', ROOT), 200, "FIN")
        same(government.read("/v1/ministries/FIN"), changed | {"version": 2})
        back = a_body("PWR", valid_to="2030-06-30", successors=["FIN"])
        expect_problem(government.put("/v1/ministries/PWR", back, '"1"', ROOT), 422, "invalid",
                       pointer="/successors/0")
        same([body["id"] for body in government.read("/v1/ministries?text=finance")["items"]],
             ["FIN"])
        same([body["id"] for body in government.read("/v1/ministries?on=2031-01-01")["items"]],
             ["PWR"])
    with verdict.case("what exists already is said so"):
        length = ledger.length()
        expect_problem(stack.request("POST", "/v1/cycles", CYCLE), 409, "already-exists")
        expect_problem(stack.request("POST", "/v1/ministries", a_body("PWR")), 409,
                       "already-exists")
        same(ledger.length(), length, "entries of the ledger")


def drafting(verdict, stack, government):
    with verdict.case("an agreement is opened, empty and in draft"):
        opened = {"body": "PWR", "cycle": "2021", "title": "Power"}
        check_receipt(stack.request("POST", "/v1/agreements", opened, actor=focal("PWR")), 201,
                      "PWR-2021", "/v1/agreements/PWR-2021")
        agreement = government.read("/v1/agreements/PWR-2021", focal("PWR"))
        includes(agreement, opened | {"state": "draft", "targets": 0, "weight": 0, "version": 1,
                                      "quality": None, "agreements": 1})
    with verdict.case("a target is drafted, and reads as it was sent, with what follows from it"):
        promise = a_promise("PWR")
        receipt = check_receipt(government.post("PWR", "targets", promise), 201, "PWR-2021.1",
                                "/v1/targets/PWR-2021.1")
        target = government.read("/v1/targets/PWR-2021.1", focal("PWR"))
        includes(target, promise | {
            "agreement": "PWR-2021", "body": "PWR", "cycle": "2021", "state": "draft", "order": 1,
            "version": receipt["version"], "position": receipt["position"]})
        same(target["phasing"], [{"year": year, "shares": [25, 25, 25, 25], "centroid": 2.5,
                                  "flag": "fine"} for year in (1, 2)])
        same(target["phasing_flag"], "fine")
        same(target["ambition"]["verdict"], "beats_trend", "verdict")
        same(target["quality"], 100, "quality")
        same(sum(part["points"] for part in target["quality_parts"]), 100, "points")
    with verdict.case("a draft may have holes, and the computed members say so"):
        government.draft("PWR", weight=None, milestones=None, past=None, owner=None)
        target = government.read("/v1/targets/PWR-2021.2", focal("PWR"))
        includes(target, {"phasing_flag": "open", "ambition": {"verdict": "open"}, "weight": None,
                          "milestones": None, "quality": 75})
    with verdict.case("a change replaces all slots and moves the ETag of that target only"):
        other, mine = (government.etag(f"/v1/targets/PWR-2021.{n}", focal("PWR")) for n in (1, 2))
        late = a_promise("PWR", milestones=[20, 20, 19, 16, 16, 16, 15, 12])
        receipt = check_receipt(government.put("/v1/targets/PWR-2021.2", late, mine, focal("PWR")),
                                200, "PWR-2021.2")
        answer = stack.request("GET", "/v1/targets/PWR-2021.2", actor=focal("PWR"))
        same(answer.headers["ETag"], f'"{receipt["version"]}"', "ETag")
        includes(answer.json(), late | {"phasing_flag": "very_late"})
        same(government.etag("/v1/targets/PWR-2021.1", focal("PWR")), other, "the other's ETag")
    with verdict.case("a removed target is gone, its number is not used again"):
        etag = government.etag("/v1/targets/PWR-2021.2", focal("PWR"))
        check_receipt(stack.request("DELETE", "/v1/targets/PWR-2021.2", None, {"If-Match": etag},
                                    focal("PWR")), 200, "PWR-2021.2")
        expect_problem(stack.request("GET", "/v1/targets/PWR-2021.2", actor=focal("PWR")), 410,
                       "gone")
        same(government.draft("PWR")["id"], "PWR-2021.3", "the next id")
        same(government.read("/v1/targets/PWR-2021.3", focal("PWR"))["order"], 2, "order")
    with verdict.case("reordering moves every target, and must name each once"):
        order = ["PWR-2021.3", "PWR-2021.1"]
        check_receipt(government.post("PWR", "reorder", {"order": order}), 200, "PWR-2021")
        same([government.read(f"/v1/targets/{id}", focal("PWR"))["order"] for id in order], [1, 2])
        for wrong in (order[:1], order + order[:1], order + ["PWR-2021.2"], ["FIN-2021.1"] + order):
            expect_problem(government.post("PWR", "reorder", {"order": wrong}), 422, "invalid")
    with verdict.case("an import replaces all targets, numbered on"):
        statement = a_promise("PWR")["statement"]
        promises = [a_promise("PWR", weight=weight,
                              statement=f'{statement}, "quoted"; and \\ | of {weight}')
                    for weight in (40, 35, 25)]
        promises[1] |= {"dependencies": [{"body": "FIN", "what": "release; in | time"}]}
        del promises[1]["depends_on_nobody"]
        check_receipt(government.post("PWR", "import", csv_of(promises)), 200, "PWR-2021")
        listed = government.read("/v1/targets?agreement=PWR-2021", focal("PWR"))
        same([target["id"] for target in listed["items"]], [f"PWR-2021.{n}" for n in (4, 5, 6)])
        for target, promise in zip(listed["items"], promises):
            includes(target, promise)


def submitting(verdict, stack, government, ledger):
    path = "/v1/agreements/PWR-2021"
    with verdict.case("a complete draft is submitted and can be edited no more"):
        before = government.etag("/v1/targets/PWR-2021.4", focal("PWR"))
        check_receipt(government.post("PWR", "submit", {"remark": "For the committee"},
                                      actor=secretary("PWR")), 200, "PWR-2021")
        same(government.read(path, focal("PWR"))["state"], "submitted")
        same(government.read("/v1/targets/PWR-2021.4", focal("PWR"))["state"], "submitted")
        etag = government.etag("/v1/targets/PWR-2021.4", focal("PWR"))
        assert etag != before, "the ETag of a target shows the state of its agreement"
        length = ledger.length()
        for answer in (
                government.post("PWR", "targets", a_promise("PWR")),
                government.put("/v1/targets/PWR-2021.4", a_promise("PWR"), etag, focal("PWR")),
                stack.request("DELETE", "/v1/targets/PWR-2021.4", None, {"If-Match": etag},
                              focal("PWR")),
                government.post("PWR", "import", csv_of([a_promise("PWR")])),
                government.post("PWR", "submit", actor=secretary("PWR"))):
            expect_problem(answer, 409, "wrong-state")
        same(ledger.length(), length, "entries of the ledger")
    with verdict.case("it is withdrawn into draft, once"):
        check_receipt(government.post("PWR", "withdraw", actor=secretary("PWR")), 200, "PWR-2021")
        same(government.read(path, focal("PWR"))["state"], "draft")
        expect_problem(government.post("PWR", "withdraw", actor=secretary("PWR")), 409,
                       "wrong-state")
    with verdict.case("totals of the body and of all that the asker sees"):
        government.found("LAW")
        government.open("LAW")
        government.draft("LAW", weight=10, **{
            "class": "process", "statement": "Hold 12 meetings of the committee by June 2023"})
        for asker, agreements in ((focal("PWR"), 1), (AUDITOR, 2)):
            sums = government.read("/v1/totals", asker)
            same((sums["agreements"], sums["targets"]), (agreements, 2 + agreements), asker)
        includes(government.read("/v1/totals/bodies/PWR?cycle=2021", AUDITOR), {
            "body": "PWR", "agreements": 1, "targets": 3, "weight": 100, "outcome_weight": 100,
            "outcomes": 3, "processes": 0, "late": 0, "quality": 100})
        bodies = government.read("/v1/totals/bodies", AUDITOR)
        same([(body["body"], body["weight"], body["process_weight"]) for body in bodies["items"]],
             [("LAW", 10, 10), ("PWR", 100, 0)])
        expect_problem(stack.request("GET", "/v1/totals/bodies/NOPE", actor=AUDITOR), 404,
                       "not-found")


def conditions(verdict, stack, government, ledger):
    path = "/v1/targets/PWR-2021.4"

    def get(etag):
        return stack.request("GET", path, None, {"If-None-Match": etag}, focal("PWR"))

    with verdict.case("If-None-Match: 304 while it is the same, the new one after a change"):
        etag = government.etag(path, focal("PWR"))
        for field in (etag, f'"9999", {etag}', f"W/{etag}", "*"):
            answer = expect(get(field), 304)
            same((answer.body, answer.headers["ETag"]), (b"", etag), field)
        expect(get('"9999"'), 200)
        expect(government.put(path, a_promise("PWR", weight=40), etag, focal("PWR")), 200)
        expect(get(etag), 200)
    with verdict.case("a stale If-Match is refused with 412, none with 428, others with 400"):
        etag = government.etag(path, focal("PWR"))
        etags = (("" , 428, "precondition-required"), ('"1"', 412, "stale"),
                 ('"999999"', 412, "stale"), ("*", 400, "bad-input"), ("12", 400, "bad-input"),
                 (f"W/{etag}", 400, "bad-input"), (f"{etag}, {etag}", 400, "bad-input"))
        length = ledger.length()
        for field, status, word in etags:
            condition = {"If-Match": field} if field else {}
            for answer in (
                    government.put(path, a_promise("PWR"), field, focal("PWR")),
                    stack.request("DELETE", path, None, condition, focal("PWR")),
                    stack.request("POST", "/v1/agreements/PWR-2021/submit", {}, condition,
                                  secretary("PWR")),
                    stack.request("PUT", "/v1/ministries/PWR", a_body("PWR"),
                                  condition if field != '"1"' else {"If-Match": '"7"'}, ROOT)):
                expect_problem(answer, status, word)
        same(ledger.length(), length, "entries of the ledger")
        same(government.etag(path, focal("PWR")), etag, "ETag")
    with verdict.case("the same Idempotency-Key gets the same answer and writes once"):
        key = {"Idempotency-Key": "once, whatever happens"}
        first = government.post("PWR", "targets", a_promise("PWR"), **key)
        length = ledger.length()
        for _ in range(3):
            again = government.post("PWR", "targets", a_promise("PWR"), **key)
            same((again.status, again.json()), (201, first.json()))
        same(ledger.length(), length, "entries of the ledger")
        other = government.post("PWR", "targets", a_promise("PWR"), actor=secretary("PWR"), **key)
        assert expect(other, 201).json()["id"] != first.json()["id"], "keys belong to an office"
    with verdict.case("whoever writes reads it at once, everywhere"):
        for n in range(60):
            receipt = government.draft("PWR", statement=f"Written and read at once: {n:03}")
            target = government.read(f"/v1/targets/{receipt['id']}", focal("PWR"))
            same(target["statement"], f"Written and read at once: {n:03}")
            found = government.read(f"/v1/targets?text=at%20once:%20{n:03}", AUDITOR)
            same([item["id"] for item in found["items"]], [receipt["id"]])
            etag = f'"{receipt["version"]}"'
            path = f"/v1/targets/{receipt['id']}"
            changed = a_promise("PWR", statement=f"Changed {n}")
            expect(government.put(path, changed, etag, focal("PWR")), 200)
            same(government.read(path, focal("PWR"))["statement"], f"Changed {n}")
            same(government.read("/v1/agreements/PWR-2021", focal("PWR"))["version"],
                 receipt["version"] + 1, "version")


def the_past(verdict, stack, government, ledger):
    with verdict.case("a history has every event of the thing, in order, with its data"):
        written = [(int(position.split("-")[0]), event) for position, event in ledger.events()]
        for path, names in (("/v1/cycles/2021", ("subject", "2021")),
                            ("/v1/ministries/FIN", ("subject", "FIN")),
                            ("/v1/agreements/PWR-2021", ("subject", "PWR-2021")),
                            ("/v1/targets/PWR-2021.2", ("about", "PWR-2021.2"))):
            history = government.all_items(f"{path}/history", AUDITOR if "-" in path else "", 7)
            wanted = [(position, event) for position, event in written
                      if event[names[0]] == names[1]]
            same([(int(item["position"]), item["type"]) for item in history],
                 [(position, event["type"]) for position, event in wanted], path)
        data = government.read("/v1/targets/PWR-2021.2/history", focal("PWR"))["items"]
        same([event["type"] for event in data],
             ["target.drafted", "target.changed", "target.removed"])
        includes(data[1]["data"], a_promise("PWR", milestones=[20, 20, 19, 16, 16, 16, 15, 12]))
        includes(data[0]["actor"], {"person": "a.khan", "office": "focal.PWR"})
    with verdict.case("all events of the ledger, by page and by type"):
        events = government.all_items("/v1/events", AUDITOR, 200)
        same([int(event["position"]) for event in events], list(range(1, ledger.length() + 1)))
        kinds = government.all_items("/v1/events?types=cycle.created,target.removed", AUDITOR, 3)
        same([event["position"] for event in kinds],
             [event["position"] for event in events
              if event["type"] in ("cycle.created", "target.removed")])
    with verdict.case("?at= a position shows a thing as it was then"):
        drafted, changed, removed = (event["position"] for event in government.read(
            "/v1/targets/PWR-2021.2/history", focal("PWR"))["items"])
        path = "/v1/targets/PWR-2021.2?at="
        expect(stack.request("GET", f"{path}{drafted - 1}", actor=AUDITOR), 404)
        same(government.read(f"{path}{drafted}", AUDITOR).get("milestones"), None)
        same(government.read(f"{path}{changed - 1}", AUDITOR)["phasing_flag"], "open")
        same(government.read(f"{path}{removed - 1}", AUDITOR)["phasing_flag"], "very_late")
        expect(stack.request("GET", f"{path}{removed}", actor=AUDITOR), 410)
        same(government.read(f"/v1/agreements/PWR-2021?at={removed}", AUDITOR)["targets"], 1)
        began = int(government.read("/v1/ministries/FIN/history", "")["items"][0]["position"])
        path = "/v1/ministries/FIN?at="
        same(government.read(f"{path}{began - 1}", "", 404)["status"], 404)
        same(government.read(f"{path}{began}", "")["name"], "FIN Division")
    with verdict.case("?at= a day shows it as it was when that day ended"):
        now = government.read("/v1/agreements/PWR-2021", AUDITOR)
        same(government.read("/v1/agreements/PWR-2021?at=2199-12-31", AUDITOR), now)
        expect(stack.request("GET", "/v1/agreements/PWR-2021?at=2001-01-01", actor=AUDITOR), 404)
        for wrong in ("yesterday", "2021-02-30", "-1", "1.5", ""):
            expect_problem(stack.request("GET", f"/v1/agreements/PWR-2021?at={wrong}",
                                         actor=AUDITOR), 422, "invalid", parameter="at")
        expect_problem(stack.request("GET", "/v1/targets?at=3", actor=AUDITOR), 422, "invalid",
                       parameter="at")


def in_messagepack(verdict, stack, government):
    with verdict.case("MessagePack in both directions says the same as JSON"):
        promise = a_promise("PWR", baseline=20.125, statement="Grünes Licht für پاکستان")
        sent = {"Content-Type": MSGPACK, "Accept": MSGPACK}
        answer = government.post("PWR", "targets", packed.pack(in_thousandths(promise)), **sent)
        same(expect(answer, 201).headers["Content-Type"], MSGPACK, "Content-Type")
        receipt = packed.unpack(answer.body)
        path = f"/v1/targets/{receipt['id']}"
        answer = stack.request("GET", path, None, {"Accept": MSGPACK}, focal("PWR"))
        target = packed.unpack(expect(answer, 200).body)
        written = government.read(path, focal("PWR"))
        includes(written, promise)
        assert isinstance(target["changed_at"], int), "a moment is whole milliseconds"
        same(target, in_thousandths(written) | {"changed_at": target["changed_at"]})
        etag = f'"{receipt["version"]}"'
        changed = packed.pack(in_thousandths(a_promise("PWR")))
        answer = government.put(path, changed, etag, focal("PWR"), **sent)
        same(packed.unpack(expect(answer, 200).body)["id"], receipt["id"])
    with verdict.case("a list in MessagePack holds the items of the list in JSON"):
        path = "/v1/targets?agreement=PWR-2021&limit=5"
        answer = stack.request("GET", path, None, {"Accept": MSGPACK}, focal("PWR"))
        page, written = packed.unpack(expect(answer, 200).body), government.read(path, focal("PWR"))
        same([item["id"] for item in page["items"]], [item["id"] for item in written["items"]])
        same((page["total"], page["next"]), (written["total"], written["next"]))


def main():
    verdict = Verdict()
    with Stack() as stack:
        government, ledger = Government(stack), Ledger(stack.redis)
        founding(verdict, stack, government, ledger)
        drafting(verdict, stack, government)
        submitting(verdict, stack, government, ledger)
        conditions(verdict, stack, government, ledger)
        the_past(verdict, stack, government, ledger)
        in_messagepack(verdict, stack, government)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
