#!/usr/bin/python3
"""One quarter over HTTP: reports with evidence, grades, scores nobody sees before they are open,
an appeal, a corrective action, the PM's page, and the day on which everything is public."""
import concurrent.futures
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import focal, secretary  # noqa: E402
from ministry import Ministry  # noqa: E402
from quarter import Clock, Quarter, at  # noqa: E402
from road import MEMBER, PM, UNIT, minister  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

NOBODY = ""
OTHER_MEMBER = "k.noor@committee.2"


def found(stack, ministry):
    government = ministry.government
    government.found("PWR", "FIN")
    for body in ("PWR", "FIN"):
        ministry.draft(body)
        ministry.in_force(body)
    for actor in (secretary("FIN"), secretary("PWR"), minister("PWR"), MEMBER, OTHER_MEMBER):
        stack.people.headers(actor)


def reports(verdict, stack, clock, quarter, government):
    with verdict.case("a quarter is not reported before it is over"):
        answer = quarter.report(focal("PWR"), "PWR-2021.1", 1, 19)
        assert answer.status in (409, 422), answer.body
        assert b"2021-09-30" in answer.body, answer.body
    clock.move("2021-10-04")
    name = "/v1/evidence?name=returns.csv"
    with verdict.case("evidence is a file of a known type"):
        answer = stack.request("POST", name, b"a,b\n1,2\n", {"Content-Type": "text/csv"},
                               focal("PWR"))
        shown = expect(answer, 201).json()["sha256"]
        expect_problem(stack.request("POST", name, b"MZ", {
            "Content-Type": "application/x-msdownload"}, focal("PWR")), 415,
                       "unsupported-media-type")
    with verdict.case("a line is refused by what is wrong with it"):
        for actor, target, value, more in (
                (focal("PWR"), "FIN-2021.1", 19, {}), (focal("FIN"), "PWR-2021.1", 19, {}),
                (focal("PWR"), "PWR-2021.1", 190, {}),
                (focal("PWR"), "PWR-2021.1", 19.5, {"own_word": "lagging"}),
                (focal("PWR"), "PWR-2021.1", 19, {"evidence": "0" * 64})):
            answer = quarter.report(actor, target, 1, value, **more)
            assert answer.status in (403, 404, 422), (target, value, more, answer.body)
    with verdict.case("lines come one by one or all together"):
        expect(quarter.report(focal("PWR"), "PWR-2021.1", 1, 19, evidence=shown), 201)
        rows = (b"target,value,own_word,remark\nPWR-2021.2,19.4,on_track,\n"
                b"PWR-2021.3,19.2,lagging,Late meters (invented)\n")
        expect(stack.request("POST", "/v1/agreements/PWR-2021/reports?period=1", rows,
                             {"Content-Type": "text/csv"}, focal("PWR")), 201)
    with verdict.case("the focal person does not certify, the secretary does, once"):
        expect_problem(quarter.certify("PWR-2021.q1", focal("PWR")), 403, "forbidden")
        path = "/v1/reports/PWR-2021.q1"
        seen = {"If-Match": quarter.etag(path, secretary("PWR"))}
        with concurrent.futures.ThreadPoolExecutor(2) as two:  # at once, with the same ETag
            answers = list(two.map(lambda _: stack.request(
                "POST", f"{path}/certify", {}, seen, secretary("PWR")), range(2)))
        same(sorted(answer.status for answer in answers), [200, 409])
        expect_problem(quarter.report(focal("PWR"), "PWR-2021.1", 1, 18), 409, "wrong-state")
    with verdict.case("who says nothing has not reported"):
        clock.move("2021-10-13")
        states = {item["id"]: item["state"] for item in
                  government.read("/v1/reports?period=1", UNIT)["items"]}
        same(states, {"PWR-2021.q1": "certified", "FIN-2021.q1": "not_reported"})
    with verdict.case("status and score are computed; the own word stands beside them"):
        grade = {"period": 1, "grade": "E3", "reason": "Seen at the regulator (invented)"}
        expect(stack.request("POST", "/v1/targets/PWR-2021.1/grade", grade, actor=UNIT), 201)
        results = {item["target"]: item for item in
                   government.read("/v1/results?report=PWR-2021.q1", UNIT)["items"]}
        first, second, third = (results[f"PWR-2021.{n}"] for n in (1, 2, 3))
        same((first["status"], first["claimed"], first["supported"]), ("on_track", 100, 100))
        # 20 -> 19 was promised: 19.4 is 60% of the way, from where the score begins
        same((second["status"], second["claimed"], second["supported"]), ("off_track", 0, 0))
        # 19.2 is 80% of the way: (80 - 60) / 40 = 50; no evidence carries nothing
        same((third["status"], third["claimed"], third["supported"]), ("lagging", 50, 0))
        same((first["withheld"], "withheld_by" in first), (0, False))
        report = government.read("/v1/reports/PWR-2021.q1", UNIT)
        same((report["optimism"], report["on_track"], report["lines"]), (1, 1, 3))


