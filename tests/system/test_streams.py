#!/usr/bin/python3
"""Streams of events over HTTP: what each reader gets, in order and once; where he goes on; how he
is told that it ends; and that the API does not notice."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from door import Door  # noqa: E402
from government import Government, a_body, focal  # noqa: E402
from listener import Listener  # noqa: E402
from stack import Stack, wait_until  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

AUDITOR = "m.bano@auditor"
COMMITTEE = "c.member@committee"
EACH = 12


class Room:
    def __init__(self, verdict, stack):
        self.case, self.stack = verdict.case, stack
        self.government = Government(stack)
        self.government.found("PWR", "FIN")
        for body in ("PWR", "FIN"):
            self.government.open(body)
        stack.people.headers(AUDITOR)
        stack.people.headers(COMMITTEE)
        self.wait_streams()

    def wait_streams(self):
        def there():
            with Listener(self.stack, "/v1/events?after=0") as listener:
                return listener.begun().status == 200
        wait_until(there, 30, "a stream")

    def pages(self, query="", actor=""):
        """The same events by pages."""
        found, after = [], "0"
        while after:
            path = f"/v1/events?limit=200&after={after}{query}"
            page = expect(self.stack.request("GET", path, actor=actor), 200).json()
            found += page["items"]
            after = page.get("next")
        return found

    def head(self):
        return self.pages(actor=AUDITOR)[-1]["position"]

    def listen(self, query="", actor="", **how):
        return Listener(self.stack, f"/v1/events?{query}", actor, **how)


def reading(room):
    with room.case("the past and what happens now come in order, once, as the pages have them"):
        for actor in ("", AUDITOR, COMMITTEE, focal("PWR")):
            with room.listen("after=0", actor) as listener:
                listener.begun()
                for _ in range(3):
                    room.government.draft("PWR")
                room.stack.request("POST", "/v1/ministries", a_body(f"N{time.monotonic_ns()}"),
                                   actor="root@administrator")
                wanted = room.pages(actor=actor)
                listener.reach(wanted[-1]["position"])
                same(listener.events, wanted, actor)
    with room.case("the public is not shown what it may not see, nor another body"):
        with room.listen("after=0", focal("FIN")) as listener, room.listen("after=0") as public:
            receipt = room.government.draft("PWR")
            added = expect(room.stack.request("POST", "/v1/ministries", a_body("SEEN"),
                                              actor="root@administrator"), 201).json()
            for one in (listener, public):
                one.reach(added["position"])
                assert receipt["position"] not in one.positions()
                assert not [e for e in one.events if e["subject"] == "PWR-2021"]
    with room.case("without a position only what happens from now on"):
        head = room.head()
        with room.listen("", AUDITOR) as listener:
            listener.until(lambda: listener.last_id is not None)
            receipt = room.government.draft("PWR")
            listener.reach(receipt["position"])
            assert min(listener.positions()) > head, (head, listener.positions())
    with room.case("filters by type, body and subject give what the pages give"):
        for query in ("types=target.drafted", "types=target.drafted,body.registered", "body=PWR",
                      "subject=FIN-2021", "body=FIN&types=agreement.opened"):
            wanted = room.pages("&" + query, AUDITOR)
            assert wanted, query
            with room.listen("after=0&" + query, AUDITOR) as listener:
                listener.reach(wanted[-1]["position"])
                same(listener.events, wanted, query)
    with room.case("Last-Event-ID goes before the parameter: an EventSource that comes again"):
        wanted = room.pages(actor=AUDITOR)
        cut = wanted[len(wanted) // 2]["position"]
        with room.listen("after=0", AUDITOR, headers={"Last-Event-ID": str(cut)}) as listener:
            listener.reach(wanted[-1]["position"])
            same(listener.positions(), [e["position"] for e in wanted if e["position"] > cut])
    with room.case("the office can be a parameter, where no header can be sent"):
        token = {"Authorization": room.stack.people.headers(AUDITOR)["Authorization"]}
        with room.listen("after=0&office=auditor", headers=token) as listener:
            listener.reach(room.head())
            same(listener.events, room.pages(actor=AUDITOR))
        with room.listen("after=0&office=pm", headers=token) as listener:
            same(listener.begun().status, 403)
        with room.listen("after=0&office=auditor") as listener:
            same(listener.begun().status, 401)
    with room.case("the header says what it is, and how long to wait before coming again"):
        with room.listen("after=0") as listener:
            listener.until(lambda: listener.retry)
            for line in ("Content-Type: text/event-stream", "Cache-Control: no-store",
                         "Connection: close"):
                assert line in listener.head, listener.head
            assert 1000 <= listener.retry < 5000, listener.retry


def refusals(room):
    wrong = {"types=nothing.happened": 422, "after=-1": 422, "after=x": 422, "limit=5": 422,
             "body=%20": 422, "subject=a%20b": 422, "nonsense=1": 422, "after=1&after=2": 422}
    with room.case("what cannot be is refused before the stream begins"):
        for query, status in wrong.items():
            with room.listen(query) as listener:
                same(listener.begun().status, status, query)
        with room.listen("", headers={"Last-Event-ID": "; drop"}) as listener:
            same(listener.begun().status, 422)
        with room.listen("", headers={"Authorization": "Bearer no.token.here"}) as listener:
            same(listener.begun().status, 401)
        sent = {"Accept": "text/event-stream"}
        expect(room.stack.ask_json("HEAD", "/v1/events", None, sent), 406)
        expect_problem(room.stack.ask_json("GET", "/v1/targets", None, sent), 406,
                       "not-acceptable")
    with room.case("an address has so many streams and no more; others have theirs"):
        held = [room.listen("", source="127.0.0.9").begun() for _ in range(EACH)]
        same({one.status for one in held}, {200})
        with room.listen("", source="127.0.0.9") as listener:
            same(listener.begun().status, 429)
        with room.listen("", source="127.0.0.10") as listener:
            same(listener.begun().status, 200)
        for one in held:
            one.socket.close()

        def again():
            with room.listen("", source="127.0.0.9") as listener:
                return listener.begun().status == 200
        wait_until(again, 20, "a place after the others have gone")


def endings(room):
    stack, door = room.stack, Door(room.stack)
    with room.case("a stream ends with its token, and says so"):
        claims = door.claims("m.bano", exp=int(time.time()) + 3)
        sent = {"Authorization": f"Bearer {door.seal(claims)}", "Misaq-Office": "auditor"}
        with room.listen("after=0", headers=sent) as listener:
            same(listener.begun().status, 200)
            kind, told = listener.ended(15)
            same((kind, told["reason"]), ("end", "token_expired"))
    with room.case("a stream ends with its session"):
        token = expect(door.sign_in("m.bano"), 200).json()["token"]
        sent = {"Authorization": f"Bearer {token}", "Misaq-Office": "auditor"}
        with room.listen("after=0", headers=sent) as listener, room.listen("", AUDITOR) as other:
            same((listener.begun().status, other.begun().status), (200, 200))
            expect(door.knock("DELETE", "/v1/sessions", None, sent), 204)
            kind, told = listener.ended()
            same((kind, told["reason"]), ("end", "session_ended"))
            other.reach(room.head())  # of the same person, another session
    with room.case("a stream ends when its office is lost"):
        stack.people.headers("f.gone@focal.FIN.2")
        with room.listen("after=0", "f.gone@focal.FIN.2") as listener:
            same(listener.begun().status, 200)
            listener.until(lambda: listener.last_id)
            stack.people.headers("f.come@focal.FIN.2")
            kind, told = listener.ended()
            same((kind, told["reason"]), ("end", "office_lost"))
    with room.case("who loses sight of a body is told so, and sees nothing more of it"):
        actor = focal("FIN")
        with room.listen("", actor) as listener, room.listen("", AUDITOR) as auditor:
            listener.until(lambda: listener.last_id is not None)
            auditor.until(lambda: auditor.last_id is not None)
            path = "/v1/ministries/FIN"
            etag = room.government.etag(path)
            changed = a_body("FIN", successors=["PWR"], valid_to="2021-12-31")
            expect(stack.request("PUT", path, changed, {"If-Match": etag},
                                 "root@administrator"), 200)
            listener.until(lambda: listener.told)
            kind, told = listener.told[0]
            same((kind, told["body"]), ("hidden", "FIN"))
            auditor.reach(room.head())
            same(auditor.told, [])
    with room.case("a position that the ledger does not have is answered with a reset"):
        with room.listen("after=900000000", AUDITOR) as listener:
            listener.until(lambda: listener.told)
            kind, told = listener.told[0]
            same((kind, told["asked"]), ("reset", 900000000))
            receipt = room.government.draft("PWR")
            listener.reach(receipt["position"])
            same(listener.positions(), [receipt["position"]])
    with room.case("without an event there is a comment every fifteen seconds; the place moves"):
        with room.listen("types=cycle.created", AUDITOR) as listener:
            listener.until(lambda: listener.last_id is not None)
            receipt = room.government.draft("PWR")
            listener.until(lambda: listener.comments, 25)
            same((listener.events, listener.last_id >= receipt["position"]), ([], True))


def slowness(room):
    with room.case("a reader that does not read is told why and loses nothing when he comes again"):
        with room.listen("after=0", AUDITOR, receive=4096) as listener:
            same(listener.begun().status, 200)
            listener.reach(room.head())
            promise = {"statement": "Reduce the losses of distribution from 20% to 12% "
                                    + "by the end of the cycle, in words " * 20}
            for _ in range(16):
                for _ in range(100):
                    room.government.draft("PWR", **promise)
            last = room.head()
            kind, told = listener.ended(60)
            same((kind, told["reason"]), ("end", "slow"))
            got, after = listener.positions(), listener.last_id
            assert after < last, "nothing was missed: the test is too small"
        with room.listen(f"after={after}", AUDITOR) as listener:
            listener.reach(last)
            same(got + listener.positions(), [e["position"] for e in room.pages(actor=AUDITOR)])


def dying(room):
    stack = room.stack
    with room.case("killed and started again, everybody goes on where he was"):
        with room.listen("after=0", AUDITOR) as listener:
            listener.reach(room.head())
            stack.kill("streams")
            listener.ended()
            receipt = room.government.draft("PWR")  # the API goes on without
            with room.listen("", AUDITOR) as other:
                same(other.begun().status, 503)
            stack.restart("streams")
            room.wait_streams()
            after = listener.last_id
        with room.listen(f"after={after}", AUDITOR) as again:
            again.reach(receipt["position"])
            same(listener.positions() + again.positions(),
                 [e["position"] for e in room.pages(actor=AUDITOR)])
    with room.case("stopped in good order it says so, and where to go on"):
        with room.listen("after=0", AUDITOR) as listener:
            listener.reach(room.head())
            stack.programs["streams"].child.terminate()
            kind, told = listener.ended()
            same((kind, told["reason"], told["position"]), ("end", "stopping", listener.last_id))
            same(stack.programs["streams"].child.wait(30), 0)
        stack.start("streams")
        room.wait_streams()
    with room.case("what it does is counted"):
        def told():
            page = stack.ask(stack.admin, "GET", "/metrics").body.decode()
            return dict(line.rsplit(" ", 1) for line in page.splitlines() if "_streams_" in line)
        with room.listen("after=0", AUDITOR) as listener:
            listener.reach(room.head())
            wait_until(lambda: told().get("misaq_streams_open") == "1", 10, "one open stream")
            same(told()["misaq_streams_position"], str(room.head()))
        wait_until(lambda: told().get("misaq_streams_open") == "0", 10, "no open stream")


def main():
    verdict = Verdict()
    settings = {"MISAQ_STREAMS_EACH": str(EACH), "MISAQ_STREAMS_MEMORY": "1048576"}
    with Stack(settings=settings) as stack:
        room = Room(verdict, stack)
        reading(room)
        refusals(room)
        endings(room)
        slowness(room)
        dying(room)
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
