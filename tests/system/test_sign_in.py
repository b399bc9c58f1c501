#!/usr/bin/python3
"""Signing in as an enemy would try it: guessing, tokens that are none, and cookies that pages of
other sites make a browser send."""
import base64
import concurrent.futures
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from door import COOKIE, DEVICE, HEADER, Door, base64url, cookies, spelled  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

PLACE, ADDRESS, ANYWHERE = 5, 30, 50  # failures that are allowed


def too_many(answer):
    expect_problem(answer, 429, "too-many-requests")
    assert int(answer.headers["Retry-After"]) > 0, answer.headers["Retry-After"]


def guessing(verdict, stack, door):
    for person in ("v.one", "v.two", "v.three", "v.four", "v.five", "v.six"):
        stack.people.register(person)
    with verdict.case("a wrong password and nobody of that name are answered alike"):
        answers = [door.wrong("v.one", source="127.0.0.9").json(),
                   door.wrong("n.obody", source="127.0.0.9").json()]
        for answer in answers:
            del answer["trace"]
        same(answers[0], answers[1])
    with verdict.case("per account: after five failures at one address nobody gets in there"):
        for _ in range(PLACE):
            expect_problem(door.wrong("v.two", source="127.0.0.10"), 401, "unauthenticated")
        too_many(door.wrong("v.two", source="127.0.0.10"))
        too_many(door.sign_in("v.two", source="127.0.0.10"))
    with verdict.case("nor where nobody of that name is registered"):
        for _ in range(PLACE):
            expect_problem(door.wrong("n.other", source="127.0.0.11"), 401, "unauthenticated")
        too_many(door.wrong("n.other", source="127.0.0.11"))
    with verdict.case("the victim still gets in from elsewhere"):
        expect(door.sign_in("v.two", source="127.0.0.12"), 200)
    with verdict.case("and with a known browser from the very address of the enemy"):
        device = expect(door.sign_in("v.three", source="127.0.0.13"), 200).json()["device"]
        for _ in range(PLACE):
            door.wrong("v.three", source="127.0.0.13")
        too_many(door.sign_in("v.three", source="127.0.0.13"))
        expect(door.sign_in("v.three", source="127.0.0.13", device=device), 200)
        for made_up in ("x", device[:-1], device + "x", device.replace(".", ""), "9" * 64,
                        device.replace(device[:4], "9999", 1)):
            too_many(door.sign_in("v.three", source="127.0.0.13", device=made_up))
    with verdict.case("a mark of one person is none of another"):
        for _ in range(PLACE):
            door.wrong("v.four", source="127.0.0.14")
        too_many(door.sign_in("v.four", source="127.0.0.14", device=device))
    with verdict.case("a known browser may not guess for ever"):
        for _ in range(PLACE):
            expect(door.wrong("v.three", source="127.0.0.13", device=device), 401)
        too_many(door.sign_in("v.three", source="127.0.0.13", device=device))
    with verdict.case("getting in forgets the failures at that place"):
        for _ in range(3):
            for _ in range(PLACE - 1):
                expect(door.wrong("v.five", source="127.0.0.15"), 401)
            expect(door.sign_in("v.five", source="127.0.0.15"), 200)
    with verdict.case("many at once are not more than one after the other"):
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            statuses = list(pool.map(lambda _: door.wrong("v.six", source="127.0.0.16").status,
                                     range(32)))
        assert set(statuses) <= {401, 429} and 1 <= statuses.count(401) <= PLACE, statuses


