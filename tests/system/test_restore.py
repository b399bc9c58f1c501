#!/usr/bin/python3
"""A government from its copy: what docker/OPERATIONS.md says to copy is all there is, a copy is
found to be good or not before anybody works with it, and it goes on where it ended."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

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


def audit(stack):
    return subprocess.run(stack.misaq("audit"), env=stack.environment(), capture_output=True,
                          text=True, timeout=60, check=False)


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
        with Stack(restored=copy) as stack:
            stack.people.tokens.clear()
            with verdict.case("the copy holds everything, and goes on"):
                for person in ("admin.one", "admin.two", "m.bano", "a.khan"):
                    stack.people.sign_in(person)
                stack.people.held |= {("m.bano", "auditor"), ("a.khan", "focal.PWR")}
                same(everything(stack)[:len(written)], written)
                assert written[-1]["position"] >= last
                same(Government(stack).draft("PWR")["position"] > last, True)
                expect(stack.request("GET", "/v1/targets/PWR-2021.7", actor=focal("PWR")), 200)
            with verdict.case("an audit of the copy finds nothing"):
                stack.wait_sealed()
                done = audit(stack)
                same(done.returncode, 0, done.stdout + done.stderr)
        for name in ("keys", "record", "evidence"):
            shutil.rmtree(cut / name)
            shutil.copytree(copy / name, cut / name)
        with verdict.case("an older ledger beside a newer record is held: nothing is written"):
            with Stack(restored=cut, held=True) as stack:
                stack.people.tokens.clear()
                for person in ("admin.one", "admin.two", "m.bano", "a.khan"):
                    stack.people.sign_in(person)
                stack.people.held |= {("m.bano", "auditor"), ("a.khan", "focal.PWR")}
                answer = Government(stack).post("PWR", "targets", a_promise("PWR"))
                same(answer.status, 503, answer.body)
                assert audit(stack).returncode != 0, "the audit passes over what is missing"
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
