#!/usr/bin/python3
"""The archive of a cycle, as a stranger gets it and as a forger would like it: it opens with any
tar, its tree is what an independent RFC 9162 says, and whatever is changed in it is named. Beside
it the commands with which people set a password, sign in, make keys and sign."""
import base64
import hashlib
import io
import json
import os
import pathlib
import random
import subprocess
import sys
import tarfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import merkle  # noqa: E402
from government import Government, a_promise  # noqa: E402
from people import PASSWORD  # noqa: E402
from road import Road, minister  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect, same  # noqa: E402

BODIES = ("PWR", "FIN", "RLY")
DRAFTING = "EDU"
SUMS = "SHA256SUMS"
BYTES = 40  # changed at random
AGREEMENT = "PWR-2021"


class Archive:
    """The files of an archive, to be changed and written again."""

    def __init__(self, path):
        self.path = path
        with tarfile.open(path) as tar:
            self.files = {entry.name: tar.extractfile(entry).read() for entry in tar}

    def lines(self, name):
        return [json.loads(line) for line in self.files[name].splitlines()]

    def write(self, path, **changed):
        """A copy with these files instead; None takes one away."""
        with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
            files = {name: content for name, content in (self.files | changed).items()
                     if content is not None and name != SUMS}
            sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n"
                           for name, content in files.items())
            for name, content in (files | {SUMS: sums.encode()}).items():
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))


def run(stack, *arguments, stdin=None):
    return subprocess.run(stack.misaq(*map(str, arguments)), capture_output=True, text=True,
                          timeout=120, check=False, input=stdin, env=stack.environment())


def refused(told, *words):
    same(told.returncode, 1, told.stdout + told.stderr)
    for word in words:
        assert word in told.stdout + told.stderr, f"{word} is not in {told.stdout + told.stderr}"


def as_lines(items):
    return b"".join(json.dumps(item, separators=(",", ":")).encode() + b"\n" for item in items)


def prepare(stack):
    government = Government(stack)
    road = Road(stack, government)
    government.found(*BODIES, DRAFTING)
    for body in (*BODIES, DRAFTING):
        government.open(body)
        government.load(body, [a_promise(body, weight=weight, statement=(
            f"{a_promise(body)['statement']} in circle {weight}")) for weight in (60, 40)])
    for body in BODIES:
        road.lead(body)
    return road


