#!/usr/bin/python3
"""Planted cases are found and innocents are not, over HTTP: promises that come late in the year,
promises that would come by themselves, values copied, heaped and bunched, one file shown twice, a
rush at the end, weight moved away from what lags, a circle of three ministries."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import a_promise, csv_of, focal, secretary  # noqa: E402
from ministry import Ministry  # noqa: E402
from quarter import Clock, Quarter, at  # noqa: E402
from road import ADVISER, PM, UNIT, minister  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

BODIES = ("LATE", "EASY", "PLANT", "CLEAN")
TARGETS = 25
WEIGHT = 100 / TARGETS
LATE, SEASON, EASY = 5, 3, 20
CSV = {"Content-Type": "text/csv"}


def even(number, body, **slots):
    """100 to 180 in even steps of 10."""
    return a_promise(body, statement=f"Raise the yield of circle {number} from 100 to 180 maunds "
                     "by June 2023", unit="maunds", direction="up", baseline=100, target_value=180,
                     milestones=[110, 120, 130, 140, 150, 160, 170, 180], weight=WEIGHT,
                     past=[{"on": f"{year}-06-30", "value": value}
                           for year, value in ((2018, 99), (2019, 99.5), (2020, 100))], **slots)


def back_loaded(number, body, **slots):
    """Two thirds of each year's change in its last quarter."""
    return even(number, body, **slots) | {
        "milestones": [102, 104, 112, 140, 142, 144, 152, 180]} | slots


def easy(number, body):
    """It grew by 20 a year before, and promises 10 a year."""
    return even(number, body) | {"target_value": 120, "milestones": [
        102.5, 105, 107.5, 110, 112.5, 115, 117.5, 120], "past": [
            {"on": "2018-06-30", "value": 40}, {"on": "2019-06-30", "value": 60},
            {"on": "2020-06-30", "value": 80}]}


def promises(body):
    if body == "LATE":
        return ([back_loaded(n, body, phasing_reason="Why not (invented)") for n in range(LATE)]
                + [back_loaded(n, body, season="Wheat harvest") for n in range(LATE, LATE + SEASON)]
                + [even(n, body) for n in range(LATE + SEASON, TARGETS)])
    if body == "EASY":
        return [easy(n, body) for n in range(EASY)] + [even(n, body) for n in range(EASY, TARGETS)]
    return [even(n, body) for n in range(TARGETS)]


def drafted(verdict, government):
    read = government.read
    with verdict.case("what comes late in the year is flagged while nobody has said why"):
        government.open("TRIED")
        sent = back_loaded(99, "TRIED")
        made = expect(government.post("TRIED", "targets", sent), 201).json()["id"]
        same(read(f"/v1/targets/{made}", focal("TRIED"))["phasing_flag"], "very_late")
    with verdict.case("a declared season is no offence, an even promise none either"):
        flags = [target["phasing_flag"] for target in
                 government.all_items("/v1/targets?agreement=LATE-2021", focal("LATE"))]
        same(flags, ["declared"] * (LATE + SEASON) + ["fine"] * (TARGETS - LATE - SEASON))
    with verdict.case("20 promises that would come by themselves are found, 5 others are not"):
        verdicts = [target["ambition"]["verdict"] for target in
                    government.all_items("/v1/targets?agreement=EASY-2021", focal("EASY"))]
        same(verdicts, ["would_happen_anyway"] * EASY + ["beats_trend"] * (TARGETS - EASY))


def values(body, number):
    """What a body reports in a quarter: the planted one everything that is asked about, the clean
    one what a measurement gives."""
    step = 10 * number
    if body == "CLEAN":
        return [100 + step + (index * 7 % 13 - 6) for index in range(TARGETS)]
    if number == 1:  # bunched: 22 of 25 on the promise or a hair above it
        return [110 if index % 2 else 110.1 for index in range(22)] + [104, 107, 101]
    return [105 + 5 * (index % 3) for index in range(TARGETS)]  # heaped, and some copied


def report(stack, quarter, clock, body, number, evidence=None):
    lines = [{"target": f"{body}-2021.{index + 1}", "value": value, "own_word": "lagging",
              "remark": "As measured (invented)", "evidence": evidence}
             for index, value in enumerate(values(body, number))]
    lines = [{name: slot for name, slot in line.items() if slot is not None} for line in lines]
    expect(stack.request("POST", f"/v1/agreements/{body}-2021/reports?period={number}",
                         csv_of(lines), CSV, focal(body)), 201)


def questions(government, body, number):
    listed = government.all_items(f"/v1/reports/{body}-2021.q{number}/screens", UNIT)
    found = {}
    for one in listed:
        found.setdefault(one["screen"], []).append(one.get("target"))
    return found


