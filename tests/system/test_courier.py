#!/usr/bin/python3
"""What leaves the house: webhooks and e-mail, to real receivers that take, refuse, hang, flood."""
import datetime
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from department import Department  # noqa: E402
from government import Government, a_body, focal  # noqa: E402
from outside import Hooks, Post, checked  # noqa: E402
from quarter import Clock, at  # noqa: E402
from stack import Stack, wait_until  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

ROOT = "root@administrator"
TRIES = 4
WITHIN_MS = 700
FOCAL = focal("PWR")


class Room:
    def __init__(self, verdict, stack, hooks, post):
        self.case, self.stack, self.hooks, self.post = verdict.case, stack, hooks, post
        self.government = Government(stack)
        self.government.found("PWR")
        self.government.open("PWR")
        stack.people.found()
        self.bodies = 0

    def body(self):
        """A public event; its position."""
        self.bodies += 1
        return expect(self.stack.request("POST", "/v1/ministries", a_body(f"N{self.bodies}"),
                                         actor=ROOT), 201).json()["position"]

    def hook(self, code, path, **slots):
        """A department that gets the registration of bodies there."""
        one = Department(self.stack, code)
        asked = {"webhook": self.hooks.url(path), "types": "body.registered"} | slots
        one.access = expect(one.propose(**asked), 201).json()["id"]
        expect(self.stack.people.act(1, "POST", f"/v1/accesses/{one.access}/confirm", {}), 200)
        return one

    def deliveries(self, one):
        return expect(self.stack.request("GET", f"/v1/accesses/{one.access}/deliveries",
                                         actor=ROOT), 200).json()

    def secret(self, one, actor=ROOT):
        return self.stack.request("GET", f"/v1/accesses/{one.access}/secret", actor=actor)

    def until(self, one, **wanted):
        """Until the deliveries of a department are so."""
        def look():
            seen = self.deliveries(one)
            return seen if all(seen[name] == value for name, value in wanted.items()) else None
        return wait_until(look, 20, f"{one.access}: {wanted}")

    def mails(self):
        return expect(self.stack.request("GET", "/v1/inbox/mail/deliveries", actor=FOCAL),
                      200).json()


def register(room):
    with room.case("what is wrong with a webhook is named"):
        bad = Department(room.stack, "BAD")
        for url in ("ftp://a.example/", "https://", "https://me@a.example/", "https://a.example/#x",
                    "https://a.example/a b", "https://a.example/\r\nX: y", "https://[::1]/",
                    "//a.example", "https://a.example\\@b.example/"):
            expect_problem(bad.propose(webhook=url), 422, "invalid", pointer="/webhook")
        expect_problem(bad.propose(webhook="https://a.example/", types="body.eaten"), 422,
                       "invalid", pointer="/types")
        expect_problem(bad.propose(types="body.registered"), 422, "invalid", pointer="/types")
        none = {"token_digest": bad.public["token_digest"]}
        path = "/v1/departments/BAD/accesses"
        expect_problem(room.stack.people.act(0, "POST", path, none), 422, "invalid", pointer="/key")
        only = none | {"webhook": "https://a.example/"}
        expect(room.stack.people.act(0, "POST", path, only), 201)
    with room.case("only administrators read the secret of a webhook"):
        one = room.hook("ONE", "/one")
        same(room.secret(one).json()["secret"][:6], "whsec_")
        expect_problem(room.secret(one, FOCAL), 403, "forbidden")
        expect_problem(room.secret(one, ""), 401, "unauthenticated")
    return one


def deliver(room, one):
    secret = room.secret(one).json()["secret"]
    with room.case("every event that is wanted comes once, signed, as /v1/events has it"):
        places = [room.body() for _ in range(5)]
        room.government.draft("PWR")
        room.until(one, delivered=5, waiting=0)
        got = [checked(it, secret) for it in room.hooks.of("/one")]
        same(sorted(ident for ident, _ in got),
             sorted(f"{one.access}.{place}" for place in places))
        page = expect(one.get(f"/v1/events?limit=200&after={places[0] - 1}"), 200).json()
        listed = {item["position"]: item for item in page["items"]}
        for _, body in got:
            same(body["data"], listed[body["data"]["position"]])
            same((body["type"], body["timestamp"]), (body["data"]["type"], body["data"]["at"]))
    with room.case("it is not sent again after the courier was killed"):
        room.stack.kill("courier")
        missed = room.body()
        room.stack.start("courier")
        room.until(one, delivered=6)
        same([checked(it, secret)[1]["data"]["position"] for it in room.hooks.of("/one")[5:]],
             [missed])
    with room.case("an administrator has events sent again, under the same id"):
        path = f"/v1/accesses/{one.access}/again"
        for slots in ({"from": 5, "upto": 4}, {"from": 1, "upto": 1001}):
            expect_problem(room.stack.request("POST", path, slots, actor=ROOT), 422, "invalid",
                           pointer="/upto")
        expect(room.stack.request("POST", path, {"from": places[0], "upto": places[-1] + 1},
                                  actor=ROOT), 200)
        room.until(one, delivered=11, waiting=0)
        same(sorted(checked(it, secret)[0] for it in room.hooks.of("/one")[6:]),
             sorted(f"{one.access}.{place}" for place in places))


