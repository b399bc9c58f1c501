#!/usr/bin/python3
"""Who may read what: every path that is read, in every office. What is not public is not there: a
mark that stands in every text of a draft is looked for in each answer to somebody who may not see
drafts. A path that is not in the table fails the test."""
import base64
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import a_promise, csv_of  # noqa: E402
from pen import Pen  # noqa: E402
from stack import ROOT as TREE  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect_problem, same, shown  # noqa: E402
from who import (ADMINISTRATOR, AGREEMENT, CENTRE, NOBODY, OFFICES, OTHER, OWN,  # noqa: E402
                 PERSON, READER, SEAT, Scene, actor_of)

MARK = "Zebra"  # stands in whatever is not public
EVERYBODY = set(OFFICES)
SIGNED_IN = EVERYBODY - {NOBODY}
INSIDERS = set(OWN + CENTRE) - {ADMINISTRATOR}
READERS = INSIDERS | set(OTHER)
DRAFT, FORCE = f"/v1/agreements/{AGREEMENT}", "/v1/agreements/FIN-2021"
ROLES = {ADMINISTRATOR: 403, PERSON: 403, NOBODY: 401}  # the role may not at all
HIDDEN = {office: 404 for office in EVERYBODY - INSIDERS}  # it is not there
PROBLEMS = {401: "unauthenticated", 403: "forbidden", 404: "not-found", 409: "wrong-state",
            410: "gone"}


def but(refused, *offices, status=403):
    return refused | {office: status for office in offices}


