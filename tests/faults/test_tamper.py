#!/usr/bin/python3
"""Somebody with full access to Redis, or to the files of the record, changes something. A running
service finds it, so does one that starts, and so does `misaq audit`; each names what was changed,
and nothing is written any more until what was there is back."""
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import packed  # noqa: E402
from government import Government, a_promise, focal  # noqa: E402
from ledger import STREAM, Ledger  # noqa: E402
from stack import Stack, wait_until  # noqa: E402
from verdict import Verdict, expect  # noqa: E402

VERSIONS = "misaq:{PK}:versions"
FOUND_SECONDS = 20


# ---- what is done to the entries: a list of (id, bytes) becomes another ------------------------
def edited(place, change=lambda entry: entry.replace(b"PWR", b"PWQ", 1)):
    def tamper(entries):
        at = place(len(entries))
        changed = change(entries[at][1])
        assert changed != entries[at][1]
        entries[at] = (entries[at][0], changed)
        return at + 1
    return tamper


def flipped(entry):
    return entry[:-3] + bytes([entry[-3] ^ 1]) + entry[-2:]


def deleted(entries):
    at = len(entries) // 2
    del entries[at]
    entries[:] = [(f"{n}-0", entry) for n, (_, entry) in enumerate(entries, 1)]
    return at + 1


def hole(entries):
    at = len(entries) // 3
    del entries[at]
    return at + 1


def inserted(entries):
    at = len(entries) // 2
    entries.insert(at, entries[at - 3])
    entries[:] = [(f"{n}-0", entry) for n, (_, entry) in enumerate(entries, 1)]
    return at + 1


def swapped(entries):
    at = len(entries) // 2
    (first, one), (second, two) = entries[at:at + 2]
    entries[at:at + 2] = [(first, two), (second, one)]
    return at + 1


def doubled(entries):
    at = len(entries) // 4
    entries[at + 1] = (entries[at + 1][0], entries[at][1])
    return at + 2


def cut(count):
    def tamper(entries):
        del entries[-count:]
        return len(entries)
    return tamper


