#!/usr/bin/python3
"""Sessions, passwords and one-time codes from their beginning to their end, ten thousand sessions
at once, and what the name of a person may hold."""
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from door import Door  # noqa: E402
from ledger import Ledger  # noqa: E402
from people import PASSWORD, SECOND  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402
from wire import Wire  # noqa: E402

SESSIONS = 10000
PERSONS = ["v.one", "v.two", "v.four", "v.five"]


def sessions(verdict, stack, door):
    def a_session(person="v.one"):
        return expect(door.sign_in(person), 200).json()["token"]

    def bearer(token, office="person"):
        return {"Authorization": f"Bearer {token}", "Misaq-Office": office}

    with verdict.case("a session that was ended is over, others go on"):
        one, other = a_session(), a_session()
        expect(door.knock("DELETE", "/v1/sessions", None, bearer(one)), 204)
        expect_problem(door.me(one), 401, "unauthenticated")
        expect_problem(door.knock("DELETE", "/v1/sessions", None, bearer(one)), 401,
                       "unauthenticated")
        expect(door.me(other), 200)
    with verdict.case("renewed, it is the same session and ends with it"):
        token = a_session()
        renewed = expect(door.knock("POST", "/v1/sessions/renew", {}, bearer(token)), 200).json()
        same(door.me(renewed["token"]).json()["session"], door.me(token).json()["session"])
        expect(door.knock("DELETE", "/v1/sessions", None, bearer(token)), 204)
        expect(door.me(renewed["token"]), 401)
        expect(door.knock("POST", "/v1/sessions/renew", {}, bearer(renewed["token"])), 401)
    with verdict.case("nobody renews without a session, nor one that is too old"):
        expect_problem(door.knock("POST", "/v1/sessions/renew", {}), 401, "unauthenticated")
        old = door.seal(door.claims("v.one", auth_time=int(time.time()) - 86401))
        expect_problem(door.knock("POST", "/v1/sessions/renew", {}, bearer(old)), 401,
                       "unauthenticated")
    with verdict.case("a person ends all own sessions, and signs in again at once"):
        mine = [a_session() for _ in range(3)]
        expect(door.knock("POST", "/v1/people/v.one/sign-out", {}, bearer(mine[0])), 200)
        same([door.me(token).status for token in mine], [401] * 3)
        expect(door.me(a_session()), 200)
    with verdict.case("an administrator ends all sessions of a person, nobody else does"):
        mine, stranger = a_session(), a_session("v.five")
        expect_problem(door.knock("POST", "/v1/people/v.one/sign-out", {}, bearer(stranger)), 403,
                       "forbidden")
        expect(door.me(mine), 200)
        expect(stack.people.act(1, "POST", "/v1/people/v.one/sign-out", {}), 200)
        expect(door.me(mine), 401)
    with verdict.case("what was ended stays ended when the gateway starts again"):
        kept = a_session()
        stack.restart("gateway")
        expect(door.me(mine), 401)
        expect(door.me(kept), 200)