# The path, who gets it, and what the others get instead.
TABLE = [
    ("/v1/cycles", EVERYBODY, {}), ("/v1/cycles/2021", EVERYBODY, {}),
    ("/v1/cycles/2021/history", EVERYBODY, {}), ("/v1/ministries", EVERYBODY, {}),
    ("/v1/ministries/PWR", EVERYBODY, {}), ("/v1/ministries/PWR/history", EVERYBODY, {}),
    ("/v1/agreements", EVERYBODY, {}), ("/v1/targets", EVERYBODY, {}),
    ("/v1/amendments", EVERYBODY, {}), ("/v1/totals", EVERYBODY, {}),
    ("/v1/totals/bodies", EVERYBODY, {}), ("/v1/totals/bodies/PWR", EVERYBODY, {}),
    (DRAFT, INSIDERS, HIDDEN), (f"{DRAFT}/history", INSIDERS, HIDDEN),
    (f"{DRAFT}?at=2199-01-01", INSIDERS, HIDDEN),
    (f"/v1/targets/{AGREEMENT}.{{n}}", INSIDERS, HIDDEN),
    (f"/v1/targets/{AGREEMENT}.{{n}}/history", INSIDERS, HIDDEN),
    (f"/v1/targets/{AGREEMENT}.{{n}}?at=2199-01-01", INSIDERS, HIDDEN),
    (FORCE, EVERYBODY, {}), (f"{FORCE}?at=2199-01-01", EVERYBODY, {}),
    ("/v1/targets/FIN-2021.1", EVERYBODY, {}),
    (f"{FORCE}/history", READERS - set(OWN), dict.fromkeys([*OWN, *ROLES], 403)),
    ("/v1/targets/FIN-2021.1/history", READERS - set(OWN), dict.fromkeys([*OWN, *ROLES], 403)),
    (f"{DRAFT}/gates", INSIDERS, HIDDEN | ROLES), (f"{FORCE}/gates", READERS - set(OWN),
                                                   dict.fromkeys(OWN, 404) | ROLES),
    (f"{DRAFT}/statement", {"minister.PWR"}, but(
        dict.fromkeys(OTHER, 404) | ROLES, "focal.PWR", SEAT, "secretary.PWR", "focal.FIN",
        *CENTRE) | {"pm": 409}),
    ("/v1/reviews/queue", {"committee.1", "secretariat", "auditor"},
     dict.fromkeys([*OWN, *OTHER, "pmo", "pm"], 403) | ROLES),
    ("/v1/rulings", READERS, ROLES), (f"/v1/rulings?agreement={AGREEMENT}", READERS, ROLES),
    ("/v1/precedents?statement=Reduce%20the%20losses", READERS, ROLES),
    (f"/v1/precedents?target={AGREEMENT}.{{n}}", INSIDERS, HIDDEN | ROLES),
    ("/v1/feedback", READERS, ROLES), (f"/v1/feedback?agreement={AGREEMENT}", READERS, ROLES),
    ("/v1/feedback/{thread}", INSIDERS, HIDDEN | ROLES),
    ("/v1/people", SIGNED_IN, ROLES), ("/v1/people/p.pm", SIGNED_IN, ROLES),
    ("/v1/people/w.left/code", set(), dict.fromkeys(EVERYBODY, 403) | {
        NOBODY: 401, ADMINISTRATOR: 410}),
    ("/v1/departments", EVERYBODY, {}), ("/v1/departments/DEPT", EVERYBODY, {}),
    ("/v1/departments/DEPT/history", EVERYBODY, {}), ("/asyncapi.json", EVERYBODY, {}),
    ("/v1/offices", EVERYBODY, {}), ("/v1/offices/pm", EVERYBODY, {}),
    ("/v1/offices/pm/history", set(CENTRE) - {ADMINISTRATOR},
     dict.fromkeys(EVERYBODY, 403) | {NOBODY: 401}),
    (f"/v1/offices/{SEAT}/history", INSIDERS, dict.fromkeys(EVERYBODY, 403) | {NOBODY: 401}),
    ("/v1/postings", EVERYBODY, {}), ("/v1/postings/pm.p1", EVERYBODY, {}),
    ("/v1/handovers", SIGNED_IN, ROLES), (f"/v1/handovers/{SEAT}.h1", SIGNED_IN, ROLES),
    ("/v1/packs/PWR", SIGNED_IN, ROLES), ("/v1/packs/FIN", SIGNED_IN, ROLES),
    ("/v1/packs/PWR?at=2199-01-01", INSIDERS, dict.fromkeys(EVERYBODY, 403) | {NOBODY: 401}),
    ("/v1/keys", EVERYBODY, {}), ("/v1/keys/{key}", EVERYBODY, {}),
    ("/v1/documents", EVERYBODY, {}), ("/v1/documents/{document}", INSIDERS, HIDDEN),
    ("/v1/documents/{document}/bytes", INSIDERS, HIDDEN),
    ("/v1/documents/{document}/text", INSIDERS, HIDDEN),
    ("/v1/documents/FIN-2021.d1", EVERYBODY, {}),
    ("/v1/documents/FIN-2021.d1/bytes", EVERYBODY, {}),
    ("/v1/documents/FIN-2021.d1/text", EVERYBODY, {}),
    ("/v1/signatures", EVERYBODY, {}), ("/v1/record", EVERYBODY, {}),
    ("/v1/record/checkpoint", EVERYBODY, {}),
    ("/v1/record/witnessed", set(), dict.fromkeys(EVERYBODY, 404)),
    ("/v1/record/inclusion?position=1", EVERYBODY, {}),
    ("/v1/record/consistency?from=1", EVERYBODY, {}),
    ("/v1/record/entries", EVERYBODY, {}), ("/v1/record/draws", EVERYBODY, {}),
    ("/v1/record/draws/draw-9", set(), dict.fromkeys(EVERYBODY, 404)),
    ("/v1/clock", EVERYBODY, {}), ("/v1/holidays", EVERYBODY, {}),
    ("/v1/cycles/2021/periods", EVERYBODY, {}), ("/v1/dependency-types", EVERYBODY, {}),
    ("/v1/dependency-types/VETTING", EVERYBODY, {}), ("/v1/dependencies", EVERYBODY, {}),
    ("/v1/dependencies/FIN-2021.d1", EVERYBODY, {}),
    ("/v1/dependencies/FIN-2021.d1/history", EVERYBODY, {}),
    ("/v1/dependencies/FIN-2021.d1/granted", EVERYBODY, {}), ("/v1/holdups", EVERYBODY, {}),
    ("/v1/lateness", EVERYBODY, {}), ("/v1/circles", EVERYBODY, {}),
    ("/v1/agenda", READERS, ROLES), ("/v1/targets/FIN-2021.1/chain", EVERYBODY, {}),
    ("/v1/ideas", EVERYBODY, {}), ("/v1/ideas/idea-1", EVERYBODY, {}),
    ("/v1/ideas/idea-1/history", EVERYBODY, {}), ("/v1/ideas/idea-1/endorsements", EVERYBODY, {}),
    ("/v1/orders", READERS, ROLES),
    ("/v1/reports", EVERYBODY, {}), ("/v1/results?agreement=FIN-2021", EVERYBODY, {}),
    ("/v1/reports/FIN-2021.q1", set(), dict.fromkeys(EVERYBODY, 404)),
    ("/v1/reports/FIN-2021.q1/history", set(), dict.fromkeys(EVERYBODY, 404)),
    ("/v1/reports/FIN-2021.q1/scores", set(), dict.fromkeys(EVERYBODY, 404)),
    ("/v1/reports/FIN-2021.q1/screens", set(), dict.fromkeys(EVERYBODY, 404)),
    ("/v1/summary/2021.q1", set(CENTRE) - {ADMINISTRATOR}, dict.fromkeys(EVERYBODY, 404)),
    ("/v1/summary/2021.q1/page", set(CENTRE) - {ADMINISTRATOR}, dict.fromkeys(EVERYBODY, 404)),
    ("/v1/appeals", EVERYBODY, {}), ("/v1/actions", READERS, ROLES),
    ("/v1/actions/action-1", INSIDERS, dict.fromkeys(OTHER, 404) | ROLES),
    ("/v1/evidence/{sha256}", INSIDERS, dict.fromkeys(EVERYBODY, 404)),
    ("/v1/evidence/{sha256}/file", INSIDERS, dict.fromkeys(EVERYBODY, 404)),
    ("/v1/inbox", SIGNED_IN - {PERSON}, ROLES), ("/v1/inbox/counts", SIGNED_IN - {PERSON}, ROLES),
    ("/v1/inbox/mail", SIGNED_IN - {PERSON}, ROLES),
    ("/v1/inbox/mail/deliveries", SIGNED_IN - {PERSON}, ROLES),
    ("/v1/accesses/{access}/secret", {ADMINISTRATOR}, dict.fromkeys(
        SIGNED_IN - {ADMINISTRATOR}, 403) | {NOBODY: 401}),
    ("/v1/accesses/{access}/deliveries", {ADMINISTRATOR, "auditor"}, dict.fromkeys(
        SIGNED_IN - {ADMINISTRATOR, "auditor"}, 403) | {NOBODY: 401}),
    ("/v1/inbox/digests", SIGNED_IN - {PERSON}, ROLES), ("/v1/hearings", EVERYBODY, {}),
    ("/v1/events?limit=200", EVERYBODY, {}), ("/v1/me", SIGNED_IN, ROLES),
    ("/openapi.json", EVERYBODY, {}), ("/healthz", EVERYBODY, {}),
    ("/problems/stale", EVERYBODY, {}),
]


