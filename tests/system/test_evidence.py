#!/usr/bin/python3
"""Files of evidence: what is taken, what is refused and leaves no trace, and how they are given
out."""
import base64
import hashlib
import pathlib
import select
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import focal  # noqa: E402
from ministry import Ministry  # noqa: E402
from quarter import Clock, Quarter, at  # noqa: E402
from stack import Stack, wait_until  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

NOBODY = ""
LIMIT = 1 << 20
PDF = b"%PDF-1.7 invented"
CSV = {"Content-Type": "text/csv"}


def files(stack):
    """Once what was refused is gone: that is when its answer has been sent."""
    folder = stack.folder / "evidence"
    wait_until(lambda: not list(folder.glob("coming-*")), 10, "nothing is half there")
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def digest_field(content):
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def announced(stack, length):
    """The answer to a header that announces so many bytes and sends none."""
    host, port = stack.address.rsplit(":", 1)
    signed = stack.people.headers(focal("PWR"))
    fields = "".join(f"{name}: {value}\r\n" for name, value in signed.items())
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(f"POST /v1/evidence HTTP/1.1\r\nHost: x\r\n{fields}Content-Type: text/csv\r\n"
                    f"Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n".encode())
        return raw.recv(4096).decode()


def dribbled(stack, content, parts, pause):
    """The answer to a file that comes in parts with pauses, longer than a request may take."""
    host, port = stack.address.rsplit(":", 1)
    size = len(content) // parts
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(f"POST /v1/evidence HTTP/1.1\r\nHost: x\r\n{stack.people.lines(focal('PWR'))}"
                    f"Content-Type: text/plain\r\nContent-Length: {len(content)}\r\n\r\n".encode())
        for part in range(parts):
            select.select([raw], [], [], pause)
            raw.sendall(content[part * size:(part + 1) * size])
        return raw.recv(4096).decode()


def taken(verdict, stack):
    def put(content, media, actor=focal("PWR"), **headers):
        return stack.request("POST", "/v1/evidence", content, {"Content-Type": media} | headers,
                             actor)

    with verdict.case("a file is kept under its SHA-256, once"):
        first = expect(put(PDF, "application/pdf"), 201)
        sha256 = hashlib.sha256(PDF).hexdigest()
        same((first.json()["sha256"], first.json()["bytes"]), (sha256, len(PDF)))
        same(first.headers["Location"], f"/v1/evidence/{sha256}")
        same(files(stack), [sha256])
        expect(put(PDF, "application/pdf"), 200)
        expect(put(PDF, "application/pdf", focal("FIN")), 200)
        same(files(stack), [sha256])
    with verdict.case("a digest that was sent along must be that of the bytes"):
        content = b"a,b\n3,4\n"
        expect_problem(put(content, "text/csv", **{"Content-Digest": digest_field(b"other")}), 422,
                       "invalid")
        expect_problem(put(content, "text/csv", **{"Content-Digest": "md5=:AA==:"}), 422,
                       "invalid")
        same(len(files(stack)), 1)
        expect(put(content, "text/csv", **{
            "Content-Digest": f"sha-512=:AA==:, {digest_field(content)}"}), 201)
        same(len(files(stack)), 2)
    with verdict.case("only kinds of file that are on the list, and only when they are that"):
        for media, content in (("video/mp4", b"...."), ("text/html", b"<p>"),
                               ("image/svg+xml", b"<"),
                               ("application/octet-stream", b"\0"), ("", b"a"),
                               ("application/pdf", b"MZ\x90\0 a program"),
                               ("image/png", b"\x89PNG\r\n\x1a\r wrong"),
                               ("application/zip", PDF), ("text/csv", b"PK\x03\x04 an archive"),
                               ("text/plain", b"\x7fELF\x02\x01")):
            expect_problem(put(content, media), 415, "unsupported-media-type")
        expect_problem(put(b"", "text/csv"), 422, "invalid")
        same(len(files(stack)), 2)
    with verdict.case("what is too large is refused before it is sent, or as soon as it is"):
        answer = announced(stack, 1 << 30)
        assert " 413 " in answer.splitlines()[0], answer
        expect_problem(put(b"a" * (LIMIT + 1), "text/plain"), 413, "too-large")
        expect(put(b"a" * LIMIT, "text/plain"), 201)
        same(len(files(stack)), 3)
    with verdict.case("a slow line has the time that its file needs"):
        answer = dribbled(stack, b"a" * 65536, parts=8, pause=0.2)
        assert " 201 " in answer.splitlines()[0], answer
    with verdict.case("nobody and strangers are refused before a byte is kept"):
        expect_problem(put(b"a", "text/plain", NOBODY), 401, "unauthenticated")
        expect_problem(stack.request("POST", "/v1/evidence", b"a", CSV | {
            "Authorization": "Bearer x"}, NOBODY), 401, "unauthenticated")
        same(len(files(stack)), 4)
    return hashlib.sha256(PDF).hexdigest()