def scores(verdict, stack, clock, quarter, government):
    report = "PWR-2021.q1"
    with verdict.case("scores are blind until the last is in"):
        expect(quarter.score(report, MEMBER, 3, 2, 2, 1, 2), 201)
        same(government.read(f"/v1/reports/{report}/scores", OTHER_MEMBER)["items"], [])
        assert "committee" not in government.read(f"/v1/reports/{report}", UNIT)
        seen = government.read("/v1/events?limit=200&types=score.given", OTHER_MEMBER)["items"]
        same(seen, [], "events")
    with verdict.case("then they are open, with the median"):
        expect(quarter.score(report, OTHER_MEMBER, 1, 1, 1, 1, 1), 201)
        read = government.read(f"/v1/reports/{report}", UNIT)
        same(read["committee"], 7.5, "half way between 10 and 5")
        same(len(government.read(f"/v1/reports/{report}/scores", UNIT)["items"]), 2)
    with verdict.case("a minister appeals once, in time"):
        appeal = {"reason": "The data were open (invented)"}
        path = f"/v1/reports/{report}"
        expect_problem(quarter.act(path, "appeal", focal("PWR"), appeal), 403, "forbidden")
        expect(quarter.act(path, "appeal", minister("PWR"), appeal), 201)
        assert quarter.act(path, "appeal", minister("PWR"), appeal).status == 409
        expect(quarter.act(path, "answer", MEMBER, {"upheld": False, "reason": "They were not"}),
               200)
    with verdict.case("what must be done has an owner and another who verifies"):
        action = {"report": report, "what": "Read all meters (invented)", "owner": "focal.PWR",
                  "verifier": "secretariat", "due": "2021-10-20"}
        bad = action | {"verifier": "secretary.PWR"}
        expect_problem(stack.request("POST", "/v1/actions", bad, actor=PM), 422, "invalid",
                       pointer="/verifier")
        made = expect(stack.request("POST", "/v1/actions", action, actor=PM), 201).json()["id"]
        clock.move("2021-10-29")
        read = government.read(f"/v1/actions/{made}", UNIT)
        same((read["state"], read["overdue_days"], read["decision"]), ("open", 9, True))
        done = {"remark": "All were read (invented)"}
        expect(quarter.act(f"/v1/actions/{made}", "finish", focal("PWR"), done), 200)
        expect_problem(quarter.act(f"/v1/actions/{made}", "verify", focal("PWR"), done), 403,
                       "forbidden")
        expect(quarter.act(f"/v1/actions/{made}", "verify", UNIT, done), 200)


def the_page(verdict, stack, quarter, government):
    path = "/v1/summary/2021.q1"
    with verdict.case("the PM's page says what goes wrong, who must act, what can be decided"):
        page = government.read(path, PM)
        same((page["bodies"], page["certified"], page["missed"]), (2, 1, 1))
        # FIN: 100 x 100 x 1; of PWR's the third (10%): 10 x 50 x 1 / 100, the second 30 x 100 x 1
        same([(one["trouble"], one.get("target"), one["attention"]) for one in page["wrong"]],
             [("not_reported", None, 100), ("behind", "PWR-2021.2", 30)])
        same([one["decision"] for one in page["decisions"]],
             ["report.FIN-2021.q1", "recover.PWR-2021.2"])
        same([one["target"] for one in page["headlines"]], ["PWR-2021.1"])
    with verdict.case("nobody but the centre has it before the release, nobody but the PM decides"):
        expect_problem(stack.request("GET", path, actor=NOBODY), 404, "not-found")
        expect_problem(stack.request("GET", path, actor=minister("PWR")), 404, "not-found")
        decide = {"decision": "report.FIN-2021.q1"}
        expect_problem(stack.request("POST", f"{path}/decide", decide, actor=UNIT), 403,
                       "forbidden")
    with verdict.case("a decision becomes a corrective action, once"):
        made = expect(stack.request("POST", f"{path}/decide", decide, actor=PM), 201).json()["id"]
        action = government.read(f"/v1/actions/{made}", UNIT)
        same((action["owner"], action["verifier"], action["decision"], action["report"]),
             ("secretary.FIN", "secretariat", True, "FIN-2021.q1"))
        expect_problem(stack.request("POST", f"{path}/decide", decide, actor=PM), 409,
                       "already-exists")
        same(government.read(path, PM)["decisions"][0]["action"], made)
        expect_problem(stack.request("POST", f"{path}/decide", {"decision": "grant.NO-1.d1"},
                                     actor=PM), 404, "not-found")
    with verdict.case("it prints as one page without a script"):
        answer = expect(stack.request("GET", f"{path}/page", actor=PM), 200)
        same(answer.headers["Content-Type"], "text/html; charset=utf-8")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        html = answer.body.decode()
        assert "<script" not in html and "size:A4" in html and "secretary.FIN" in html, html


def release(verdict, stack, clock, government):
    with verdict.case("before its day nothing of the quarter is public"):
        expect_problem(stack.request("GET", "/v1/reports/PWR-2021.q1", actor=NOBODY), 404,
                       "not-found")
        same(government.read("/v1/reports", NOBODY)["items"], [])
        types = {event["type"] for event in
                 government.read("/v1/events?limit=200&types=target.reported,report.certified",
                                 NOBODY)["items"]}
        same(types, set())
    with verdict.case("on its day all of it is"):
        clock.move("2021-11-14")
        read = government.read("/v1/reports/PWR-2021.q1", NOBODY)
        same(read["state"], "released")
        events = government.read("/v1/events?limit=200&types=target.reported,score.given",
                                 NOBODY)["items"]
        same(len(events), 5, "three lines and two scores")


def main():
    verdict = Verdict()
    with Stack(settings=at("2021-06-25")) as stack:
        ministry = Ministry(verdict, stack)
        government = ministry.government
        clock, quarter = Clock(stack), Quarter(stack, government)
        found(stack, ministry)
        reports(verdict, stack, clock, quarter, government)
        scores(verdict, stack, clock, quarter, government)
        the_page(verdict, stack, quarter, government)
        release(verdict, stack, clock, government)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