def prepare(scene):
    """FIN-2021 in force, PWR-2021 frozen and not signed, both with all that lies on the way; the
    names that stand in braces above."""
    promises = [a_promise("PWR", weight=50, place=f"{MARK} district {number}")
                for number in (1, 2)]
    scene.promises = csv_of(promises)
    road, pen = scene.road, Pen(scene.stack)
    scene.government.open("FIN")
    scene.government.load("FIN", [a_promise("FIN", weight=weight) for weight in (60, 40)])
    road.freeze("FIN", actor_of("committee.1"))
    pen.sign("FIN-2021", actor_of("minister.FIN"))
    pen.sign("FIN-2021", actor_of("pm"))
    pen.enrol(actor_of("minister.PWR"))
    scene.made("POST", f"{DRAFT}/import", scene.promises, actor_of("focal.PWR"),
               **{"Content-Type": "text/csv", "If-Match": scene.etag(DRAFT)})
    scene.act("submit", "secretary.PWR", {"remark": f"{MARK} (invented)"})
    targets = scene.targets()
    for target in targets:
        scene.made("POST", f"/v1/targets/{target['id']}/rule", {
            "verdict": "accept", "class": "outcome", "reason": f"{MARK} (invented)"},
            actor_of("committee.1"))
    scene.act("accept", "committee.1", {"reason": f"{MARK} (invented)"})
    scene.act("forward", "secretariat")
    thread = scene.made("POST", f"{DRAFT}/feedback", {"text": f"{MARK}? (invented)"},
                        actor_of("pmo"))["id"]
    scene.made("POST", f"/v1/feedback/{thread}/answer", {"text": f"{MARK}! (invented)"},
               actor_of("focal.PWR"))
    scene.close_threads()
    scene.act("freeze", "pmo")
    scene.made("POST", f"/v1/handovers/{scene.handover}/note", {"note": f"{MARK} (invented)"},
               actor_of(PERSON))
    scene.made("PUT", "/v1/dependency-types/VETTING", scene.norm(), actor_of("secretariat"))
    scene.made("POST", "/v1/dependencies", {
        "targets": ["FIN-2021.1"], "blocking_body": "PWR", "type": "VETTING",
        "what": "A vetted text (invented)"}, actor_of("focal.FIN"))
    scene.made("POST", "/v1/actions", {
        "what": f"{MARK} (invented)", "owner": "focal.PWR", "verifier": "auditor",
        "due": scene.holiday()}, actor_of("secretariat"))
    scene.to_idea()
    scene.to_webhook()
    scene.made("POST", "/v1/orders", {
        "body": "FIN", "from": "Somebody", "text": "Light the avenue"}, actor_of("focal.FIN"))
    stored = scene.made("POST", "/v1/evidence", b"a,b\n1,2\n", actor_of("focal.PWR"),
                        **{"Content-Type": "text/csv"})
    scene.stack.wait_sealed()
    document, = scene.government.read(f"/v1/documents?agreement={AGREEMENT}", READER)["items"]
    key = scene.government.read("/v1/keys?office=minister.PWR", READER)["items"][-1]["id"]
    return {"n": targets[0]["id"].split(".")[1], "thread": thread, "key": key,
            "document": document["id"], "sha256": stored["sha256"],
            "access": scene.hooked}