def passwords(verdict, stack, door):
    people = stack.people
    people.register("p.change", "Perveen Change")

    def change(token, **sent):
        return door.knock("POST", "/v1/me/password", sent, {"Authorization": f"Bearer {token}"})

    token = people.tokens["p.change"]
    for name, sent, pointer in (
            ("a wrong old one", {"old": "wrong password", "password": "a new password"}, "/old"),
            ("too short", {"old": PASSWORD, "password": "elevenchars"}, "/password"),
            ("the name", {"old": PASSWORD, "password": "Perveen Change"}, "/password"),
            ("the old one", {"old": PASSWORD, "password": PASSWORD}, "/password"),
            ("missing", {"old": PASSWORD}, "/password"),
            ("a newline", {"old": PASSWORD, "password": "a new\npassword"}, "/password"),
            ("201 characters", {"old": PASSWORD, "password": "x" * 201}, "/password"),
            ("an address", {"old": PASSWORD, "password": "a new password", "address": "::1"},
             "/address")):
        with verdict.case(f"a new password is refused: {name}"):
            expect_problem(change(token, **sent), 422, "invalid", pointer=pointer)
    with verdict.case("a new password counts at once, the old one no more"):
        expect(change(token, old=PASSWORD, password="بہت لمبا پاس ورڈ 42"), 200)
        expect(door.sign_in("p.change"), 401)
        fresh = expect(door.sign_in("p.change", "بہت لمبا پاس ورڈ 42"), 200).json()["token"]
        expect(door.me(fresh), 200)
    with verdict.case("a session from before it is not renewed"):
        expect(door.knock("POST", "/v1/sessions/renew", {}, {
            "Authorization": f"Bearer {fresh}"}), 200)
        old = door.seal(door.claims("p.change", auth_time=int(time.time()) - 60))
        expect(door.knock("POST", "/v1/sessions/renew", {}, {
            "Authorization": f"Bearer {old}"}), 401)
    with verdict.case("no password lies in the ledger, in a log or in Redis as it was given"):
        wanted = [PASSWORD.encode(), "پاس ورڈ".encode()]
        for path in [*stack.folder.glob("*.log"), *stack.folder.glob("data/**/*")]:
            if path.is_file():
                content = path.read_bytes()
                assert not any(word in content for word in wanted), path


def codes(verdict, stack, door):
    people = stack.people
    people.headers("a.third@administrator.3")
    expect(people.act(0, "POST", "/v1/people", {"id": "c.new", "name": "New (invented)"}), 201)
    path = "/v1/people/c.new"

    def halves():
        return [expect(people.act(which, "GET", f"{path}/code"), 200).json() for which in (0, 1)]

    def try_code(code, password="a long password", person="c.new"):
        return door.knock("POST", "/v1/passwords", {"person": person, "code": code,
                                                    "password": password})

    def refused(code, **how):
        expect_problem(try_code(code, **how), 422, "invalid", pointer="/code")

    with verdict.case("a code wants two administrators"):
        expect_problem(people.act(0, "GET", f"{path}/code"), 409, "wrong-state")
        expect(people.act(0, "POST", f"{path}/invite", {}), 200)
        expect_problem(people.act(0, "GET", f"{path}/code"), 409, "wrong-state")
        expect_problem(people.act(0, "POST", f"{path}/invite/confirm", {}), 403, "forbidden")
        expect(people.act(1, "POST", f"{path}/invite/confirm", {}), 200)
    with verdict.case("each of the two sees one half, others none"):
        first, second = halves()
        same((sorted(first), sorted(second)), (["first", "person", "until"],
                                               ["person", "second", "until"]))
        third = people.headers("a.third@administrator.3")
        expect_problem(door.knock("GET", f"{path}/code", None, third), 403, "forbidden")
        expect(door.knock("GET", f"{path}/code"), 401)
    one, two = first["first"], second["second"]
    with verdict.case("half a code, a wrong one and that of another are none"):
        for wrong in (one, two, f"{two}-{one}", f"{one}-{one}", f"{one}-{two}0", "0" * 24):
            refused(wrong)
        refused(f"{one}-{two}", person="v.two")
        refused(f"{one}-{two}", person="n.obody")
        expect(door.sign_in("c.new", "a long password"), 401)
    with verdict.case("a weak password does not use it up"):
        for weak in ("short", "c.new", "New (invented)"):
            expect_problem(try_code(f"{one}-{two}", weak), 422, "invalid", pointer="/password")
    with verdict.case("an older code is void when a newer one is confirmed"):
        expect(people.act(1, "POST", f"{path}/invite", {}), 200)
        expect(people.act(0, "POST", f"{path}/invite/confirm", {}), 200)
        refused(f"{one}-{two}")
        second, first = halves()
        one, two = first["first"], second["second"]
    with verdict.case("it works once, however it is written down"):
        expect(try_code(f"{one} {two}".lower().replace("-", " ")), 200)
        expect(try_code(f"{one}-{two}"), 200)  # the same again: the answer was lost
        refused(f"{one}-{two}", password="another long password")
        expect(door.sign_in("c.new", "a long password"), 200)
        expect_problem(people.act(0, "GET", f"{path}/code"), 410, "gone")
    with verdict.case("a government is founded once"):
        told = subprocess.run(stack.misaq("init", "e.one", "Enemy", "e.two", "Enemy"),
                              capture_output=True, text=True, timeout=60, check=False,
                              env=stack.environment())
        assert told.returncode != 0 and "e.one" not in told.stdout, told.stdout
        expect(door.sign_in(SECOND), 200)


