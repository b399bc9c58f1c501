#!/usr/bin/python3
"""A witness beside a ledger that is not the product's: every fork, rollback and bad proof is
refused by its own status, before and after the witness dies. Then beside the real one: checkpoints
become witnessed. (C2SP tlog-witness.)"""
import base64
import hashlib
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import merkle  # noqa: E402
from stack import Stack, free_port, wait_until  # noqa: E402
from verdict import Verdict, same  # noqa: E402

ORIGIN = "example.org/ledger"
ROUNDS = 60


def consistency(old, leaves):
    """The proof that the tree of all leaves begins with that of `old` (RFC 9162, 2.1.4.1)."""
    def sub(old, leaves, whole):
        if old == len(leaves):
            return [] if whole else [merkle.root(leaves)]
        half = merkle.split(len(leaves))
        if old <= half:
            return sub(old, leaves[:half], whole) + [merkle.root(leaves[half:])]
        return sub(old - half, leaves[half:], False) + [merkle.root(leaves[:half])]
    return sub(old, leaves, True) if 0 < old < len(leaves) else []


class Ledger:
    """A ledger with a key of OpenSSL's."""

    def __init__(self, folder, name=ORIGIN):
        self.name = name
        self.key = folder / f"{random.randrange(1 << 60)}.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.key],
                       check=True, capture_output=True)
        self.public = subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-outform",
                                      "DER"], check=True, capture_output=True).stdout[-32:]
        self.mark = hashlib.sha256(name.encode() + b"\n\x01" + self.public).digest()[:4]
        self.leaves = []

    def verifier(self):
        return (f"{self.name}+{self.mark.hex()}+"
                f"{base64.b64encode(bytes([1]) + self.public).decode()}")

    def grow(self, to):
        while len(self.leaves) < to:
            self.leaves.append(merkle.leaf_hash(f"{random.random()}".encode()))

    def checkpoint(self, size=None, root=None):
        leaves = self.leaves[:len(self.leaves) if size is None else size]
        root = root or merkle.root(leaves)
        text = f"{self.name}\n{len(leaves)}\n{base64.b64encode(root).decode()}\n".encode()
        path = self.key.with_suffix(".text")
        path.write_bytes(text)
        signed = subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", self.key, "-rawin", "-in",
                                 path], check=True, capture_output=True).stdout
        line = base64.b64encode(self.mark + signed).decode()
        return text + f"\n\u2014 {self.name} {line}\n".encode()

    def offer(self, old, size=None, proof=None, note=None):
        size = len(self.leaves) if size is None else size
        proof = consistency(old, self.leaves[:size]) if proof is None else proof
        lines = "".join(base64.b64encode(step).decode() + "\n" for step in proof)
        return f"old {old}\n{lines}\n".encode() + (note or self.checkpoint(size))


class Witness:
    def __init__(self, stack, folder, log):
        self.command = stack.misaq("witness", "--listen", f"127.0.0.1:{free_port()}", "--folder",
                                   str(folder), "--log", log, "--name", "w.example.org")
        self.start()

    def start(self):
        self.child = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        said = [self.child.stdout.readline() for _ in range(3)]
        self.address = re.search(r"listening on (\S+)", said[0])[1]
        self.key = re.search(r"verifier key (\S+)", said[1])[1]
        self.setting = re.search(r'MISAQ_WITNESSES="(.*)"', said[2])[1]

    def ask(self, body, path="/add-checkpoint", method="POST"):
        answer = Stack.ask(self.address, method, path, body)
        return answer.status, answer.body, answer.headers

    def end(self, number=signal.SIGTERM):
        self.child.send_signal(number)
        code = self.child.wait(20)
        self.child.stdout.close()
        return code


