#!/usr/bin/python3
"""Who may do what: every command in every office, of the own body and of another one. What the
table here does not allow is refused and leaves nothing behind; what it allows is never refused for
the office it comes from. A command that is not in the table fails the test."""
import datetime
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from ledger import Ledger  # noqa: E402
from stack import ROOT as TREE  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect_problem, same, shown  # noqa: E402
from who import (ADMINISTRATOR, AGREEMENT, CENTRE, NOBODY, OFFICES, OTHER, OWN,  # noqa: E402
                 PERSON, SEAT, Scene, actor_of)

DRAFTERS = {"focal.PWR", "secretary.PWR", SEAT}
SECRETARIES = {"secretary.PWR"}
UNIT = {"secretariat"}
KEEPERS = UNIT | {ADMINISTRATOR}
CHIEFS = UNIT | {"pmo", "pm"}
HOLDERS = set(OFFICES) - {PERSON, NOBODY}
READING = HOLDERS - {ADMINISTRATOR}
BLOCKERS = {"focal.FIN", "secretary.FIN"}
WHY = {"remark": "Invented"}
MISSING = [{"what": "A letter (invented)"}]
JUDGES = UNIT | {"committee.1"}
THING = f"/v1/agreements/{AGREEMENT}"
REFUSALS = {401: "unauthenticated", 403: "forbidden", 404: "not-found"}


def about(act, scene, **content):
    """An act on the agreement with its ETag of now."""
    return "POST", f"{THING}/{act}", content, scene.etag(THING)


def on_target(method, scene, thing=None):
    path = scene.a_target()
    return method, path, thing, scene.etag(path)


def on_dependency(act, scene, **content):
    path = f"/v1/dependencies/{scene.dependency}"
    return "POST", f"{path}/{act}", content, scene.etag(path)


def on_action(act, scene):
    path = f"/v1/actions/{scene.action}"
    return "POST", f"{path}/{act}", {"remark": "Invented"}, scene.etag(path)


def in_a_second():
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=90)
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def next_year(scene):
    return scene.cycle(scene.number())


def day_after(days):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


