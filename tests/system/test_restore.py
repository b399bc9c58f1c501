#!/usr/bin/python3
"""A government from its copy: what docker/OPERATIONS.md says to copy is all there is, a copy is
found to be good or not before anybody works with it, and it goes on where it ended."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import Government, a_promise, focal  # noqa: E402
from stack import KEPT, Stack  # noqa: E402
from verdict import Verdict, expect, same  # noqa: E402

AUDITOR = "m.bano@auditor"


def everything(stack):
    found, after = [], "0"
    while after:
        path = f"/v1/events?limit=200&after={after}"
        page = expect(stack.request("GET", path, actor=AUDITOR), 200).json()
        found += page["items"]
        after = page.get("next")
    return found


def misaq(stack, *words):
    return subprocess.run(stack.misaq(*map(str, words)), env=stack.environment(),
                          capture_output=True, text=True, timeout=60, check=False)


def known(stack):
    """Signs in who was registered before the copy was made."""
    for person in ("admin.one", "admin.two", "m.bano", "a.khan"):
        stack.people.sign_in(person)
    stack.people.held |= {("m.bano", "auditor"), ("a.khan", "focal.PWR")}


def main():
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="misaq-copy-") as folder:
        copy, cut = pathlib.Path(folder) / "copy", pathlib.Path(folder) / "cut"
        with Stack() as stack:
            government = Government(stack)
            government.found("PWR")
            government.open("PWR")
            for _ in range(5):
                government.draft("PWR")
            stack.people.headers(AUDITOR)
            for place in (cut, copy):  # two copies, one earlier than the other
                last = government.draft("PWR")["position"]
                stack.wait_sealed()
                written = everything(stack)
                for name in KEPT:
                    shutil.copytree(stack.folder / name, place / name)
            backup = pathlib.Path(folder) / "backup"
            with verdict.case("a backup is made while everything goes on"):
                ended = threading.Event()
                more = [government.draft("PWR")["position"]]

                def write():
                    while not ended.is_set():
                        more.append(government.draft("PWR")["position"])
                writer = threading.Thread(target=write)
                writer.start()
                done = misaq(stack, "backup", backup)
                ended.set()
                writer.join()
                same(done.returncode, 0, done.stderr)
                assert "KiB" in done.stderr, "nothing tells how far it is"
                same(misaq(stack, "verify", "backup", backup).returncode, 0)
                same(misaq(stack, "backup", backup).returncode, 1, "over another")
            with verdict.case("what is wrong with a backup is named, and it is not restored"):
                bad = pathlib.Path(folder) / "bad"
                shutil.copytree(backup, bad)
                base, = (bad / "data/aof").glob("*.rdb")
                content = bytearray(base.read_bytes())
                content[len(content) // 2] ^= 1
                base.write_bytes(content)
                (bad / "record/leaves").unlink()
                done = misaq(stack, "restore", bad, pathlib.Path(folder) / "never")
                same(done.returncode, 1)
                assert base.name in done.stderr and "record/leaves" in done.stderr, done.stderr
                assert not (pathlib.Path(folder) / "never").exists()
            again = pathlib.Path(folder) / "again"
            same(misaq(stack, "restore", backup, again).returncode, 0)
        with Stack(restored=again) as stack, verdict.case("it is started on what was restored"):
            stack.people.tokens.clear()
            known(stack)
            found = everything(stack)
            same(found[:len(written)], written)
            places = [item["position"] for item in found]
            same(places, list(range(1, len(places) + 1)))
            assert more[0] <= places[-1] <= more[-1]
            stack.wait_sealed()
            done = misaq(stack, "audit")
            same(done.returncode, 0, done.stdout + done.stderr)
            same(Government(stack).draft("PWR")["position"] > places[-1], True)
        with Stack(restored=copy) as stack:
            stack.people.tokens.clear()
            with verdict.case("the copy holds everything, and goes on"):
                known(stack)
                same(everything(stack)[:len(written)], written)
                assert written[-1]["position"] >= last
                same(Government(stack).draft("PWR")["position"] > last, True)
                expect(stack.request("GET", "/v1/targets/PWR-2021.7", actor=focal("PWR")), 200)
            with verdict.case("an audit of the copy finds nothing"):
                stack.wait_sealed()
                done = misaq(stack, "audit")
                same(done.returncode, 0, done.stdout + done.stderr)
        for name in ("keys", "record", "evidence"):
            shutil.rmtree(cut / name)
            shutil.copytree(copy / name, cut / name)
        with verdict.case("an older ledger beside a newer record is held: nothing is written"):
            with Stack(restored=cut, held=True) as stack:
                stack.people.tokens.clear()
                known(stack)
                answer = Government(stack).post("PWR", "targets", a_promise("PWR"))
                same(answer.status, 503, answer.body)
                done = misaq(stack, "audit")
                assert done.returncode != 0, "the audit passes over what is missing"
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