def verify_cosignature(witness, note, line, folder):
    """By OpenSSL: the moment that the witness names and the text of the checkpoint."""
    name, mark, tail = witness.key.split("+", 2)
    public = base64.b64decode(tail)
    same(public[0], 4)
    said, signer, signature = line.decode().split(" ")
    same((said, signer), ("\u2014", name))
    signature = base64.b64decode(signature)
    same(signature[:4].hex(), mark)
    moment = int.from_bytes(signature[4:12], "big")
    assert abs(moment - time.time()) < 60, moment
    text = note.split(b"\n\n")[0] + b"\n"
    der = bytes.fromhex("302a300506032b6570032100") + public[1:]
    (folder / "w.der").write_bytes(der)
    (folder / "w.sig").write_bytes(signature[12:])
    (folder / "w.text").write_bytes(f"cosignature/v1\ntime {moment}\n".encode() + text)
    told = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", folder / "w.der",
                           "-keyform", "DER", "-rawin", "-in", folder / "w.text", "-sigfile",
                           folder / "w.sig"], capture_output=True, check=False)
    same(told.returncode, 0, told.stderr + told.stdout)


def alone(verdict, stack):
    ledger = Ledger(stack.folder)
    witness = Witness(stack, stack.folder / "witness", ledger.verifier())
    try:
        judge(verdict, stack, ledger, witness)
    finally:
        witness.end(signal.SIGKILL)


def judge(verdict, stack, ledger, witness):
    ledger.grow(7)
    with verdict.case("the first checkpoint is co-signed; OpenSSL verifies it"):
        note = ledger.checkpoint()
        status, body, _ = witness.ask(ledger.offer(0, note=note))
        same(status, 200, body)
        verify_cosignature(witness, note, body.rstrip(b"\n"), stack.folder)
    with verdict.case("a longer one with its proof, and the same one again"):
        ledger.grow(20)
        same(witness.ask(ledger.offer(7))[0], 200)
        same(witness.ask(ledger.offer(20))[0], 200)
    with verdict.case("another old size is answered with the one that is known"):
        status, body, headers = witness.ask(ledger.offer(7))
        same((status, body, headers["Content-Type"]), (409, b"20\n", "text/x.tlog.size"))
        same(witness.ask(ledger.offer(0))[:2], (409, b"20\n"))
    with verdict.case("a rollback is refused"):
        same(witness.ask(ledger.offer(20, size=19, proof=[]))[0], 400)
        same(witness.ask(ledger.offer(7, size=12))[:2], (409, b"20\n"))
    with verdict.case("a fork of the same size is refused, and one that grew"):
        fork = Ledger.__new__(Ledger)
        fork.__dict__ = ledger.__dict__ | {"leaves": list(ledger.leaves)}
        fork.leaves[3] = merkle.leaf_hash(b"forged")
        same(witness.ask(fork.offer(20))[0], 409)
        fork.grow(31)
        same(witness.ask(fork.offer(20))[0], 422)
    with verdict.case("proofs that are wrong, too short, too long or missing"):
        ledger.grow(33)
        proof = consistency(20, ledger.leaves)
        for bad in (proof[:-1], proof + proof[:1], [], proof[::-1],
                    [bytes([step[0] ^ 1]) + step[1:] for step in proof]):
            same(witness.ask(ledger.offer(20, proof=bad))[0], 422, len(bad))
        same(witness.ask(ledger.offer(20, proof=[b"\0" * 32] * 64))[0], 400)
    with verdict.case("another ledger is not known; another key did not sign"):
        same(witness.ask(Ledger(stack.folder, "other.org/log").offer(0))[0], 404)
        thief = Ledger(stack.folder)
        thief.leaves = list(ledger.leaves)
        same(witness.ask(thief.offer(20))[0], 403)
    with verdict.case("what is no request"):
        fine = ledger.offer(20)
        for bad in (b"", b"old", b"old -1\n\n", b"old 020\n\n", fine.replace(b"old 20", b"old x"),
                    fine.replace(b"\n\n", b"\n", 1), fine[:-20], b"\xff" * 100, fine + b"x",
                    fine.replace(b"old 20", b"old 99999999999999999999")):
            status, body, _ = witness.ask(bad)
            assert status in (400, 403), (status, body, bad)
        same(witness.ask(b"x" * 100000)[0], 413)
        same(witness.ask(fine, path="/")[0], 404)
        same(witness.ask(None, method="GET")[0], 404)
    with verdict.case("after all that it still goes on from where it was"):
        same(witness.ask(ledger.offer(20))[0], 200)
    with verdict.case("it remembers when it is killed, and two do not share a folder"):
        second = subprocess.run(witness.command, capture_output=True, text=True, timeout=20,
                                check=False)
        same(second.returncode, 1)
        assert "another witness" in second.stderr, second.stderr
        key = witness.key
        for _ in range(5):
            witness.end(signal.SIGKILL)
            witness.start()
            same(witness.key, key)
            same(witness.ask(ledger.offer(1))[:2], (409, f"{len(ledger.leaves)}\n".encode()))
            known = len(ledger.leaves)
            ledger.grow(known + 5)
            same(witness.ask(ledger.offer(known))[0], 200)
    seed = random.randrange(1 << 30)
    with verdict.case(f"random growth and forks (seed {seed})"):
        random.seed(seed)
        for _ in range(ROUNDS):
            known = len(ledger.leaves)
            ledger.grow(known + random.randrange(1, 40))
            fork = list(ledger.leaves)
            fork[random.randrange(known)] = merkle.leaf_hash(b"forged")
            honest, ledger.leaves = ledger.leaves, fork
            same(witness.ask(ledger.offer(known))[0], 422)
            ledger.leaves = honest
            same(witness.ask(ledger.offer(known))[0], 200)
    with verdict.case("slow clients do not keep it"):
        host, port = witness.address.split(":")
        lines = [socket.create_connection((host, int(port)), timeout=20) for _ in range(12)]
        for line in lines:
            line.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 500\r\n\r\n")
        same(witness.ask(ledger.offer(len(ledger.leaves)))[0], 200)
        for line in lines:
            line.settimeout(20)
            same(line.recv(100), b"")
            line.close()
    with verdict.case("a book that was changed is not gone on with"):
        same(witness.end(), 0)
        book = stack.folder / "witness" / "checkpoint"
        good = book.read_bytes()
        size = str(len(ledger.leaves)).encode()
        book.write_bytes(good.replace(size, b"1", 1))
        told = subprocess.run(witness.command, capture_output=True, text=True, timeout=20,
                              check=False)
        same(told.returncode, 1)
        assert "checkpoint" in told.stderr, told.stderr
        book.write_bytes(good)
        witness.start()
        same(witness.ask(ledger.offer(1))[:2], (409, size + b"\n"))