NAMES = ['Sana "Sunny" O\'Neill', "<script>alert(1)</script>", "a & b; <b>c</b> --", "\\u0041\\n",
         "محمد علی جناح", "Ærø Straße İzmir", "; DROP TABLE people", "=cmd|' /C calc'!A0",
         "{{7*7}} ${jndi:ldap://x}", "x" * 120, "🧑‍🌾 Kisan"]
BAD_NAMES = ["", "a\nb", "a\rb", "a\tb", "\u202eevil", "a\u2066b", "e\u0301", "x" * 121, "\u0000",
             5, None, ["a"]]
BAD_IDS = ["", "A.Khan", "a khan", "pm", "focal.x", "administrator.9", "secretary", "person",
           "1abc", ".a", "a/b", "../a", "a%2fb", "علی", "a\nb", "x" * 65, "a@b", "a'b", "<b>", 5]


def names(verdict, stack, door):
    people, ledger = stack.people, Ledger(stack.redis)
    for number, name in enumerate(NAMES):
        with verdict.case(f"a person is called {name[:30]!r}"):
            people.register(f"n.{number}", name)
            read = people.act(0, "GET", f"/v1/people/n.{number}")
            same(read.json()["name"], name)
            same(door.me(people.tokens[f"n.{number}"]).json()["name"], name)
            same(read.headers["Content-Type"], "application/json")
            same(read.headers["X-Content-Type-Options"], "nosniff")
    for which, values in (("name", BAD_NAMES), ("id", BAD_IDS)):
        for value in values:
            with verdict.case(f"no person has the {which} {str(value)[:20]!r}"):
                length = ledger.length()
                sent = {"id": "n.bad", "name": "Fine (invented)"} | {which: value}
                answer = people.act(0, "POST", "/v1/people", sent)
                assert answer.status in (400, 422), f"{answer.status}: {answer.body}"
                assert answer.status == 400 or f"/{which}" in answer.body.decode(), answer.body
                same(ledger.length(), length, "entries of the ledger")


def many(verdict, stack, door):
    with verdict.case(f"{SESSIONS} sessions at once, each its own"):
        made = [door.seal(door.claims(PERSONS[number % 4], sid=f"{number:032x}"))
                for number in range(SESSIONS)]
        began, served = time.monotonic(), 0
        for _ in range(2):
            with Wire(stack.address, 60) as wire:
                for at in range(0, SESSIONS, 50):
                    page = made[at:at + 50]
                    wire.send("".join(f"GET /v1/cycles HTTP/1.1\r\nHost: t\r\nAuthorization: "
                                      f"Bearer {token}\r\n\r\n" for token in page))
                    for token in page:
                        answer = wire.read()
                        same(answer and answer.status, 200, token)
                        served += 1
        print(f"  {served} requests of {SESSIONS} sessions in {time.monotonic() - began:.1f} s")
    with verdict.case("of those, the ones that were ended are over and no others"):
        for token in made[:40:2]:
            expect(door.knock("DELETE", "/v1/sessions", None, {
                "Authorization": f"Bearer {token}"}), 204)
        same([door.me(token).status for token in made[:40]], [401, 200] * 20)


def main():
    verdict = Verdict()
    with Stack() as stack:
        stack.people.found()
        for person in PERSONS:
            stack.people.register(person)
        door = Door(stack)
        sessions(verdict, stack, door)
        passwords(verdict, stack, door)
        codes(verdict, stack, door)
        names(verdict, stack, door)
        many(verdict, stack, door)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