def commands(verdict, stack, road):
    url = f"http://{stack.address}"
    password = stack.folder / "password"
    password.write_text(PASSWORD + "\n")
    with verdict.case("sign-in prints a token that is good; a wrong password is refused"):
        told = run(stack, "sign-in", "--url", url, "--person", "q.lodhi", "--password-file",
                   password)
        same(told.returncode, 0, told.stderr)
        named = {"Authorization": f"Bearer {told.stdout.strip()}"}
        same(stack.ask_json("GET", "/v1/me", headers=named).json()["id"], "q.lodhi")
        wrong = stack.folder / "wrong"
        wrong.write_text("another-password\n")
        told = run(stack, "sign-in", "--url", url, "--person", "n.body", "--password-file", wrong)
        refused(told, "401")
    with verdict.case("password sets one with a code, and the code works once"):
        expect(stack.people.act(0, "POST", "/v1/people", {"id": "z.new", "name": "New"}), 201)
        expect(stack.people.act(0, "POST", "/v1/people/z.new/invite", {}), 200)
        expect(stack.people.act(1, "POST", "/v1/people/z.new/invite/confirm", {}), 200)
        halves = [stack.people.act(which, "GET", "/v1/people/z.new/code").json()
                  for which in (0, 1)]
        code = f"{halves[0]['first']}-{halves[1]['second']}"
        arguments = ("password", "--url", url, "--person", "z.new", "--code", code,
                     "--password-file", password)
        told = run(stack, *arguments)
        same(told.returncode, 0, told.stderr)
        again = stack.folder / "again"
        again.write_text("some-other-password\n")
        refused(run(stack, *arguments[:-1], again), "/v1/passwords")
        stack.people.sign_in("z.new")
    with verdict.case("a key file is its owner's and is not written over"):
        path = stack.folder / "mine.key"
        told = run(stack, "keygen", path)
        same(told.returncode, 0, told.stderr)
        same(os.stat(path).st_mode & 0o777, 0o600)
        before = path.read_bytes()
        refused(run(stack, "keygen", path))
        same(path.read_bytes(), before)
    with verdict.case("a key that is not the enrolled one signs nothing"):
        agreement = road.freeze(DRAFTING)
        road.enrol(minister(DRAFTING))
        token = stack.folder / "token"
        token.write_text(stack.people.tokens["q.lodhi"] + "\n")
        arguments = ("--url", url, "--token-file", token, "--office", f"minister.{DRAFTING}")
        refused(run(stack, "sign", path, *arguments, "--yes", agreement), "another one")
        os.chmod(path, 0o644)
        refused(run(stack, "sign", path, *arguments, "--yes", agreement), "mine.key")
    with verdict.case("without a yes nothing is signed; the title is shown"):
        key, _ = road.enrol(minister(DRAFTING))
        told = run(stack, "sign", key, *arguments, agreement, stdin="n\n")
        refused(told, "nothing is signed", "Performance agreement of EDU", "SHA-256")
        same(road.state(agreement), "ready")
    with verdict.case("a ledger key of somebody else is noticed before anything is signed"):
        told = run(stack, "sign", key, *arguments, "--log-key", other_key(), "--yes", agreement)
        refused(told, "nothing is signed")
        same(road.state(agreement), "ready")
    with verdict.case("what is mistyped is said"):
        for arguments, word in ((("archive", "2021"), "usage"), (("verify", "archive"), "usage"),
                                (("keygen", "--colour", "red"), "no option"),
                                (("verify", "checkpoint", "x", "--key"), "wants a value")):
            told = run(stack, *arguments)
            same(told.returncode, 2, told.stderr)
            assert word in told.stderr, told.stderr
        for name in ("archive", "verify", "witness", "sign", "password", "key-proof"):
            told = run(stack, name, "--help")
            same(told.returncode, 0)
            assert f"misaq {name}" in told.stdout, told.stdout


def read_key(stack):
    return stack.ask_json("GET", "/v1/record").json()["key"]


def other_key():
    """A well-formed verifier key of a ledger that is not this one (RFC 8032, test 1)."""
    name = "misaq/PK"
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    tail = b"\x01" + public
    mark = hashlib.sha256(name.encode() + b"\n" + tail).hexdigest()[:8]
    return f"{name}+{mark}+{base64.b64encode(tail).decode()}"


def opens(verdict, archive, key):
    with verdict.case("the tree is the one that an independent RFC 9162 makes of the leaves"):
        lines = archive.files["checkpoint"].decode().splitlines()
        entries = archive.lines("entries.ndjson")
        leaves = [bytes.fromhex(entry["leaf"]) for entry in entries]
        same(int(lines[1]), len(leaves))
        root = base64.b64decode(lines[2])
        same(merkle.root(leaves), root)
        for entry in entries:
            if "packed" in entry:
                same(merkle.leaf_hash(base64.b64decode(entry["packed"])).hex(), entry["leaf"])
            else:
                assert entry["withheld"], entry
        proofs = archive.lines("proofs.ndjson")
        same(len(proofs), 2 * len(BODIES))
        for proof in proofs:
            assert merkle.verify_inclusion(
                leaves[proof["position"] - 1], proof["position"] - 1, proof["size"],
                [bytes.fromhex(step["hash"]) for step in proof.get("path", [])], root), proof
    with verdict.case("the sums are those of sha256sum"):
        for line in archive.files[SUMS].decode().splitlines():
            digest, name = line.split("  ")
            same(hashlib.sha256(archive.files[name]).hexdigest(), digest, name)
        same(len(archive.files[SUMS].splitlines()), len(archive.files) - 1)
    with verdict.case("documents hash to what was signed; drafts are not in it"):
        for document in archive.lines("documents.ndjson"):
            content = archive.files[f"documents/{document['id']}.json"]
            same(hashlib.sha256(content).hexdigest(), document["sha256"])
        same(len(archive.lines("agreements.ndjson")), len(BODIES))
        assert not any(f"{DRAFTING}-2021".encode() in content for name, content in
                       archive.files.items() if name != "entries.ndjson")
        assert key in archive.files["README.txt"].decode()