def fail(room, one):
    with room.case("what is refused is tried again with the same id, and has a receipt each time"):
        answers = iter([500, 429, 204])
        room.hooks.says["/some"] = lambda it: Hooks.answer(it, next(answers))
        some = room.hook("SOME", "/some")
        place = room.body()
        seen = room.until(some, delivered=1, waiting=0)
        same({it[1]["webhook-id"] for it in room.hooks.of("/some")}, {f"{some.access}.{place}"})
        same([(it["number"], it["delivered"], it["status"]) for it in seen["receipts"]],
             [(3, True, 204), (2, False, 429), (1, False, 500)])
        room.hooks.says["/some"] = Hooks.take
    with room.case("after the last try it is parked, and can be had again"):
        room.hooks.says["/never"] = lambda it: Hooks.answer(it, 503)
        never = room.hook("NEVER", "/never")
        place = room.body()
        seen = room.until(never, parked=1, waiting=0, failed=TRIES)
        same([it["position"] for it in seen["parked_latest"]], [place])
        same(len(room.hooks.of("/never")), TRIES)
        del room.hooks.says["/never"]
        expect(room.stack.request("POST", f"/v1/accesses/{never.access}/again",
                                  {"from": place, "upto": place}, actor=ROOT), 200)
        room.until(never, parked=0, waiting=0, delivered=1)
    with room.case("a redirect is not followed, 410 is for good, a flood is cut short"):
        for path, says in (("/away", lambda it: Hooks.answer(it, 302, location="/stolen")),
                           ("/gone", lambda it: Hooks.answer(it, 410)),
                           ("/flood", room.hooks.flood)):
            room.hooks.says[path] = says
        away, gone = room.hook("AWAY", "/away"), room.hook("GONE", "/gone")
        flood = room.hook("FLOOD", "/flood")
        room.body()
        seen = room.until(away, parked=1, failed=TRIES)
        same({it["detail"] for it in seen["receipts"]}, {"redirects are not followed"})
        same(room.hooks.of("/stolen"), [])
        room.until(gone, parked=1, failed=1)
        room.until(flood, delivered=1)
        wait_until(lambda: getattr(room.hooks, "flooded", False), 20, "the flood to be cut")
    with room.case("one that never answers holds up nobody else, and a try counts though its "
                   "courier died"):
        room.hooks.says["/hang"] = room.hooks.hang
        hang = room.hook("HANG", "/hang")
        before = room.deliveries(one)["delivered"]
        room.body()
        room.until(one, delivered=before + 1)
        for _ in range(TRIES):
            calls = len(room.hooks.of("/hang"))
            wait_until(lambda n=calls: len(room.hooks.of("/hang")) > n
                       or room.deliveries(hang)["parked"], 20, "a call, or the end of them")
            room.stack.kill("courier")
            room.stack.start("courier")
        room.until(hang, parked=1, waiting=0)
        assert len(room.hooks.of("/hang")) <= TRIES
    with room.case("a webhook whose access has ended gets nothing"):
        one.revoke()
        before = len(room.hooks.of("/one"))
        some_before = room.deliveries(some)["delivered"]
        room.body()
        room.until(some, delivered=some_before + 1)
        same(len(room.hooks.of("/one")), before)