def guessing_widely(verdict, stack, door):
    with verdict.case("per address: thirty failures over all accounts, then nobody new there"):
        device = expect(door.sign_in("v.one"), 200).json()["device"]
        for number in range(ADDRESS):
            expect(door.wrong(f"n.body{number}", source="127.0.0.20"), 401)
        too_many(door.wrong("n.fresh", source="127.0.0.20"))
        too_many(door.sign_in("v.one", source="127.0.0.20"))
        expect(door.sign_in("v.one", source="127.0.0.20", device=device), 200)
        expect(door.sign_in("v.one", source="127.0.0.21"), 200)
    with verdict.case("per account from anywhere: fifty failures, the victim is not locked out"):
        stack.people.register("v.wide")
        home = expect(door.sign_in("v.wide", source="127.0.0.22"), 200).json()["device"]
        statuses = [door.wrong("v.wide", source=f"127.0.1.{1 + number // 4}").status
                    for number in range(ANYWHERE + 10)]
        same(statuses, [401] * ANYWHERE + [429] * 10)
        too_many(door.sign_in("v.wide", source="127.0.2.1"))
        expect(door.sign_in("v.wide", source="127.0.0.22"), 200)
        expect(door.sign_in("v.wide", source="127.0.2.2", device=home), 200)
    with verdict.case("X-Forwarded-For of a stranger is not believed"):
        stack.people.register("v.forward")
        statuses = [door.wrong("v.forward", source="127.0.0.30", headers={
            "X-Forwarded-For": f"198.51.100.{number}"}).status for number in range(PLACE + 1)]
        same(statuses, [401] * PLACE + [429])
    stack.programs["gateway"].environment["MISAQ_PROXIES"] = "1"
    stack.restart("gateway")
    with verdict.case("behind a proxy of ours the address that it has seen counts, no other"):
        stack.people.register("v.behind")

        def from_there(*seen):
            return {"X-Forwarded-For": ", ".join(seen)}
        for number in range(PLACE):
            expect(door.wrong("v.behind", headers=from_there(f"203.0.113.{number}",
                                                             "198.51.100.9")), 401)
        too_many(door.sign_in("v.behind", headers=from_there("192.0.2.1", "198.51.100.9")))
        expect(door.sign_in("v.behind", headers=from_there("198.51.100.9", "192.0.2.1")), 200)
    with verdict.case("an IPv6 address counts with its neighbours, another network does not"):
        for number in range(PLACE):
            expect(door.wrong("v.behind", headers=from_there(f"2001:db8:1:2::{number}")), 401)
        too_many(door.sign_in("v.behind", headers=from_there("2001:db8:1:2:ffff::1")))
        expect(door.sign_in("v.behind", headers=from_there("2001:db8:1:3::1")), 200)
    del stack.programs["gateway"].environment["MISAQ_PROXIES"]
    stack.restart("gateway")


def tokens(verdict, stack, door):
    token = stack.people.sign_in("v.one")
    head, said, seal = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(said + "=="))
    now = int(time.time())

    def refused(name, wrong):
        with verdict.case(f"a token that is {name}"):
            expect_problem(door.me(wrong), 401, "unauthenticated")

    with verdict.case("a token sealed as offices does it is one: the refusals below are earned"):
        same(expect(door.me(door.seal(door.claims("v.one"))), 200).json()["id"], "v.one")
        same(expect(door.me(token), 200).json()["session"], claims["sid"])
    other = base64url(spelled(claims | {"sub": "v.two"}).encode())
    twice = '{"sub":"v.two",' + spelled(door.claims("v.one"))[1:]
    with verdict.case("a token holds no roles"):
        same(sorted(claims), ["auth_time", "exp", "iss", "sid", "sub"])
    with verdict.case("truncated at every byte"):
        for length in range(1, len(token)):
            same(door.me(token[:length]).status, 401, f"{length} bytes")
    with verdict.case("changed at every byte"):
        for place, letter in enumerate(token):
            other = "A" if letter != "A" else "B"
            same(door.me(token[:place] + other + token[place + 1:]).status, 401, f"at {place}")
    with verdict.case("the seal spelled in another way"):
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        for add in (1, 2, 3):  # bits that stand for nothing
            last = letters[letters.index(seal[-1]) ^ add]
            same(door.me(f"{head}.{said}.{seal[:-1]}{last}").status, 401, last)
    for name, changed in (
            ("expired", {"exp": now - 1}), ("expired long ago", {"exp": 1}),
            ("of another government", {"iss": "XX"}), ("of none", {"iss": None}),
            ("of somebody unknown", {"sub": "n.obody"}), ("of no person", {"sub": None}),
            ("of an office", {"sub": "pm"}), ("with a session of none", {"sid": None}),
            ("with an empty session", {"sid": ""}), ("with roles", {"roles": ["pm"]}),
            ("with an office", {"office": "pm"}), ("without an end", {"exp": None}),
            ("with a text for its end", {"exp": str(now + 600)}),
            ("with a fraction for its end", {"exp": now + 600.5}),
            ("with a list for its person", {"sub": ["v.one"]}),
            ("with blanks in its person", {"sub": "v.one "}),
            ("with a person of 300 bytes", {"sub": "a" * 300})):
        refused(name, door.seal(door.claims("v.one", **changed)))
    for name, header in (("without algorithm", {"alg": "none", "typ": "JWT"}),
                         ("HS512", {"alg": "HS512", "typ": "JWT"}),
                         ("with its header in another order", {"typ": "JWT", "alg": "HS256"}),
                         ("with a key in its header", HEADER | {"jwk": {"kty": "oct", "k": "AA"}}),
                         ("with a kid", HEADER | {"kid": "../../dev/null"}),
                         ("with crit", HEADER | {"crit": ["exp"]})):
        refused(name, door.seal(door.claims("v.one"), header))
    for name, wrong in (
            ("sealed with an empty secret", door.seal(claims, secret=b"")),
            ("sealed with another secret", door.seal(claims, secret=b"x" * 32)),
            ("sealed with SHA-512", door.seal(claims, digest="sha512")),
            ("not sealed", f"{head}.{said}."), ("only claims", said), ("dots", ".."),
            ("five parts", f"{token}.{said}.{seal}"),
            ("another's with this seal", f"{head}.{other}.{seal}"),
            ("with a member twice", door.seal(twice)),
            ("no JSON", door.seal("sub=v.one")), ("a list", door.seal("[]")),
            ("too long", door.seal(door.claims("v.one", iss="P" * 700)))):
        refused(name, wrong)
    with verdict.case("an expired cookie is refused and dropped"):
        old = door.seal(door.claims("v.one", exp=now - 1))
        answer = door.knock("GET", "/v1/me", None, {"Cookie": f"{COOKIE}={old}"})
        expect_problem(answer, 401, "unauthenticated")
        assert "Max-Age=0" in cookies(answer)[COOKIE][1], answer.headers.items()