def beside_a_ledger(verdict, stack):
    key = stack.ask_json("GET", "/v1/record").json()["key"]
    witness = Witness(stack, stack.folder / "real", key)
    try:
        with verdict.case("checkpoints of a running ledger become witnessed"):
            for name in ("signatures",):
                stack.programs[name].environment |= {"MISAQ_WITNESSES": witness.setting}
                stack.restart(name)
            stack.people.found()
            stack.people.register("a.khan")

            def witnessed():
                head = stack.ask_json("GET", "/v1/record").json()
                return head.get("witnessed", 0) == head.get("position", -1)
            wait_until(witnessed, 30, "a witnessed checkpoint over everything")
            note = stack.ask_json("GET", "/v1/record/witnessed").body
            (stack.folder / "note").write_bytes(note)
            told = subprocess.run(
                stack.misaq("verify", "checkpoint", str(stack.folder / "note"), "--key", key,
                            "--witness", witness.key),
                capture_output=True, text=True, timeout=60, check=False)
            same(told.returncode, 0, told.stderr)
            assert "w.example.org saw it at" in told.stdout, told.stdout
    finally:
        witness.end(signal.SIGKILL)


def main():
    verdict = Verdict()
    with Stack() as stack:
        alone(verdict, stack)
        beside_a_ledger(verdict, stack)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