def verifies(verdict, stack, archive, key):
    with verdict.case("it verifies: every agreement, what is withheld, the key with a warning"):
        told = run(stack, "verify", "archive", archive.path, "--key", key)
        same(told.returncode, 0, told.stderr)
        for body in BODIES:
            assert f"{body}-2021     verified: in force" in told.stdout, told.stdout
        assert "drafting is not public" in told.stdout and "WARNING" not in told.stdout
        assert "WARNING" in run(stack, "verify", "archive", archive.path).stdout
    with verdict.case("another key than the ledger's is refused"):
        refused(run(stack, "verify", "archive", archive.path, "--key", other_key()))
    with verdict.case("a witness that never signed is missed"):
        tail = b"\x04" + base64.b64decode(other_key().split("+", 2)[2])[1:]
        mark = hashlib.sha256(b"w\n" + tail).hexdigest()[:8]
        witness = f"w+{mark}+{base64.b64encode(tail).decode()}"
        refused(run(stack, "verify", "archive", archive.path, "--key", key, "--witness", witness),
                "co-signed no checkpoint")
    with verdict.case("the small ones: a JWS, a checkpoint, a proof"):
        folder = archive.path.parent
        signature = archive.lines("signatures.ndjson")[0]
        x = next(known["key"] for known in archive.lines("keys.ndjson")
                 if known["id"] == signature["key_id"])
        for name, content in (("jws", signature["jws"].encode()),
                              ("checkpoint", archive.files["checkpoint"]),
                              ("proof", archive.files["proofs.ndjson"].splitlines()[0])):
            (folder / name).write_bytes(content)
        same(run(stack, "verify", "signature", folder / "jws", "--key", x).returncode, 0)
        same(run(stack, "verify", "checkpoint", folder / "checkpoint", "--key", key).returncode, 0)
        arguments = ("verify", "proof", folder / "proof", "--checkpoint", folder / "checkpoint",
                     "--key", key)
        same(run(stack, *arguments).returncode, 0)
        proof = json.loads((folder / "proof").read_text())
        (folder / "proof").write_text(json.dumps(proof | {"position": proof["position"] + 1}))
        refused(run(stack, *arguments), "NOT verified")
        (folder / "jws").write_text(signature["jws"][:-2] + ("AA" if signature["jws"][-2:] != "AA"
                                                            else "BA"))
        refused(run(stack, "verify", "signature", folder / "jws", "--key", x), "NOT verified")