def cross_site(verdict, stack, door):
    answer = expect(door.sign_in("v.one"), 200)
    kept = cookies(answer)
    with verdict.case("cookies are bound to this host, to https, and out of reach of scripts"):
        fixed = {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"}
        same(kept[COOKIE][1], fixed)
        same(kept[COOKIE][0], answer.json()["token"])
        same(kept[DEVICE][1], fixed | {"Max-Age=7776000"})
        same(answer.headers["Cache-Control"], "no-store")
    signed = {"Cookie": f"{COOKIE}={kept[COOKIE][0]}"}
    with verdict.case("a browser reads and writes with its cookie"):
        same(expect(door.knock("GET", "/v1/me", None, signed), 200).json()["id"], "v.one")
        host = {"Origin": f"http://{stack.address}", "Sec-Fetch-Site": "same-origin"}
        renewed = expect(door.knock("POST", "/v1/sessions/renew", {}, signed | host), 200)
        assert COOKIE in cookies(renewed), "the new token comes as a cookie"
    for fields in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""},
                   {"Origin": f"http://{stack.address}.evil.example"},
                   {"Origin": f"http://evil.example/{stack.address}"},
                   {"Origin": f"ftp://{stack.address}"},
                   {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                   {"Sec-Fetch-Site": "cross-site", "Origin": f"http://{stack.address}"}):
        with verdict.case(f"a page of another site writes nothing: {fields}"):
            for method, path in (("POST", "/v1/sessions/renew"), ("DELETE", "/v1/sessions"),
                                 ("POST", "/v1/people/v.one/sign-out")):
                answer = door.knock(method, path, {} if method == "POST" else None,
                                    signed | fields)
                expect_problem(answer, 403, "forbidden")
                assert not cookies(answer), "and drops no cookie"
        with verdict.case(f"nor does it sign somebody in: {fields}"):
            answer = door.sign_in("v.one", headers=fields)
            expect_problem(answer, 403, "forbidden")
            assert not cookies(answer), "no cookie"
    with verdict.case("nobody guesses which of two cookies counts"):
        for field in (f"{COOKIE}=a; {COOKIE}={kept[COOKIE][0]}",
                      f"{COOKIE}={kept[COOKIE][0]}; {COOKIE}=a"):
            expect_problem(door.knock("GET", "/v1/me", None, {"Cookie": field}), 400, "bad-input")
    with verdict.case("no answer of a signed-in person is kept by a cache between"):
        answer = door.knock("GET", "/v1/me", None, signed)
        same(answer.headers["Cache-Control"], "no-store")
        answer = door.knock("GET", "/v1/targets", None, signed)
        assert answer.headers["Cache-Control"] in ("no-store", "private, no-cache"), answer.headers
    with verdict.case("signing out drops the cookie"):
        answer = expect(door.knock("DELETE", "/v1/sessions", None, signed), 204)
        assert "Max-Age=0" in cookies(answer)[COOKIE][1], answer.headers.items()
        expect_problem(door.knock("GET", "/v1/me", None, signed), 401, "unauthenticated")


def main():
    verdict = Verdict()
    with Stack() as stack:
        stack.people.found()
        door = Door(stack)
        guessing(verdict, stack, door)
        guessing_widely(verdict, stack, door)
        tokens(verdict, stack, door)
        cross_site(verdict, stack, door)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
