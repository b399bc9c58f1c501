#!/usr/bin/python3
"""A summer over HTTP: business time moves, a dependency's ball goes from court to court, its
escalation climbs, and those who have to act hear of it."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import focal, secretary  # noqa: E402
from ministry import Ministry  # noqa: E402
from quarter import Clock, Quarter, at  # noqa: E402
from road import UNIT  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

NOBODY = ""
NORM = {"label": "Vetting of rules (invented)", "needed": "Vetted text", "norm_days": 10,
        "blocking_body": "LAW"}


def found(stack, ministry):
    government = ministry.government
    government.found("PWR", "LAW", "FIN")
    for body in ("PWR", "FIN"):
        ministry.draft(body)
        ministry.in_force(body)
    for actor in (focal("LAW"), secretary("LAW")):
        stack.people.headers(actor)


def the_clock(verdict, stack, clock, government):
    with verdict.case("business time is public and starts where the demonstration does"):
        same(str(clock.today()), "2021-06-25")
    with verdict.case("it is moved by those who keep the calendar, and never back"):
        expect_problem(clock.set("2021-06-28", focal("PWR")), 403, "forbidden")
        expect_problem(clock.set("2021-06-24"), 422, "invalid", pointer="/to")
        clock.move("2021-07-01")
        same(str(clock.today()), "2021-07-01")
    with verdict.case("a holiday is declared ahead, once"):
        eid = {"on": "2021-07-21", "name": "Eid (invented)"}
        expect(stack.request("POST", "/v1/holidays", eid, actor=UNIT), 201)
        again = stack.request("POST", "/v1/holidays", eid, actor=UNIT)
        expect_problem(again, 409, "already-exists")
        past = {"on": "2021-06-30", "name": "Too late (invented)"}
        expect_problem(stack.request("POST", "/v1/holidays", past, actor=UNIT), 422, "invalid",
                       pointer="/on")
    with verdict.case("the quarter's days follow from the cycle"):
        first = government.read("/v1/cycles/2021/periods", NOBODY)["items"][0]
        same((first["ends_on"], first["report_by"], first["certify_by"], first["release_on"]),
             ("2021-09-30", "2021-10-10", "2021-10-12", "2021-11-14"))


def the_ball(verdict, stack, clock, quarter, government):
    norm = stack.request("PUT", "/v1/dependency-types/LEGAL_VETTING", NORM, {"If-None-Match": "*"},
                         actor=UNIT)
    with verdict.case("a type of dependency has its norm"):
        assert norm.status in (200, 201), norm.body
    sent = {"targets": ["PWR-2021.1"], "blocking_body": "LAW", "type": "LEGAL_VETTING",
            "what": "Vetting of the tariff rules (invented)"}
    with verdict.case("what is asked of another body is checked by name"):
        for slot, value in (("targets", ["FIN-2021.1"]), ("blocking_body", "PWR"),
                            ("type", "NO_SUCH"), ("needed_by", "2021-06-01")):
            answer = quarter.raise_one(focal("PWR"), **(sent | {slot: value}))
            assert answer.status in (403, 404, 422), (slot, answer.body)
        expect_problem(quarter.raise_one(focal("FIN"), **sent), 403, "forbidden")
    clock.move("2021-07-16")  # a Friday
    one = expect(quarter.raise_one(focal("PWR"), **sent), 201).json()["id"]
    path = f"/v1/dependencies/{one}"

    def days():
        read = government.read(path, NOBODY)
        clocks = [read[f"{side}_days"] for side in ("waiting", "blocking", "external")]
        same(sum(clocks), read["age_days"], "the clocks sum to the age")
        return read["court"], *clocks

    with verdict.case("a weekend and a holiday cost nobody a day"):
        clock.move("2021-07-19")
        same(days(), ("blocking", 0, 1, 0))
        clock.move("2021-07-22")  # the 21st is a holiday: 19, 20, 22
        same(days(), ("blocking", 0, 3, 0))
    with verdict.case("three days without a word: reminded, once"):
        rungs = [rung["rung"] for rung in government.read(path, NOBODY)["rungs"]]
        same(rungs, ["acknowledge"])
    with verdict.case("the wrong side cannot act, nor can anybody twice"):
        expect_problem(quarter.on(one, "acknowledge", focal("PWR")), 403, "forbidden")
        expect(quarter.on(one, "acknowledge", focal("LAW")), 200)
        expect_problem(quarter.on(one, "acknowledge", focal("LAW")), 409, "wrong-state")
    with verdict.case("incomplete: the ball is with the body that waits"):
        expect(quarter.on(one, "return", focal("LAW"),
                          missing=[{"what": "Draft in Urdu (invented)"}]), 200)
        clock.move("2021-07-26")  # 23, 26
        same(days(), ("waiting", 2, 3, 0))
        expect(quarter.on(one, "complete", focal("PWR")), 200)
        expect_problem(quarter.on(one, "return", focal("LAW"),
                                  missing=[{"what": "More"}]), 409, "wrong-state")
    with verdict.case("a promise lies ahead"):
        answer = quarter.on(one, "promise", secretary("LAW"), promised="2021-07-20")
        expect_problem(answer, 422, "invalid", pointer="/promised")
        expect(quarter.on(one, "promise", secretary("LAW"), promised="2021-08-10"), 200)
    with verdict.case("every rung fires once, and both sides hear of it"):
        for day in ("2021-08-05", "2021-08-06", "2021-08-20", "2021-09-10"):
            clock.move(day)
        rungs = [rung["rung"] for rung in government.read(path, NOBODY)["rungs"]]
        same(rungs, ["acknowledge", "half", "four_fifths", "joint_secretaries", "secretaries",
                     "committee", "pm"])
        events = government.read(f"{path}/history?limit=200", NOBODY)["items"]
        fired = [event["data"]["rung"] for event in events
                 if event["type"] == "dependency.escalated"]
        same(sorted(fired), sorted(set(fired)), "once each")
        heard = government.read("/v1/inbox?limit=200", secretary("LAW"))["items"]
        assert any(item["event"] == "dependency.escalated" for item in heard), heard
    with verdict.case("who holds up most is computed, and is on the agenda"):
        top = government.read("/v1/holdups", NOBODY)["items"][0]
        same((top["body"], top["open"]), ("LAW", 1))
        agenda = government.read("/v1/agenda", UNIT)["items"]
        same([(item["dependency"], item["invited"]) for item in agenda], [(one, True)])
        chain = government.read("/v1/targets/PWR-2021.1/chain", NOBODY)
        same((chain["direct"], chain["length"]), (1, 1))
    return one


def main():
    verdict = Verdict()
    with Stack(settings=at("2021-06-25")) as stack:
        ministry = Ministry(verdict, stack)
        government = ministry.government
        clock, quarter = Clock(stack), Quarter(stack, government)
        found(stack, ministry)
        the_clock(verdict, stack, clock, government)
        one = the_ball(verdict, stack, clock, quarter, government)
        with verdict.case("granted: the clocks stand still"):
            expect(quarter.on(one, "grant", focal("LAW"), remark="Vetted (invented)"), 200)
            same(government.read(f"/v1/dependencies/{one}", NOBODY)["court"], "ended")
        with verdict.case("what was read is not counted again, and nobody reads another's inbox"):
            counts = government.read("/v1/inbox/counts", focal("PWR"))
            assert counts["unread"] > 0, counts
            expect(stack.request("POST", "/v1/inbox/read", {"upto": counts["all"]},
                                 actor=focal("PWR")), 200)
            same(government.read("/v1/inbox/counts", focal("PWR"))["unread"], 0)
            expect_problem(stack.request("GET", "/v1/inbox", actor=NOBODY), 401,
                           "unauthenticated")
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