def given(verdict, stack, sha256):
    path = f"/v1/evidence/{sha256}/file"
    with verdict.case("it is given out as bytes to be saved, never to be shown"):
        answer = expect(stack.request("GET", path, actor=focal("PWR")), 200)
        same(answer.body, PDF)
        same(answer.headers["Content-Type"], "application/octet-stream")
        assert answer.headers["Content-Disposition"].startswith("attachment;"), answer.headers
        same(answer.headers["X-Content-Type-Options"], "nosniff")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    with verdict.case("before a released report names it, it is not there for others"):
        for actor in (NOBODY, focal("FIN")):
            expect_problem(stack.request("GET", path, actor=actor), 404, "not-found")
        expect_problem(stack.request("GET", f"/v1/evidence/{'0' * 64}/file", actor=focal("PWR")),
                       404, "not-found")
        expect_problem(stack.request("GET", "/v1/evidence/..%2f..%2fkeys/file",
                                     actor=focal("PWR")), 400, "bad-input")
        expect_problem(stack.request("GET", "/v1/evidence/.../file", actor=focal("PWR")),
                       422, "invalid")
    with verdict.case("a file that does not lie there whole is not given out"):
        kept = stack.folder / "evidence" / sha256[:2] / sha256
        kept.write_bytes(PDF + b"more")
        expect_problem(stack.request("GET", path, actor=focal("PWR")), 503, "unavailable")
        kept.unlink()
        expect_problem(stack.request("GET", path, actor=focal("PWR")), 503, "unavailable")
        kept.write_bytes(PDF)
        expect(stack.request("GET", path, actor=focal("PWR")), 200)


def main():
    verdict = Verdict()
    with Stack(settings=at("2021-06-25") | {
            "MISAQ_EVIDENCE_MAX": str(LIMIT), "MISAQ_HEADER_MS": "1000"}) as stack:
        ministry = Ministry(verdict, stack)
        ministry.government.found("PWR", "FIN")
        ministry.draft("PWR")
        ministry.in_force("PWR")
        stack.people.headers(focal("FIN"))
        sha256 = taken(verdict, stack)
        given(verdict, stack, sha256)
        with verdict.case("it is public with the report that names it"):
            clock, quarter = Clock(stack), Quarter(stack, ministry.government)
            clock.move("2021-10-04")
            expect(quarter.report(focal("PWR"), "PWR-2021.1", 1, 19, evidence=sha256), 201)
            clock.move("2021-11-14")
            answer = expect(stack.request("GET", f"/v1/evidence/{sha256}/file", actor=NOBODY), 200)
            same(answer.body, PDF)
        with verdict.case("what a crash has left over is gone after a start"):
            left = stack.folder / "evidence" / "coming-left"
            left.write_bytes(b"half")
            stack.restart("gateway")
            assert not left.exists(), "it lies there still"
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