def opened(answer):
    """Everything that an answer says, also what it packs."""
    said = answer.body
    for packed in re.findall(rb'"packed":"([^"]*)"', said):
        said += base64.b64decode(packed)
    return said


def cell(stack, path, office, may, refused):
    """What was answered, once it is as the table has it."""
    answer = stack.request("GET", path, actor=actor_of(office))
    if office in may:
        same(answer.status, 200, shown(answer.body))
    else:
        expect_problem(answer, refused[office], PROBLEMS[refused[office]])
    outside = office not in INSIDERS
    # Who has left an office has written the note, and reads it.
    own = "handovers" in path and office == PERSON
    assert not outside or own or MARK.encode() not in opened(answer), (
        f"it tells {office or 'nobody'}: {shown(answer.body)}")
    return answer


def main():
    verdict = Verdict()
    with Stack() as stack:
        scene = Scene(stack)
        scene.to_department()
        names = prepare(scene)
        cells, told = 0, set()
        rows = [(path.format(**names), may, refused) for path, may, refused in TABLE]
        with verdict.case("every path that is read is in the table"):
            text = (TREE / "gateway/routes.def").read_text()
            for path in re.findall(r'^(?:ROUTE|RAW|OWN)\(GET, "([^"]+)"', text, re.M):
                form = re.compile(re.sub(r"\{\w+\}", "[^/?]+", path) + r"(\?.*)?")
                assert any(form.fullmatch(row[0]) for row in rows), path
        for path, may, refused in rows:
            for office in OFFICES:
                cells += 1
                with verdict.case(f"{path}: {office or 'nobody'}"):
                    answer = cell(stack, path, office, may, refused)
                    if MARK.encode() in opened(answer):
                        told.add(path.split("?")[0])
        with verdict.case("insiders do read the mark: it would have been seen"):
            wanted = {DRAFT + "/history", "/v1/targets", "/v1/rulings", "/v1/feedback",
                      "/v1/events", f"/v1/documents/{names['document']}/bytes",
                      f"/v1/handovers/{scene.handover}"}
            assert told >= wanted, wanted - told
        with verdict.case("lists and sums count what the asker sees, nothing else"):
            for office, agreements, targets in ((NOBODY, 1, 2), (PERSON, 1, 2),
                                                (ADMINISTRATOR, 1, 2), ("focal.FIN", 1, 2),
                                                ("focal.PWR", 3, 4), ("auditor", 3, 4)):
                actor = actor_of(office)
                sums = scene.government.read("/v1/totals", actor)
                same((sums["agreements"], sums["targets"]), (agreements, targets), office)
                for path, count in (("/v1/agreements", agreements), ("/v1/targets", targets)):
                    listed = scene.government.read(f"{path}?limit=1", actor)
                    same(listed["total"], count, f"{path} for {office or 'nobody'}")
        print(f"{cells} cells, {len(rows)} paths")
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