def forgeries(archive):
    """(what a forger does, files instead, a word of the answer)"""
    entries = archive.lines("entries.ndjson")
    public = next(i for i, entry in enumerate(entries) if "packed" in entry)
    signed = archive.lines("signatures.ndjson")[0]["position"] - 1

    def entries_with(change):
        items = json.loads(json.dumps(entries))
        change(items)
        return {"entries.ndjson": as_lines(items)}

    def flip(items):
        packed = bytearray(base64.b64decode(items[public]["packed"]))
        packed[-1] ^= 1
        items[public]["packed"] = base64.b64encode(packed).decode()

    def rehash(items):
        flip(items)
        items[public]["leaf"] = merkle.leaf_hash(base64.b64decode(items[public]["packed"])).hex()

    def withhold(items):
        items[signed] = {name: items[signed][name] for name in ("position", "leaf")} | {
            "withheld": "not yet in force"}

    document = f"documents/{AGREEMENT}.d1.json"
    changed = archive.files[document].replace(b"20%", b"30%", 1)
    agreements = archive.lines("agreements.ndjson")
    forged = json.loads(json.dumps(agreements[0])) | {"id": f"{DRAFTING}-2021", "body": DRAFTING}
    readme = archive.files["README.txt"]
    return [
        ("changes a document", {document: changed}, AGREEMENT),
        ("takes a document away", {document: None}, AGREEMENT),
        ("changes an entry", entries_with(flip), "leaf"),
        ("changes an entry and its leaf", entries_with(rehash), ""),
        ("cuts the end off", entries_with(lambda items: items.pop()), "covers"),
        ("takes an entry out", entries_with(lambda items: items.pop(5)), "entry 6"),
        ("swaps two entries", entries_with(
            lambda items: items.insert(3, items.pop(4))), "entry 4"),
        ("withholds a signature", entries_with(withhold), "WRONG"),
        ("claims another agreement in force",
         {"agreements.ndjson": as_lines(agreements + [forged])}, f"{DRAFTING}-2021"),
        ("changes the checkpoint's size",
         {"checkpoint": archive.files["checkpoint"].replace(b"\n", b"\n1", 1)}, ""),
        ("takes the checkpoint away", {"checkpoint": None}, "NOT verified"),
        ("changes a proof", {"proofs.ndjson": as_lines([
            proof | {"position": proof["position"] + 1}
            for proof in archive.lines("proofs.ndjson")])}, "proof"),
        ("writes an archive of another form",
         {"README.txt": readme.replace(b"archive 1", b"archive 2", 1)}, "README.txt"),
    ]


def forged(verdict, stack, archive, key):
    path = archive.path.parent / "forged.tar"
    for what, files, word in forgeries(archive):
        with verdict.case(f"a forger {what}"):
            archive.write(path, **files)
            refused(run(stack, "verify", "archive", path, "--key", key), word, "NOT verified")
    with verdict.case("the copy itself was fine"):
        archive.write(path)
        same(run(stack, "verify", "archive", path, "--key", key).returncode, 0)
    seed = random.randrange(1 << 30)
    with verdict.case(f"one changed byte anywhere is found (seed {seed})"):
        random.seed(seed)
        for _ in range(BYTES):
            content = bytearray(archive.path.read_bytes())
            place = random.randrange(len(content))
            content[place] ^= 1 << random.randrange(8)
            path.write_bytes(content)
            refused(run(stack, "verify", "archive", path, "--key", key))
    with verdict.case("a file that is cut, empty, missing or no archive"):
        content = archive.path.read_bytes()
        for part in (content[:100], content[:len(content) // 2], b"x" * 4096, b""):
            path.write_bytes(part)
            refused(run(stack, "verify", "archive", path, "--key", key))
        refused(run(stack, "verify", "archive", path.with_name("none"), "--key", key), "none")
    with verdict.case("a file that comes twice is refused: it would be read in two ways"):
        archive.write(path)
        with tarfile.open(path, "a", format=tarfile.USTAR_FORMAT) as tar:
            tar.addfile(tarfile.TarInfo("checkpoint"), io.BytesIO())
        refused(run(stack, "verify", "archive", path, "--key", key), "twice")


def main():
    verdict = Verdict()
    with Stack() as stack:
        road = prepare(stack)
        commands(verdict, stack, road)
        stack.wait_sealed()
        key = read_key(stack)
        path = stack.folder / "cycle.tar"
        with verdict.case("the archive is made without signing in, and not over a file"):
            arguments = ("archive", "--url", f"http://{stack.address}", "2021", path)
            began = time.monotonic()
            told = run(stack, *arguments)
            same(told.returncode, 0, told.stderr)
            assert time.monotonic() - began < 60
            refused(run(stack, *arguments), "cycle.tar")
        with verdict.case("a cycle that is not there leaves no file"):
            nowhere = stack.folder / "nowhere.tar"
            refused(run(stack, "archive", "--url", f"http://{stack.address}", "1999", nowhere))
            assert not nowhere.exists()
        stack.stop()
        archive = Archive(path)
        opens(verdict, archive, key)
        verifies(verdict, stack, archive, key)
        forged(verdict, stack, archive, key)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