def mail(room, clock):
    def put(address, actor=FOCAL, **slots):
        asked = ({"address": address} if address is not None else {}) | slots
        return room.stack.request("PUT", "/v1/inbox/mail", asked, actor=actor)

    def mailbox(language):
        expect(put("pwr.focal@example.gov.pk", language=language), 200)

    weeks = (datetime.date(2021, 10, 6) + datetime.timedelta(weeks=n) for n in range(20))

    def digests():
        return expect(room.stack.request("GET", "/v1/inbox/digests", actor=FOCAL),
                      200).json()["items"]

    def another():
        """A letter that is due: something in the inbox, and a working day later its digest."""
        before = len(digests())
        expect(room.stack.request("POST", "/v1/holidays", {
            "on": f"2022-{before + 1:02}-11", "name": "Invented"}, actor=ROOT), 201)
        clock.move(next(weeks).isoformat())
        wait_until(lambda: len(digests()) > before, 20, "a digest")
        return digests()

    with room.case("an address that could be more than one is refused"):
        for address in ("nobody", "a@b", "a@b..c", "a@-b.c", "a b@c.d", "a@b.c\r\nBcc: x@y.z",
                        "a@b.c,d@e.f", "<a@b.c>", "\"a\"@b.c", ".a@b.c", "a@b.c@d.e",
                        "ا@b.c", "a" * 65 + "@b.c", "a@[127.0.0.1]"):
            expect_problem(put(address), 422, "invalid", pointer="/address")
        same(expect(room.stack.request("GET", "/v1/inbox/mail", actor=FOCAL), 200).json(), {})
    with room.case("a digest comes as e-mail over TLS, with its subject in Urdu"):
        mailbox("ur")
        made = another()
        wait_until(lambda: room.mails()["waiting"] == 0 and room.mails()["delivered"], 20, "mail")
        letters = list(room.post.letters)
        told = [it for it in letters if "نئی اطلاعات برائے focal.PWR" in it[2]["subject"]]
        same(len(told), 1, [it[2]["subject"] for it in letters])
        to, secure, letter = told[0]
        same((to, secure), (["pwr.focal@example.gov.pk"], True))
        same(letter["message-id"].split(".")[0], f"<{made[0]['position']}")
        same(letter["subject"].split(":")[0], "میثاق")
        same(letter["auto-submitted"], "auto-generated")
        text = letter.get_body().get_content()
        assert "- " in text and "https://misaq.example/v1/" in text, text
        same(len({it[2]["message-id"] for it in letters}), len(letters))
    for stage in ("HELLO", *Post.STAGES):
        with room.case(f"a mail server that hangs at {stage} is left, and gets it later"):
            room.post.hang_at = stage
            before = room.mails()
            tries = room.post.tries
            another()
            wait_until(lambda b=before: room.mails()["failed"] > b["failed"], 20, "a failed try")
            assert room.post.tries > tries
            room.post.hang_at = None
            seen = wait_until(lambda: (lambda it: it if it["waiting"] == 0 else None)(room.mails()),
                              20, "nothing to wait")
            if seen["parked"]:
                mailbox("en")
                wait_until(lambda: room.mails()["parked"] == room.mails()["waiting"] == 0, 20,
                           "what was parked")
    with room.case("a mailbox that is not there is given up at once; a new address gets the mail"):
        room.post.refuse = "RCPT"
        before = room.mails()
        another()
        seen = wait_until(lambda: (lambda it: it if it["parked"] else None)(room.mails()), 20,
                          "a parked letter")
        same(seen["receipts"][0]["status"], 550)
        same(seen["failed"] - before["failed"], seen["parked"])
        room.post.refuse = None
        expect(put("other@example.gov.pk"), 200)
        wait_until(lambda: room.mails()["parked"] == room.mails()["waiting"] == 0, 20, "the mail")
        same(room.post.letters[-1][0], ["other@example.gov.pk"])
        same(room.post.letters[-1][2]["subject"][:7], "Misaq: ")
    with room.case("an office sees its own deliveries and nobody else's"):
        same(room.mails()["to"], "focal.PWR")
        expect_problem(room.stack.request("GET", "/v1/inbox/mail", actor=""), 401,
                       "unauthenticated")
        expect(put(None), 200)
        same(expect(room.stack.request("GET", "/v1/inbox/mail", actor=FOCAL), 200).json(), {})


def closed(verdict, hooks):
    with verdict.case("an address inside is not called, whatever its name is"), Stack() as stack:
        room = Room(verdict, stack, hooks, None)
        inside = room.hook("IN", "/inside")
        named = Department(stack, "NAMED")
        port = hooks.server.server_address[1]
        named.access = expect(named.propose(webhook=f"https://localhost:{port}/inside",
                                            types="body.registered"), 201).json()["id"]
        expect(stack.people.act(1, "POST", f"/v1/accesses/{named.access}/confirm", {}), 200)
        room.body()
        for one, why in ((inside, "rotocol"), (named, "not public")):
            seen = wait_until(lambda o=one: room.deliveries(o)["receipts"], 20, "a receipt")
            assert why in seen[0]["detail"], seen
        same(hooks.of("/inside"), [])


def main():
    verdict = Verdict()
    hooks = Hooks()
    with tempfile.TemporaryDirectory(prefix="misaq-mail-") as folder:
        post = Post(pathlib.Path(folder))
        settings = at("2021-09-25") | {
                    "MISAQ_WEBHOOKS_INSIDE": "1", "MISAQ_RETRY_MS": "20",
                    "MISAQ_RETRY_MOST": str(TRIES), "MISAQ_DELIVERY_MS": str(WITHIN_MS),
                    "MISAQ_SMTP": post.url, "MISAQ_SMTP_CA": str(post.certificate),
                    "MISAQ_MAIL_FROM": "misaq@example.gov.pk",
                    "MISAQ_MAIL_LINK": "https://misaq.example"}
        try:
            with Stack(settings=settings) as stack:
                room = Room(verdict, stack, hooks, post)
                one = register(room)
                deliver(room, one)
                fail(room, one)
                mail(room, Clock(stack))
            closed(verdict, hooks)
        finally:
            hooks.close()
            post.close()
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
