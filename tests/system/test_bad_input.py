#!/usr/bin/python3
"""Input that breaks a rule: each gets a problem that names the member, the header or the line, and
the ledger stays as long as it was."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import packed  # noqa: E402
import wire  # noqa: E402
from government import (DECIMALS, ROOT, Government, a_body, a_promise, csv_of,  # noqa: E402
                        focal, in_thousandths)
from refusals import TARGETS, Refusals  # noqa: E402
from stack import Answer, Stack  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

MSGPACK = "application/vnd.msgpack"
FALLING = [19, 18, 17, 16, 15, 14, 13, 12]


# Members of a draft that are wrong each by itself, and the pointer that must name them.
MEMBERS = [
    ({"statement": 5}, "/statement"), ({"statement": None, "weight": 5}, "/statement"),
    ({"statement": ""}, "/statement"), ({"statement": "x" * 1001}, "/statement"),
    ({"statement": "a\nb"}, "/statement"), ({"statement": "a\u0000b"}, ""),
    ({"statement": "\u202emirrored"}, "/statement"), ({"place": "a\u2066b"}, "/place"),
    ({"statement": "e\u0301"}, "/statement"), ({"beneficiary": ["Consumers"]}, "/beneficiary"),
    ({"colour": "green"}, "/colour"), ({"id": "PWR-2021.9"}, "/id"),
    ({"past": [{"on": "2018-06-30", "value": 1, "by": "x"}]}, "/past/0/by"),
    ({"class": "wish"}, "/class"), ({"class": 1}, "/class"), ({"direction": "DOWN"}, "/direction"),
    ({"depends_on_nobody": "true"}, "/depends_on_nobody"), ({"weight": "25"}, "/weight"),
    ({"weight": 0}, "/weight"), ({"weight": -1}, "/weight"), ({"weight": 100.001}, "/weight"),
    ({"weight": True}, "/weight"), ({"weight": 25.0001}, "/weight"),
    ({"baseline": 1e30}, "/baseline"), ({"baseline": 20.00001}, "/baseline"),
    ({"baseline": 123456789012345}, "/baseline"), ({"target_value": {}}, "/target_value"),
    ({"milestones": "19;18"}, "/milestones"), ({"milestones": [19, "18"]}, "/milestones/1"),
    ({"milestones": [19, 18.0001]}, "/milestones/1"), ({"milestones": [19] * 25}, "/milestones"),
    ({"milestones": FALLING + [12]}, "/milestones"), ({"milestones": [19, 18, 18.001]},
                                                      "/milestones/2"),
    ({"milestones": [20.001]}, "/milestones/0"), ({"milestones": [19, 11.999]}, "/milestones/1"),
    ({"milestones": FALLING[:7] + [12.5]}, "/milestones/7"),
    ({"target_value": 21}, "/target_value"),
    ({"direction": "up"}, "/target_value"), ({"direction": "keep"}, "/milestones/0"),
    ({"baseline_on": "2021-02-30"}, "/baseline_on"), ({"baseline_on": 20210630}, "/baseline_on"),
    ({"target_on": "2023-07-01"}, "/target_on"), ({"target_on": "2021-07-01"}, "/target_on"),
    ({"target_on": "30.06.2023"}, "/target_on"), ({"baseline_on": "2023-06-30"}, "/baseline_on"),
    ({"past": [{"on": "2018-06-30"}]}, "/past/0/value"), ({"past": {"on": "2018-06-30"}}, "/past"),
    ({"past": [{"on": "2019-06-30", "value": 1}, {"on": "2018-06-30", "value": 2}]}, "/past/1/on"),
    ({"past": [{"on": "2021-06-30", "value": 1}]}, "/past/0/on"),
    ({"past": [{"on": f"20{n}-01-01", "value": 1} for n in range(10, 23)]}, "/past"),
    ({"dependencies": [{"body": "NOPE", "what": "x"}], "depends_on_nobody": None},
     "/dependencies/0/body"),
    ({"dependencies": [{"body": "PWR", "what": "x"}], "depends_on_nobody": None},
     "/dependencies/0/body"),
    ({"dependencies": [{"body": "FIN", "what": "x"}] * 2, "depends_on_nobody": None},
     "/dependencies/1"),
    ({"dependencies": [{"body": "FIN", "what": "x"}]}, "/depends_on_nobody"),
    ({"serves": "PWR-2021.1"}, "/serves"), ({"serves": "FIN-2021.1", "class": "output"}, "/serves"),
    ({"serves": "nothing", "class": "output"}, "/serves"), ({"owner": "focal.FIN"}, "/owner"),
    ({"owner": "auditor"}, "/owner"), ({"owner": "a b"}, "/owner"),
    ({"agreement": "FIN-2021"}, "/agreement"), ({"note": "n" * 301}, "/note"),
]

# Texts that are no JSON, or none that is read here; where they break.
BROKEN = [
    ("half an object", b'{"statement":', {"line": 1}),
    ("a comma at the end", b'{"statement":"x",\n}', {"line": 2}),
    ("a comment", b'{"statement":"x"} // so', {"line": 1}),
    ("single quotes", b"{'a':1}", {"line": 1}),
    ("two values", b'{"statement":"x"}{}', {"line": 1}), ("NaN", b'{"weight":NaN}', {"line": 1}),
    ("Infinity", b'{\n"weight":Infinity}', {"line": 2}), ("a leading zero", b'{"weight":025}', {}),
    ("a byte order mark", b'\xef\xbb\xbf{"statement":"x"}', {"line": 1}),
    ("invalid UTF-8", b'{"statement":"\xff\xfe"}', {"line": 1}),
    ("a surrogate in UTF-8", b'{"statement":"\xed\xa0\x80"}', {"line": 1}),
    ("half a surrogate pair", b'{"statement":"\\ud800"}', {"line": 1}),
    ("an overlong slash", b'{"statement":"\xc0\xaf"}', {"line": 1}),
    ("a member twice", b'{"statement":"x",\n"statement":"y"}', {"line": 2}),
    ("an inner member twice", b'{"statement":"x","past":[{"on":"2018-06-30","on":"2018-06-30"}]}',
     {"line": 1}),
    ("brackets 100,000 deep", b"[" * 100000, {"line": 1, "column": 17}),
    ("objects 17 deep", b'{"a":' * 17 + b"1" + b"}" * 17, {"line": 1}),
    ("16 digits", b'{"baseline":1234567890.123456}', {"line": 1}),
    ("1,000 digits", b'{"statement":"x",\n"weight":' + b"1" * 1000 + b"}", {"line": 2}),
    ("a number beyond doubles", b'{"weight":1e999}', {"line": 1}),
    ("UTF-16", '{"statement":"x"}'.encode("utf-16"), {"line": 1}),
]

PACKED = [
    ("bytes behind it", packed.pack({"statement": "x"}) + b"\x00", 400),
    ("a key twice", b"\x82" + packed.pack("statement") * 4, 422),
    ("a list where a map belongs", packed.pack([1]), 422),
    ("a length of 4 GB", b"\xdf\xff\xff\xff\xff", 400),
    ("a double where a decimal belongs", packed.pack({"statement": "x", "weight": 25.0}), 422),
    ("a decimal out of range", packed.pack({"statement": "x", "weight": 100001}), 422),
    ("an unknown key", packed.pack({"statement": "x", "colour": 1}), 422),
    ("a number as a text", packed.pack({"statement": 5}), 422),
    ("a bidi control", packed.pack({"statement": "\u202e"}), 422),
    ("a text longer than the rest", b"\x81\xdb\xff\xff\xff\xffabc", 400),
    ("33 levels", b"\x81\xa4past" + b"\x91" * 33 + b"\x01", 400),
    ("a text that is not UTF-8", b"\x81\xa9statement\xa2\xff\xfe", 400),
    ("an extension", b"\x81\xa9statement\xd4\x01\x00", 400), ("cut off", b"\x82\xa9statement", 400),
]


def json_bodies(refusals):
    for members, pointer in MEMBERS:
        shown = json.dumps(members)
        promise = a_promise("PWR", **members)
        if members.get("class") == 1 or pointer:
            refusals.check(f"draft with {shown[:80]}", promise, 422, "invalid", pointer=pointer)
        else:
            refusals.check(f"draft with {shown[:80]}", promise, 400, "bad-input", line=1)
    refusals.check("null instead of leaving it out", b'{"statement":null}', 422, "invalid",
                   pointer="/statement")
    for body in (b"[]", b'"text"', b"5", b"null", b"true"):
        with refusals.verdict.case(f"the body {body.decode()}"):
            length = refusals.ledger.length()
            assert refusals.post(body).status in (400, 422)
            same(refusals.ledger.length(), length, "entries of the ledger")
    for name, body, place in BROKEN:
        refusals.check(f"JSON: {name}", body, 400, "bad-input", **place)
    with refusals.verdict.case("all that breaks a rule is named, not only the first"):
        problem = refusals.post(a_promise("PWR", owner="focal.FIN", target_on="2030-01-01",
                                          milestones=[21, 22])).json()
        named = {error["pointer"] for error in problem["errors"]}
        assert named >= {"/owner", "/target_on", "/milestones/0", "/milestones/1"}, named
    for name, body, status in PACKED:
        refusals.check(f"MessagePack: {name}",
                       lambda body=body: refusals.post(body, **{"Content-Type": MSGPACK}), status,
                       "bad-input" if status == 400 else "invalid")
    for members, pointer in MEMBERS:
        if pointer and not DECIMALS & set(members):  # those have another form here
            promise = packed.pack(in_thousandths(a_promise("PWR", **members)))
            refusals.check(f"MessagePack with {json.dumps(members)[:60]}", lambda promise=promise:
                           refusals.post(promise, **{"Content-Type": MSGPACK}), 422, "invalid",
                           pointer=pointer)


def other_things(refusals, government, stack):
    stack.people.headers("x@secretariat")  # who is named first is posted first

    def post(path, thing, actor=ROOT):
        return lambda: stack.request("POST", path, thing, actor=actor)

    cycle = {"id": "2031", "title": "x", "starts_on": "2031-07-01", "ends_on": "2033-06-30"}
    for members, pointer in (
            ({"id": "31"}, "/id"), ({"id": "2032"}, "/id"), ({"ends_on": "2031-07-01"}, "/ends_on"),
            ({"periods": 7}, "/periods"), ({"periods": 25}, "/periods"),
            ({"periods": 8.5}, "/periods"), ({"late_share": 100.001}, "/late_share")):
        refusals.check(f"cycle with {members}", post("/v1/cycles", cycle | members), 422, "invalid",
                       pointer=pointer)
    for members, pointer in (
            ({"id": "pwr"}, "/id"), ({"id": "EXTERNAL"}, "/id"), ({"id": "ABCDEFGHIJKLM"}, "/id"),
            ({"id": "A.B"}, "/id"), ({"valid_to": "1999-12-31"}, "/valid_to"),
            ({"successors": ["NEW"]}, "/successors/0"), ({"successors": ["NOPE"]}, "/successors/0"),
            ({"successors": ["FIN", "FIN"]}, "/successors/1"), ({"name": None}, "/name")):
        body = {name: value for name, value in (a_body("NEW") | members).items() if value}
        refusals.check(f"body with {members}", post("/v1/ministries", body), 422, "invalid",
                       pointer=pointer)
    refusals.check("an agreement of an unknown body", post("/v1/agreements", {
        "body": "NOPE", "cycle": "2021"}, "x@secretariat"), 422, "invalid", pointer="/body")
    refusals.check("an agreement in an unknown cycle", post("/v1/agreements", {
        "body": "PWR", "cycle": "1999"}, focal("PWR")), 422, "invalid", pointer="/cycle")
    refusals.check("an agreement that is open", post("/v1/agreements", {
        "body": "PWR", "cycle": "2021"}, focal("PWR")), 409, "already-exists")
    for path, status in (("/v1/cycles/1999", 404), ("/v1/ministries/NOPE", 404),
                         ("/v1/agreements/PWR-1999", 404), ("/v1/targets/PWR-2021.999", 404),
                         ("/v1/targets/PWR-2021.0", 404), ("/v1/targets/PWR-2021.01", 404),
                         ("/v1/targets/PWR-2021.4294967297", 404), ("/v1/targets/PWR", 404),
                         ("/v1/cycles/1999/history", 404), ("/v1/targets/NOPE-1.1/history", 404)):
        refusals.check(f"GET {path}", lambda path=path: stack.request(
            "GET", path, actor=focal("PWR")), status, "not-found")
        if path.startswith("/v1/targets/") and "history" not in path and path.count("PWR-"):
            refusals.check(f"PUT {path}", lambda path=path: government.put(
                path, a_promise("PWR"), '"1"', focal("PWR")), status, "not-found")
    refusals.check("a target of no agreement", lambda: refusals.post(
        a_promise("PWR"), "/v1/agreements/PWR-1999/targets"), 404, "not-found")
    for path in ("/v1/targets/a%20b", "/v1/cycles/%C3%A9", "/v1/targets/" + "x" * 65):
        refusals.check(f"GET {path[:30]}", lambda path=path: stack.request(
            "GET", path, actor=focal("PWR")), 422, "invalid")


def large(stack, path, kind, content, chunked):
    """Sends on until the other side closes, and reads what it said."""
    def send():
        with wire.Wire(stack.address, 30) as line:
            framing = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(content)}"
            line.send(f"POST {path} HTTP/1.1\r\nHost: test\r\n{stack.people.lines(focal('PWR'))}"
                      f"Content-Type: {kind}\r\n{framing}\r\nIf-Match: \"1\"\r\n\r\n")
            for at in range(0, len(content), 65536):
                block = content[at:at + 65536]
                if not line.send(b"%x\r\n%s\r\n" % (len(block), block) if chunked else block):
                    break
            if chunked:
                line.send(b"0\r\n\r\n")
            answer = line.read()
            assert answer, "the connection was closed without an answer"
            headers = {"Content-Type": answer.headers["content-type"]}
            return Answer(answer.status, headers, answer.body)
    return send


def requests(refusals, government, stack):
    path = "/v1/targets/PWR-2021.1"
    for name, chunked in (("announced", False), ("in chunks", True)):
        for what, where, kind, content in (
                ("20 MB of JSON", TARGETS, "application/json", b" " * 20000000),
                ("a CSV of 5 MB", "/v1/agreements/PWR-2021/import", "text/csv",
                 b"statement\n" + b"x" * 5000000),
                ("300 KB of JSON", TARGETS, "application/json", b" " * 300000 + b"{}")):
            refusals.check(f"{what}, {name}", large(stack, where, kind, content, chunked), 413,
                           "too-large")
    key = {"Idempotency-Key": "a key that is used once"}
    with refusals.verdict.case("the first request with a key"):
        expect(refusals.post(a_promise("PWR"), **key), 201)
    refusals.check("the key again with another body", lambda: refusals.post(
        a_promise("PWR", weight=26), **key), 422, "idempotency-key-reused")
    refusals.check("the key again for another act", lambda: government.post(
        "PWR", "import", csv_of([a_promise("PWR")]), **key), 422, "idempotency-key-reused")
    for bad in ("", "x" * 201, "caf\xe9"):
        refusals.check(f"the Idempotency-Key {bad[:10]!r}", lambda bad=bad: refusals.post(
            a_promise("PWR"), **{"Idempotency-Key": bad}), 400, "bad-input",
            header="Idempotency-Key")
    for query, name in (("colour=red", "colour"), ("limit=5&limit=6", "limit"), ("text=", "text"),
                        ("class=wish", "class"), ("weight_from=a", "weight_from"),
                        ("Body=A", "Body"),
                        ("weight_to=1.0001", "weight_to"), ("sort=colour", "sort"),
                        ("state=", "state"), ("body=a%20b", "body"), ("text=a%0Ab", None),
                        ("at=5", "at"), ("text=%E2%80%AE", "text"), ("text=%FF", None)):
        status, word = (422, "invalid") if name else (400, "bad-input")
        refusals.check(f"GET /v1/targets?{query}", lambda query=query: stack.request(
            "GET", f"/v1/targets?{query}", actor=focal("PWR")), status, word,
            **({"parameter": name} if name else {}))
    refusals.check("a parameter where the body speaks", lambda: refusals.post(
        a_promise("PWR"), f"{TARGETS}?weight=5"), 422, "invalid", parameter="weight")
    for kind in ("text/plain", "application/xml", "application/json; charset=latin-1", "text/csv",
                 "json", ""):
        refusals.check(f"Content-Type {kind!r}", lambda kind=kind: refusals.post(
            json.dumps(a_promise("PWR")), **{"Content-Type": kind}), 415, "unsupported-media-type")
    refusals.check("JSON where a CSV belongs", lambda: government.post(
        "PWR", "import", b"{}", **{"Content-Type": "application/json"}), 415,
        "unsupported-media-type")
    for accept in ("text/html", "application/json;q=0", "text/csv"):
        refusals.check(f"Accept {accept}", lambda accept=accept: refusals.post(
            a_promise("PWR"), Accept=accept), 406, "not-acceptable")
    for method, one, allow in (("DELETE", "/v1/targets", "GET, HEAD, OPTIONS"),
                               ("PATCH", path, "GET, HEAD, PUT, DELETE, OPTIONS"),
                               ("POST", "/v1/totals", "GET, HEAD, OPTIONS"),
                               ("GET", TARGETS, "POST, OPTIONS"),
                               ("BREW", "/v1/cycles", "GET, HEAD, POST, OPTIONS")):
        with refusals.verdict.case(f"{method} {one} is answered with what is allowed"):
            answer = stack.request(method, one, actor=focal("PWR"))
            expect_problem(answer, 405, "method-not-allowed")
            same(answer.headers["Allow"], allow, "Allow")
            same(stack.request("OPTIONS", one).headers["Allow"], allow, "Allow of OPTIONS")
    for one in ("/", "/v1", "/v2/targets", "/v1/nothing", "/v1/targets/a/b/c", "/V1/targets",
                "/v1/service.status", "/readyz", "/metrics", "/digest", "/problems/nothing"):
        refusals.check(f"GET {one}", lambda one=one: stack.request("GET", one), 404, "not-found")


def nobody_known(refusals, stack):
    """Who asks must be signed in, and hold the office that is named."""
    signed = stack.people.headers(focal("PWR"))
    token = signed["Authorization"]

    def post(**headers):
        return lambda: stack.request("POST", TARGETS, a_promise("PWR"), headers, "")

    for office in ("", "x", "@", "king", "focal", "focal.", "auditor.PWR", "focal.PWR.0",
                   "focal.PWR.x", "focal.P W", "a.khan@focal.PWR", "a" * 65):
        refusals.check(f"the office {office[:20]!r}", post(**signed | {"Misaq-Office": office}),
                       400, "bad-input", header="Misaq-Office")
    for office in ("focal.FIN", "focal.PWR.2", "secretary.PWR", "administrator.1", "setup"):
        refusals.check(f"the office {office} that others hold",
                       post(**signed | {"Misaq-Office": office}), 403, "forbidden",
                       header="Misaq-Office")
    refusals.check("no office at all", post(**signed | {"Misaq-Office": "person"}), 403,
                   "forbidden")
    for field in ("", "Bearer", "Bearer ", "Basic YS5raGFuOmE=", token.replace("Bearer", "Token"),
                  token.replace(" ", "\t"), token.replace("Bearer ", "")):
        refusals.check(f"Authorization: {field[:20]!r}", post(Authorization=field), 401,
                       "unauthenticated", header="Authorization")
    for field in ("Bearer a", f"{token}x", f"{token}, {token}", f"{token}=", token[:-1],
                  "Bearer " + "a" * 601):
        refusals.check(f"Authorization: {field[:20]!r} ... {field[-3:]}",
                       post(Authorization=field), 401, "unauthenticated")
    refusals.check("an office of nobody", post(**{"Misaq-Office": "focal.PWR"}), 401,
                   "unauthenticated", header="Misaq-Office")
    refusals.check("a token and a cookie", post(
        **signed | {"Cookie": f"__Host-misaq={token.split()[1]}"}), 400, "bad-input",
        header="Authorization")
    refusals.check("nobody", post(), 401, "unauthenticated")
    refusals.check("an actor named by header", post(**{"Misaq-Actor": focal("PWR")}), 401,
                   "unauthenticated")


def main():
    verdict = Verdict()
    with Stack() as stack:
        government, refusals = Government(stack), Refusals(verdict, stack)
        government.found("PWR", "FIN", "LAW")
        government.open("PWR")
        government.draft("PWR")
        json_bodies(refusals)
        other_things(refusals, government, stack)
        requests(refusals, government, stack)
        nobody_known(refusals, stack)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