# The command, who may for the body PWR, what is sent, and what must be so that it can be done.
TABLE = [
    ("cycle.create", KEEPERS, lambda s: ("POST", "/v1/cycles", next_year(s)), None),
    ("body.register", {ADMINISTRATOR}, lambda s: ("POST", "/v1/ministries", s.body(
        f"B{s.number()}")), None),
    ("body.change", {ADMINISTRATOR}, lambda s: (
        "PUT", "/v1/ministries/PWR", s.body("PWR"), s.etag("/v1/ministries/PWR")), None),
    ("agreement.open", DRAFTERS | UNIT, lambda s: ("POST", "/v1/agreements", {
        "body": "PWR", "cycle": s.open_cycle()}), Scene.new_cycle),
    ("target.draft", DRAFTERS, lambda s: ("POST", f"{THING}/targets", s.promise()), None),
    ("target.change", DRAFTERS, lambda s: on_target("PUT", s, s.promise(
        place=f"Province {s.number()}")), None),
    ("target.remove", DRAFTERS, lambda s: on_target("DELETE", s), Scene.to_draft),
    ("agreement.reorder", DRAFTERS, lambda s: about("reorder", s, order=s.order()),
     Scene.to_draft),
    ("agreement.import", DRAFTERS, lambda s: (
        "POST", f"{THING}/import", s.rows(), s.etag(THING)), None),
    ("agreement.submit", SECRETARIES, lambda s: about("submit", s), Scene.to_draft),
    ("agreement.withdraw", SECRETARIES, lambda s: about("withdraw", s), Scene.to_submitted),
    ("ruling.make", {"committee.1"}, lambda s: ("POST", f"{s.a_target()}/rule", {
        "verdict": "accept", "class": "outcome"}), Scene.to_submitted),
    ("agreement.return", JUDGES, lambda s: about("return", s, reason="Unclear (invented)"),
     Scene.to_judged),
    ("agreement.accept", JUDGES, lambda s: about("accept", s), Scene.to_ruled),
    ("agreement.forward", UNIT, lambda s: about("forward", s), Scene.to_accepted),
    ("thread.open", {"pmo"}, lambda s: ("POST", f"{THING}/feedback", {"text": "Why? (invented)"}),
     Scene.to_pmo),
    ("thread.answer", DRAFTERS | {"pmo"}, lambda s: (
        "POST", f"/v1/feedback/{s.thread}/answer", {"text": "So (invented)"}), Scene.to_thread),
    ("thread.close", {"pmo"}, lambda s: (
        "POST", f"/v1/feedback/{s.thread}/close", {"outcome": "answered"}), Scene.to_thread),
    ("agreement.freeze", {"pmo"}, lambda s: about("freeze", s), Scene.to_pmo),
    ("agreement.sign", {"minister.PWR", "pm"}, lambda s: about("sign", s, jws="a.b.c"),
     Scene.to_ready),
    ("amendment.propose", SECRETARIES, lambda s: (
        "POST", f"{THING}/amend?reason=Invented", s.amendment(), s.etag(THING)),
     Scene.to_force),
    ("amendment.drop", SECRETARIES | {"pmo"}, lambda s: about("drop", s), Scene.to_amending),
    ("holiday.declare", KEEPERS, lambda s: ("POST", "/v1/holidays", {
        "on": s.holiday(), "name": "Invented"}), None),
    ("holiday.cancel", KEEPERS, lambda s: ("DELETE", f"/v1/holidays/{s.day}"), Scene.to_holiday),
    ("week.set", KEEPERS, lambda s: ("PUT", "/v1/week", {
        "from": s.holiday(), "working": ["mon", "tue", "wed", "thu", "fri"]}), None),
    ("norm.set", KEEPERS, lambda s: ("PUT", "/v1/dependency-types/VETTING", s.norm(),
                                     s.norm_etag()), Scene.to_norm),
    ("dependency.raise", DRAFTERS, lambda s: ("POST", "/v1/dependencies", s.dependency_sent()),
     Scene.to_norm),
    ("dependency.acknowledge", BLOCKERS, lambda s: on_dependency("acknowledge", s),
     Scene.to_dependency),
    ("dependency.return", BLOCKERS, lambda s: on_dependency("return", s, missing=MISSING),
     Scene.to_dependency),
    ("dependency.complete", DRAFTERS, lambda s: on_dependency("complete", s),
     Scene.to_returned),
    ("dependency.promise", {"secretary.FIN"}, lambda s: on_dependency(
        "promise", s, promised=s.holiday()), Scene.to_dependency),
    ("dependency.explain", {"secretary.FIN"}, lambda s: on_dependency("explain", s, **WHY),
     Scene.to_dependency),
    ("dependency.put_off", {"secretariat", "committee.1", "pmo"}, lambda s: on_dependency(
        "put-off", s, days=3, reason="Invented"), Scene.to_dependency),
    ("dependency.externalise", {"secretary.FIN"}, lambda s: on_dependency(
        "externalise", s, **WHY), Scene.to_dependency),
    ("dependency.resume", {"secretary.FIN", "secretariat"}, lambda s: on_dependency("resume", s),
     Scene.to_external),
    ("dependency.refuse", {"secretary.FIN"}, lambda s: on_dependency("refuse", s, **WHY),
     Scene.to_dependency),
    ("dependency.grant", BLOCKERS, lambda s: on_dependency("grant", s), Scene.to_dependency),
    ("dependency.reopen", SECRETARIES, lambda s: on_dependency("reopen", s, **WHY),
     Scene.to_granted),
    ("dependency.withdraw", DRAFTERS, lambda s: on_dependency("withdraw", s),
     Scene.to_dependency),
    ("evidence.record", READING, lambda s: ("POST", "/v1/evidence",
                                            f"a,b\n1,{s.number()}\n".encode()), None),
    ("report.put", DRAFTERS, lambda s: ("POST", "/v1/reports", {
        "target": s.targets()[0]["id"], "period": 1, "value": 19, "own_word": "on_track"}),
     Scene.to_force),
    ("report.file", DRAFTERS, lambda s: (
        "POST", f"{THING}/reports?period=1", b"target,value,own_word\n"
        + f"{s.targets()[0]['id']},19,on_track\n".encode()), Scene.to_force),
    ("action.open", CHIEFS, lambda s: ("POST", "/v1/actions", s.action_sent()), Scene.to_force),
    ("action.finish", {"focal.PWR"}, lambda s: on_action("finish", s), Scene.to_action),
    ("action.verify", {"auditor"}, lambda s: on_action("verify", s), Scene.to_finished),
    ("action.reject", {"auditor"}, lambda s: on_action("reject", s), Scene.to_finished),
    ("action.drop", UNIT, lambda s: on_action("drop", s), Scene.to_action),
    ("inbox.read", HOLDERS, lambda s: ("POST", "/v1/inbox/read", {"upto": 1}), None),
    ("mail.set", HOLDERS, lambda s: ("PUT", "/v1/inbox/mail", {}), None),
    ("quiet.set", HOLDERS, lambda s: ("PUT", "/v1/inbox/quiet", {
        "from_hour": 18, "to_hour": 9}), None),
    ("idea.propose", READING | {PERSON}, lambda s: ("POST", "/v1/ideas", s.idea_sent()), None),
    ("idea.endorse", READING | {PERSON}, lambda s: (
        "POST", f"/v1/ideas/{s.idea}/endorse", {}), Scene.to_idea),
    ("idea.step", UNIT, lambda s: ("POST", f"/v1/ideas/{s.idea}/step", {
        "to": "screened", "reason": "Invented"}, s.etag(f"/v1/ideas/{s.idea}")), Scene.to_idea),
    ("order.log", DRAFTERS | {"minister.PWR"} | UNIT | {"pmo"}, lambda s: ("POST", "/v1/orders", {
        "body": "PWR", "from": "Somebody (invented)", "text": "Light the avenue"}), None),
    ("clock.move", KEEPERS, lambda s: ("POST", "/v1/clock", {"to": in_a_second()}), None),
    ("agreement.lapse", UNIT, lambda s: (
        "POST", "/v1/agreements/PWR-2019/lapse", {}, s.etag("/v1/agreements/PWR-2019")), None),
    ("agreement.close", UNIT, lambda s: about("close", s), None),
    ("person.register", {ADMINISTRATOR}, lambda s: ("POST", "/v1/people", {
        "id": f"p.n{s.number()}", "name": "Somebody (invented)"}), None),
    ("person.change", {ADMINISTRATOR}, lambda s: ("PUT", "/v1/people/w.left", {
        "name": "Another Name (invented)"}, s.etag("/v1/people/w.left")), None),
    ("office.create", {ADMINISTRATOR}, lambda s: ("POST", "/v1/offices", {
        "id": f"committee.{s.number()}", "title": "Member (invented)"}), None),
    ("office.change", {ADMINISTRATOR}, lambda s: ("PUT", "/v1/offices/pm", {
        "title": "Prime Minister (invented)"}, s.etag("/v1/offices/pm")), None),
    ("department.register", {ADMINISTRATOR}, lambda s: ("POST", "/v1/departments", {
        "id": f"D{s.number()}", "name": "Invented"}), None),
    ("access.propose", {ADMINISTRATOR}, lambda s: (
        "POST", "/v1/departments/DEPT/accesses", s.an_access()), Scene.to_department),
    ("access.confirm", {ADMINISTRATOR}, lambda s: (
        "POST", f"/v1/accesses/{s.access}/confirm", {}), Scene.to_access),
    ("access.again", {ADMINISTRATOR}, lambda s: (
        "POST", f"/v1/accesses/{s.access}/again", {"from": 1, "upto": 2}), Scene.to_webhook),
    ("access.revoke", {ADMINISTRATOR}, lambda s: (
        "POST", f"/v1/accesses/{s.access}/revoke", {"reason": "Invented"}), Scene.to_access),
    ("posting.propose", {ADMINISTRATOR}, lambda s: ("POST", "/v1/postings", {
        "office": "auditor.2", "person": "p.pm"}), None),
    ("posting.decline", {ADMINISTRATOR}, lambda s: (
        "POST", f"/v1/postings/{s.posting}/decline", {}), Scene.to_posting),
    ("posting.confirm", {ADMINISTRATOR}, lambda s: (
        "POST", f"/v1/postings/{s.posting}/confirm", {}), Scene.to_posting),
    ("posting.end", {ADMINISTRATOR}, lambda s: ("POST", f"/v1/postings/{s.posting}/end", {}),
     None),
    ("invitation.propose", {ADMINISTRATOR}, lambda s: (
        "POST", "/v1/people/w.left/invite", {}), None),
    ("invitation.confirm", {ADMINISTRATOR}, lambda s: (
        "POST", "/v1/people/w.left/invite/confirm", {}), Scene.to_invited),
    ("handover.note", {PERSON}, lambda s: ("POST", f"/v1/handovers/{s.handover}/note", {
        "note": "Mind the grid (invented)"}), None),
    ("handover.acknowledge", {SEAT}, lambda s: (
        "POST", f"/v1/handovers/{s.handover}/acknowledge", {"jws": "a.b.c"}), None),
    ("key.propose", {ADMINISTRATOR}, lambda s: ("POST", "/v1/keys", s.proposal), None),
    ("key.decline", {ADMINISTRATOR}, lambda s: ("POST", f"/v1/keys/{s.key}/decline", {}),
     Scene.to_key),
    ("key.confirm", {ADMINISTRATOR}, lambda s: ("POST", f"/v1/keys/{s.key}/confirm", {}),
     Scene.to_key),
    ("key.revoke", {ADMINISTRATOR, "minister.PWR"}, lambda s: (
        "POST", f"/v1/keys/{s.key}/revoke", {"reason": "Lost (invented)"}), Scene.to_enrolled),
    ("draw.announce", UNIT, lambda s: ("POST", "/v1/record/draws", {
        "purpose": "Invented", "cycle": "2021", "count": 1, "at": day_after(1)}), None),
    ("draw.make", UNIT, lambda s: ("POST", "/v1/record/draws/draw-1/draw", {}), None),
    ("sessions.end", {ADMINISTRATOR, PERSON}, lambda s: (
        "POST", "/v1/people/w.left/sign-out", {}), Scene.to_signed_in),
    ("session.end", set(OFFICES) - {NOBODY}, lambda s: ("DELETE", "/v1/sessions"),
     Scene.to_another_session),
]
NO_ROUTE = {"government.found"}
# Acts on a report that there is only while its period runs: test_quarter.
IN_A_QUARTER = {"report.certify", "report.grade", "score.give", "appeal.make", "appeal.decide",
                "screen.answer", "summary.decide"}