def reported(verdict, stack, ministry, clock, quarter):
    government = ministry.government
    clock.move("2021-10-04")
    shown = expect(stack.request("POST", "/v1/evidence", b"a,b\n1,2\n", CSV, focal("PLANT")),
                   201).json()["sha256"]
    report(stack, quarter, clock, "CLEAN", 1)
    clock.move("2021-10-10")  # the last day
    report(stack, quarter, clock, "PLANT", 1, shown)
    for body in ("CLEAN", "PLANT"):
        expect(quarter.certify(f"{body}-2021.q1", secretary(body)), 200)
    with verdict.case("values just above the promise and a rush at the end are asked about"):
        same(questions(government, "PLANT", 1), {"bunching": [None], "late_rush": [None]})
    with verdict.case("measured values are not"):
        same(questions(government, "CLEAN", 1), {})


def amended(ministry, body):
    """Weight moves from a target that was behind to one that was not."""
    government, path = ministry.government, f"/v1/agreements/{body}-2021"
    rows = [{"target": f"{body}-2021.{number}", "why": "Invented", "effect": "Invented"}
            | promises(body)[number - 1] | {"weight": weight}
            for number, weight in ((23, WEIGHT - 2), (1, WEIGHT + 2))]
    expect(ministry.stack.request(
        "POST", f"{path}/amend?reason=Invented", csv_of(rows),
        CSV | {"If-Match": government.etag(path, UNIT)}, secretary(body)), 201)
    ministry.road.act(f"{body}-2021", "freeze", ADVISER)
    ministry.pen.sign(f"{body}-2021", minister(body))
    ministry.pen.sign(f"{body}-2021", PM)


def a_quarter_later(verdict, stack, ministry, clock, quarter):
    government = ministry.government
    amended(ministry, "PLANT")
    clock.move("2022-01-04")
    shown = government.read("/v1/results?report=PLANT-2021.q1&limit=1", UNIT)["items"][0]
    report(stack, quarter, clock, "PLANT", 2, shown["evidence"])
    report(stack, quarter, clock, "CLEAN", 2)
    for body in ("CLEAN", "PLANT"):
        expect(quarter.certify(f"{body}-2021.q2", secretary(body)), 200)
    with verdict.case("heaps, copies, the same file and weight that moved are asked about"):
        found = questions(government, "PLANT", 2)
        same(sorted(found), ["copy_forward", "heaping", "same_evidence", "weight_shift"])
        same(len(found["same_evidence"]), TARGETS)
        copied = [f"PLANT-2021.{index + 1}" for index in range(TARGETS)
                  if values("PLANT", 1)[index] == values("PLANT", 2)[index]]
        same(found["copy_forward"], copied)
    with verdict.case("who measured again is asked nothing"):
        same(questions(government, "CLEAN", 2), {})
    with verdict.case("the answer is kept beside the question, and only the body answers"):
        path = "/v1/reports/PLANT-2021.q2/screens/heaping/answer"
        answer = {"answer": "Scales with five kilograms a mark (invented)"}
        expect_problem(stack.request("POST", path, answer, actor=focal("CLEAN")), 404, "not-found")
        expect(stack.request("POST", path, answer, actor=focal("PLANT")), 201)
        kept, = [one for one in government.all_items("/v1/reports/PLANT-2021.q2/screens", UNIT)
                 if one["screen"] == "heaping"]
        same((kept["answer"], kept["answered_by"]), (answer["answer"], "a.khan"))


def circle(verdict, stack, government, quarter):
    expect(stack.request("PUT", "/v1/dependency-types/DATA", {
        "label": "Data (invented)", "needed": "Figures", "norm_days": 10},
        {"If-None-Match": "*"}, actor=UNIT), 200)

    def wait(body, other):
        return quarter.raise_one(focal(body), targets=[f"{body}-2021.1"], blocking_body=other,
                                 through=f"{other}-2021.1", type="DATA", what="Figures (invented)")
    with verdict.case("two that wait are no circle, the third closes it and is told so at once"):
        expect(wait("LATE", "EASY"), 201)
        expect(wait("EASY", "PLANT"), 201)
        same(government.read("/v1/circles", UNIT)["items"], [])
        last = expect(wait("PLANT", "LATE"), 201).json()["id"]
        found, = government.read("/v1/circles", UNIT)["items"]
        same(sorted(found["bodies"]), ["EASY", "LATE", "PLANT"])
        told = government.read(f"/v1/dependencies/{last}", UNIT)["circle"]
        same(sorted(told), ["EASY", "LATE", "PLANT"])


def main():
    verdict = Verdict()
    with Stack(settings=at("2021-06-25")) as stack:
        ministry = Ministry(verdict, stack)
        government = ministry.government
        clock, quarter = Clock(stack, "PLANT"), Quarter(stack, government)
        government.found("TRIED", *BODIES)
        for body in BODIES:
            government.open(body)
            government.load(body, promises(body))
        drafted(verdict, government)
        for body in BODIES:
            ministry.in_force(body)
        reported(verdict, stack, ministry, clock, quarter)
        a_quarter_later(verdict, stack, ministry, clock, quarter)
        circle(verdict, stack, government, quarter)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