def backup(entries):
    del entries[len(entries) // 2:]
    return len(entries)


def another_time(entry):
    event = packed.unpack(entry)
    event["at"] += 1
    return packed.pack(event)


def another_person(entry):
    event = packed.unpack(entry)
    event["actor"]["person"] = "x.other"
    return packed.pack(event)


ENTRIES = [
    ("the first entry is edited", edited(lambda n: 0, flipped)),
    ("an entry in the middle is edited", edited(lambda n: n // 2, flipped)),
    ("the last entry is edited", edited(lambda n: n - 1, flipped)),
    ("a digit of a promise is edited", edited(
        lambda n: n - 1, lambda entry: entry.replace(b"12% by", b"13% by", 1))),
    ("the time of an event is edited", edited(lambda n: n // 2, another_time)),
    ("who did it is edited", edited(lambda n: n // 3, another_person)),
    ("an entry is emptied", edited(lambda n: n // 2, lambda entry: b"")),
    ("an entry is deleted and the rest moves up", deleted),
    ("an entry is deleted and leaves a hole", hole),
    ("an entry is inserted", inserted),
    ("two entries are swapped", swapped),
    ("an entry is doubled over the next", doubled),
    ("the last entry is cut off", cut(1)),
    ("the last ten are cut off", cut(10)),
    ("an old backup is put back", backup),
]


def put(ledger, entries):
    """The whole stream anew, with any ids that grow."""
    ledger.say("DEL", STREAM)
    for position, entry in entries:
        ledger.say("XADD", STREAM, position, "e", entry)


# ---- what is done beside the entries -----------------------------------------------------------
def version_of(name, change):
    def tamper(stack, ledger):
        before = ledger.say("HGET", VERSIONS, name)
        ledger.say("HSET", VERSIONS, name, change(int(before)))
        return "is kept as", lambda: ledger.say("HSET", VERSIONS, name, before)
    return tamper


def version_gone(stack, ledger):
    before = ledger.say("HGET", VERSIONS, "PWR-2021")
    ledger.say("HDEL", VERSIONS, "PWR-2021")
    return "PWR-2021", lambda: ledger.say("HSET", VERSIONS, "PWR-2021", before)


def version_more(stack, ledger):
    ledger.say("HSET", VERSIONS, "ZZZ-2021", "3")
    return "ZZZ-2021", lambda: ledger.say("HDEL", VERSIONS, "ZZZ-2021")


def receipt(change):
    def tamper(stack, ledger):
        name = sorted(ledger.say("KEYS", "misaq:{PK}:key:*"))[3]
        before = ledger.say("GET", name)
        after = change(before)
        assert after != before
        ledger.say("SET", name, after)
        return name.decode().split(":key:")[1][:20], lambda: ledger.say("SET", name, before)
    return tamper


def beyond(stack, ledger):
    _, undo = receipt(lambda value: b"9999" + value)(stack, ledger)
    return "names event 9999", undo


def another_fingerprint(value):
    at = value.index(b" ", value.index(b" ") + 1) + 5
    return value[:at] + bytes([value[at] ^ 1]) + value[at + 1:]


def function(stack, ledger):
    library = ledger.say("FUNCTION", "LIST", "LIBRARYNAME", "misaq_v1", "WITHCODE")[0]
    code = library[library.index(b"library_code") + 1]
    ledger.say("FUNCTION", "LOAD", "REPLACE", code.replace(b"return {4,", b"return {5,"))
    return "Function", lambda: ledger.say("FUNCTION", "LOAD", "REPLACE", code)


def extra_key(stack, ledger):
    ledger.say("SET", "misaq:{PK}:extra", "1")
    return "extra", lambda: ledger.say("DEL", "misaq:{PK}:extra")


BESIDE = [
    ("a version is raised", version_of("PWR-2021", lambda n: n + 1)),
    ("a version is lowered", version_of("PWR-2021", lambda n: n - 1)),
    ("a version is removed", version_gone),
    ("a version is invented", version_more),
    ("the head is raised", version_of("~head", lambda n: n + 1)),
    ("the head is lowered", version_of("~head", lambda n: n - 1)),
    ("a receipt is edited", receipt(lambda value: value[:-8] + b"rejected")),
    ("a receipt points to other events", receipt(lambda value: b"1" + value[1:])),
    ("a receipt points beyond the ledger", beyond),
    ("a fingerprint is edited", receipt(another_fingerprint)),
    ("the Function is replaced", function),
    ("a key is added", extra_key),
]


# ---- what is done to the record ----------------------------------------------------------------
def note_line(folder, line, change):
    path = folder / "checkpoint"
    lines = path.read_text().split("\n")
    lines[line] = change(lines[line])
    path.write_text("\n".join(lines))


def leaf_edited(folder):
    path = folder / "leaves"
    leaves = bytearray(path.read_bytes())
    leaves[5 * 32] ^= 1
    path.write_bytes(leaves)


def leaves_cut(folder):
    path = folder / "leaves"
    path.write_bytes(path.read_bytes()[:-64])


FILES = [
    ("the checkpoint covers less", lambda folder: note_line(folder, 1, lambda n: str(int(n) - 1))),
    ("the checkpoint has another root", lambda folder: note_line(
        folder, 2, lambda root: ("A" if root[0] != "A" else "B") + root[1:])),
    ("the signature of the checkpoint is another", lambda folder: note_line(
        folder, 4, lambda line: line[:-6] + ("A" if line[-6] != "A" else "B") + line[-5:])),
    ("the checkpoint is gone", lambda folder: (folder / "checkpoint").unlink()),
    ("a leaf hash is edited", leaf_edited),
    ("leaf hashes are cut off", leaves_cut),
]


# ---- looking -----------------------------------------------------------------------------------
def audit(stack):
    done = subprocess.run(stack.misaq("audit"), capture_output=True, text=True, timeout=60,
                          check=False, env=stack.environment())
    return done.returncode, done.stdout + done.stderr


def names(told, position):
    return re.search(rf"\b(event|entry) {position}\b", told) is not None


def refuses_writes(stack, government):
    answer = government.post("PWR", "targets", a_promise("PWR"))
    return answer.status == 503


def restored(stack):
    """After what was changed is back, everybody reads it anew: a service that has folded what was
    forged would not go on behind it."""
    others = [name for name in stack.programs if name != "redis"]
    for name in others:
        stack.kill(name)
    for name in others:
        stack.start(name)
    stack.wait_ready()
    code, told = audit(stack)
    assert code == 0, told


def tamper_entries(verdict, stack, government, ledger):
    original = ledger.entries()
    for number, (name, tamper) in enumerate(ENTRIES):
        with verdict.case(name):
            entries = list(original)
            position = tamper(entries)
            at_start = number % 2 == 1
            if at_start:
                stack.kill("signatures")
            put(ledger, entries)
            if at_start:
                stack.restart("signatures", ready=False)
            try:
                code, told = audit(stack)
                assert code == 1 and names(told, position), told
                wait_until(lambda: names(unready(stack), position), FOUND_SECONDS,
                           f"the name of event {position}: {unready(stack)}")
                assert refuses_writes(stack, government)
            finally:
                put(ledger, original)
                restored(stack)


def unready(stack):
    """Why nobody may write, as the gateway has heard it; "" while all may."""
    told = stack.ask(stack.admin, "GET", "/readyz").json()["missing"]
    return "".join(line for line in told if line.startswith("record: "))


def main():
    verdict = Verdict()
    with Stack(settings={"MISAQ_AUDIT_S": "1", "MISAQ_SEAL_MS": "100"}) as stack:
        government, ledger = Government(stack), Ledger(stack.redis)
        government.found("PWR")
        government.open("PWR")
        for weight in (40, 30, 20, 10):
            government.draft("PWR", weight=weight)
        stack.people.headers(focal("PWR"))
        stack.wait_sealed()
        tamper_entries(verdict, stack, government, ledger)
        for name, tamper in BESIDE:
            with verdict.case(name):
                word, undo = tamper(stack, ledger)
                try:
                    code, told = audit(stack)
                    assert code == 1 and word in told, told
                finally:
                    undo()
        folder = stack.folder / "record"
        for name, tamper in FILES:
            with verdict.case(name):
                stack.kill("signatures")
                shutil.copytree(folder, stack.folder / "kept")
                tamper(folder)
                try:
                    code, told = audit(stack)
                    assert code == 1, told
                    stack.restart("signatures", ready=False)
                    wait_until(lambda: "restore the folder" in unready(stack), FOUND_SECONDS,
                               f"a hold: {unready(stack)}")
                finally:
                    stack.kill("signatures")
                    shutil.rmtree(folder)
                    (stack.folder / "kept").rename(folder)
                    restored(stack)
        with verdict.case("everything is as it was"):
            expect(government.post("PWR", "targets", a_promise("PWR")), 201)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