class Table:
    def __init__(self, verdict, stack, scene):
        self.verdict, self.stack, self.scene = verdict, stack, scene
        self.ledger = Ledger(stack.redis)
        self.cells = self.allowed = self.done = 0

    def send(self, actor, request):
        method, path, thing, etag = (*request, None, None)[:4]
        headers = {"If-Match": etag} if etag else {}
        if isinstance(thing, bytes):
            headers["Content-Type"] = "text/csv"
        return self.stack.request(method, path, thing, headers, actor)

    def refused(self, command, office, request):
        """The same request in every office that may not: nothing is written."""
        with self.verdict.case(f"{command}: {office or 'nobody'} may not"):
            self.cells += 1
            answer = self.send(actor_of(office), request)
            statuses = {401} if office == NOBODY else {403, 404} if office in OTHER else {403}
            assert answer.status in statuses, f"{answer.status}: {shown(answer.body)}"
            expect_problem(answer, answer.status, REFUSALS[answer.status])

    def may(self, command, office, request, ready):
        with self.verdict.case(f"{command}: {office} may"):
            self.cells += 1
            self.allowed += 1
            if ready:
                ready(self.scene)
            answer = self.send(self.scene.actor(office), request(self.scene))
            assert answer.status not in (401, 403, 404, 405, 428, 500, 503), (
                f"{answer.status}: {shown(answer.body)}")
            self.done += answer.status < 300

    def row(self, command, may, request, ready):
        with self.verdict.case(f"{command} can be prepared"):
            if ready:
                ready(self.scene)
            sent, length = request(self.scene), self.ledger.length()
            for office in OFFICES:
                if office not in may:
                    self.refused(command, office, sent)
            same(self.ledger.length(), length, "entries of the ledger")
        for office in OFFICES:
            if office in may:
                self.may(command, office, request, ready)

    def others(self):
        """What an office may do, but not to others than itself."""
        self.scene.sign_in_again()
        self.scene.to_enrolled()
        for command, offices, request in (
                ("sessions.end of another", [PERSON], (
                    "POST", "/v1/people/p.pm/sign-out", {})),
                ("handover.note of another", OFFICES, (
                    "POST", f"/v1/handovers/{self.scene.handover}/note", {"note": "x"})),
                ("posting.confirm of the own proposal", [ADMINISTRATOR], (
                    "POST", f"/v1/postings/{self.scene.own_posting()}/confirm", {})),
                ("key.revoke of another", ["pm", "minister.FIN", "secretary.PWR"], (
                    "POST", f"/v1/keys/{self.scene.key}/revoke", {}))):
            for office in offices:
                if office != NOBODY:
                    with self.verdict.case(f"{command}: {office} may not"):
                        self.cells += 1
                        length = self.ledger.length()
                        # who has left the seat comes as the person in no office
                        actor = actor_of(office)
                        if command.startswith("handover") and office == PERSON:
                            actor = f"p.pm@{PERSON}"
                        expect_problem(self.send(actor, request), 403, "forbidden")
                        same(self.ledger.length(), length, "entries of the ledger")


def main():
    verdict = Verdict()
    with verdict.case("every command is in the table"):
        text = (TREE / "shared/schema/messages.def").read_text()
        commands = set(re.findall(r'^COMMAND\(\w+, "([\w.]+)"', text, re.M))
        same({row[0] for row in TABLE} | NO_ROUTE | IN_A_QUARTER, commands)
        routes = (TREE / "gateway/routes.def").read_text()
        assert all(name.replace(".", "_") not in routes for name in NO_ROUTE), "it has a route"
    with Stack(settings={"MISAQ_DEMO": "1"}) as stack:
        scene = Scene(stack)
        table = Table(verdict, stack, scene)
        for row in TABLE:
            table.row(*row)
        table.others()
        print(f"{table.cells} cells, {table.allowed} allowed and {table.done} of them done; "
              f"{len(TABLE)} commands, offices: {len(OWN)} own, {len(OTHER)} other, "
              f"{len(CENTRE)} at the centre, a person, nobody")
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
