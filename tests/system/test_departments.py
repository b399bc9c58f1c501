#!/usr/bin/python3
"""The stream for other departments, from outside: who is let in and by whom, what each gets, and
that whatever is lost is seen and read again; with the reference subscriber and both examples."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys

import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from department import EXAMPLES, Department  # noqa: E402
from government import Government, a_body, focal  # noqa: E402
from stack import Stack, free_port, wait_until  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

ROOT = "root@administrator"
QUEUE = 20


class Room:
    def __init__(self, verdict, stack):
        self.case, self.stack = verdict.case, stack
        self.government = Government(stack)
        self.government.found("PWR", "FIN")
        for body in ("PWR", "FIN"):
            self.government.open(body)
        stack.people.found()
        self.bodies = 0

    def body(self):
        """A public event; its position."""
        self.bodies += 1
        thing = a_body(f"N{self.bodies}")
        return expect(self.stack.request("POST", "/v1/ministries", thing, actor=ROOT),
                      201).json()["position"]

    def counted(self, name):
        page = self.stack.ask(self.stack.admin, "GET", "/metrics").body.decode()
        return int(dict(line.rsplit(" ", 1) for line in page.splitlines()
                        if line.startswith("misaq_")).get(name, 0))


def register(room):
    people = room.stack.people
    with room.case("one administrator lets nobody in, and the same one does not confirm"):
        one = Department(room.stack, "ONE")
        access = expect(one.propose(), 201).json()["id"]
        same(access, "ONE.a1")
        path = f"/v1/accesses/{access}/confirm"
        expect_problem(people.act(0, "POST", path, {}), 403, "forbidden")
        expect_problem(room.stack.request("POST", path, {}, actor=focal("PWR")), 403, "forbidden")
        shown = expect(room.stack.request("GET", "/v1/departments/ONE", actor=""), 200).json()
        same([a["state"] for a in shown["accesses"]], ["proposed"])
        expect(people.act(1, "POST", path, {}), 200)
        expect_problem(people.act(1, "POST", path, {}), 409, "wrong-state")
        shown = expect(room.stack.request("GET", "/v1/departments/ONE", actor=""), 200).json()
        same([(a["state"], a["proposed_by"], a["confirmed_by"]) for a in shown["accesses"]],
             [("granted", "admin.one", "admin.two")])
        history = room.stack.request("GET", "/v1/departments/ONE/history", actor="").json()
        same([e["type"] for e in history["items"]],
             ["department.registered", "access.proposed", "access.granted"])
    with room.case("what is wrong with a proposal is named"):
        two = Department(room.stack, "TWO")
        for slots, member in (({"key": "short"}, "/key"), ({"key": "~" * 40}, "/key"),
                              ({"key": one.public["key"]}, "/key"),
                              ({"token_digest": "Z" * 64}, "/token_digest"),
                              ({"topics": ["public."]}, "/topics/0"),
                              ({"topics": ["inner.target.", "inner.nothing."]}, "/topics/1"),
                              ({"topics": ["inner.target.drafted.PWR", ""]}, "/topics/1")):
            expect_problem(two.propose(**slots), 422, "invalid", pointer=member) if (
                slots != {"key": one.public["key"]}) else expect(two.propose(**slots), 409)
        for code in ("two", "2TWO", "T" * 21, "T.O"):
            expect_problem(people.act(0, "POST", "/v1/departments", {"id": code, "name": "x"}), 422,
                           "invalid", pointer="/id")
        expect_problem(people.act(0, "POST", "/v1/departments/NONE/accesses", two.public), 404,
                       "not-found")


def rights(room):
    with room.case("a key that is not let in hears nothing, and is counted"):
        before = room.counted("misaq_departments_refused_keys_total")
        nobody = Department(room.stack, "NOBODY")
        nobody.access = "NOBODY.a1"
        with nobody.follow("public.") as follower:
            room.body()
            wait_until(lambda: room.counted("misaq_departments_refused_keys_total") > before
                       or follower.child.poll() is not None, 20, "a refused key")
            same(follower.lines, [])
    with room.case("everybody who is let in gets what is public and nothing else"):
        some = Department(room.stack, "SOME").let_in()
        with some.follow("public.") as follower:
            draft = room.government.draft("PWR")["position"]
            public = room.body()
            follower.reach(public)
            assert draft not in follower.positions()
            pages = expect(some.get("/v1/events?limit=200"), 200).json()["items"]
            same(follower.events(), pages)
    with room.case("a subscription to what is not opened is refused, and said"):
        for topic in ("inner.", "inner.target.drafted.PWR", "", "p", "~ONE.a1"):
            with some.follow(topic) as follower:
                follower.said("refused")
                same(follower.end(), 1)
    with room.case("what was opened comes, and no more of it"):
        power = Department(room.stack, "POWER").let_in("inner.target.drafted.PWR")
        with power.follow("inner.target.drafted.PWR") as follower:
            other = room.government.draft("FIN")["position"]
            own = room.government.draft("PWR")["position"]
            follower.reach(own)
            same({e["subject"] for e in follower.events()}, {"PWR-2021"})
            assert other not in follower.positions()
        with power.follow("inner.target.drafted.FIN") as follower:
            follower.said("refused")
    with room.case("its token reads these events over HTTP, and nothing else"):
        seen = expect(power.get("/v1/events?types=target.drafted&limit=200"), 200).json()["items"]
        same({e["subject"] for e in seen}, {"PWR-2021"})
        expect_problem(power.get("/v1/inbox"), 403, "forbidden")
        expect_problem(power.get("/v1/targets"), 403, "forbidden")
        answer = room.stack.ask_json("GET", "/v1/events", None,
                                     {"Authorization": "Bearer msqd_" + "A" * 43})
        expect_problem(answer, 401, "unauthenticated")
    with room.case("a topic that is too long ends its connection and hurts nobody"):
        key, address = some.stream()
        mine = dict(line.split() for line in some.keys.read_text().splitlines())
        with zmq.Context() as context, context.socket(zmq.SUB) as socket, \
                some.follow("public.") as follower:
            socket.linger = 0
            socket.curve_publickey = mine["public"].encode()
            socket.curve_secretkey = mine["secret"].encode()
            socket.curve_serverkey = key.encode()
            socket.subscribe(b"public." + b"x" * 20000)  # libzmq itself breaks on a megabyte
            socket.subscribe(b"\x00\xff\x80")
            socket.connect(address)
            follower.reach(room.body())


def following(room, folder):
    kinds = ["c", "python"] + (["node"] if folder else [])
    with room.case("the reference and the examples print the same events, each once"):
        every = Department(room.stack, "EVERY").let_in("inner.")
        running = [every.follow("public.", "inner.", kind=kind, folder=folder) for kind in kinds]
        try:
            for _ in range(5):
                room.government.draft("PWR")
                last = room.body()
            for one in running:
                one.reach(last)
            wanted = expect(every.get("/v1/events?limit=200"), 200).json()["items"]
            for kind, one in zip(kinds, running):
                same(sorted(one.positions()), [e["position"] for e in wanted], kind)
                same({e["position"]: e for e in one.events()},
                     {e["position"]: e for e in wanted}, kind)
            room.stack.kill("streams")
            room.government.draft("PWR")
            room.stack.restart("streams")
            for _ in range(3):
                last = room.body()
            for kind, one in zip(kinds, running):
                one.reach(last)
                missed = [e["position"] for e in
                          expect(every.get("/v1/events?limit=200"), 200).json()["items"]]
                one.until(lambda it, all=missed: sorted(it.positions()) == all,
                          f"{kind}: all, once, after the stream was killed")
        finally:
            for one in running:
                one.__exit__()
    with room.case("with a cursor it goes on where it was"):
        cursor = room.stack.folder / "every.cursor"
        options = ("--cursor", str(cursor), "--once")
        with every.follow("public.", "inner.", options=options) as first:
            same(first.end(), 0)
        added = [room.body(), room.government.draft("FIN")["position"]]
        with every.follow("public.", "inner.", options=options) as second:
            same(second.end(), 0)
            same(second.positions(), added)
        same(int(cursor.read_text()) >= added[-1], True, cursor.read_text())
    with room.case("who is too slow sees what he lost, and reads it again"):
        statement = "Reduce the losses of distribution from 20% to 12%, in words " * 14
        with every.follow("public.", "inner.") as slow:
            slow.reach(room.body())
            slow.child.send_signal(signal.SIGSTOP)
            for _ in range(1500):
                room.government.draft("PWR", statement=statement)
            slow.child.send_signal(signal.SIGCONT)
            last = room.body()
            slow.reach(last).said("hole: closed")
            got = slow.positions()
            same(len(got), len(set(got)), "each once")
            wanted, after = [], 0
            while after is not None:
                page = expect(every.get(f"/v1/events?limit=200&after={after}"), 200).json()
                wanted += [e["position"] for e in page["items"]]
                after = page.get("next")
            same(sorted(got), wanted)
    with room.case("a key that is shut out is told so, and does not come back"):
        with every.follow("public.") as follower:
            follower.reach(room.body())
            every.revoke()
            follower.said("revoked")
            same(follower.end(), 1)
        expect_problem(every.get("/v1/events"), 401, "unauthenticated")
        with every.follow("public.") as again:
            position = room.body()
            same(again.end(), 1)
            assert position not in again.positions()


def described(room):
    with room.case("asyncapi.json describes every event and where the stream is"):
        told = expect(room.stack.request("GET", "/asyncapi.json", actor=""), 200).json()
        same(told["asyncapi"], "3.0.0")
        types = {e["type"] for e in room.stack.request("GET", "/v1/events?limit=200").json()[
            "items"]}
        assert types <= set(told["channels"]), types - set(told["channels"])
        refs = []

        def gather(thing):
            if isinstance(thing, dict):
                refs.extend(v for k, v in thing.items() if k == "$ref")
                for part in thing.values():
                    gather(part)
            elif isinstance(thing, list):
                for part in thing:
                    gather(part)
        gather(told)
        for ref in set(refs):
            at = told
            for step in ref.removeprefix("#/").split("/"):
                assert step in at, ref
                at = at[step]


def node_folder(stack):
    """A folder with the npm package and the example; None, and it says so, where npm cannot."""
    folder = stack.folder / "node"
    folder.mkdir()
    if not shutil.which("npm"):
        print("SKIPPED: the example for Node: npm is not here (make deps installs it)")
        return None
    for name in ("package.json", "package-lock.json"):
        shutil.copy(EXAMPLES / name, folder)
    done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, timeout=120,
                          capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"SKIPPED: the example for Node: {done.stderr.strip()[-300:]}")
        return None
    shutil.copy(EXAMPLES / "follow.mjs", folder)
    return folder


def main():
    verdict = Verdict()
    address = f"tcp://127.0.0.1:{free_port()}"
    with Stack(settings={"MISAQ_DEPARTMENTS": address, "MISAQ_DEPARTMENTS_QUEUE": str(QUEUE),
                         "MISAQ_DEPARTMENTS_PUBLIC": address}) as stack:
        room = Room(verdict, stack)
        register(room)
        rights(room)
        following(room, node_folder(stack))
        described(room)
    return verdict.close()


if __name__ == "__main__":
    os.environ.setdefault("NODE_NO_WARNINGS", "1")
    sys.exit(main())
