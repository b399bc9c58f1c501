#!/usr/bin/python3
"""A user at Redis for each program: all works with them, and each may do its own work only."""
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from department import Department  # noqa: E402
from government import Government, focal  # noqa: E402
from outside import Hooks  # noqa: E402
from stack import Stack, wait_until  # noqa: E402
from verdict import Verdict, expect, same  # noqa: E402

ROOT = "root@administrator"
# The program, a request that is another's, and why it would do harm.
FORBIDDEN = [
    ("targets", "GET misaq:{PK}:secret:password:admin.one"),
    ("targets", "DEL misaq:{PK}:ledger"), ("targets", "XDEL misaq:{PK}:ledger 1-0"),
    ("targets", "XTRIM misaq:{PK}:ledger MAXLEN 1"), ("targets", "FUNCTION DELETE misaq_v1"),
    ("targets", "CONFIG SET appendfsync no"), ("targets", "ACL LIST"), ("targets", "KEYS *"),
    ("reviews", "SHUTDOWN"), ("signatures", "CLIENT LIST"), ("dependencies", "SCRIPT FLUSH"),
    ("notifications", "GET misaq:{OTHER}:key:x"), ("offices", "DEL misaq:{PK}:ledger:x"),
    ("offices", "DEL misaq:{PK}:outbox:hook.A.a1:due"),
    ("gateway", "XADD misaq:{PK}:ledger * e x"), ("gateway", "FUNCTION LOAD x"),
    ("gateway", "GET misaq:{PK}:secret:password:admin.one"),
    ("gateway", "FCALL misaq_append_v1 3 misaq:{PK}:ledger misaq:{PK}:versions misaq:{PK}:key:x"),
    ("streams", "XADD misaq:{PK}:ledger * e x"), ("streams", "SET x y"),
    ("courier", "XADD misaq:{PK}:ledger * e x"),
    ("courier", "GET misaq:{PK}:secret:password:admin.one"),
    ("misaq", "SET misaq:{PK}:key:x y"), ("misaq", "REPLICAOF NO ONE"),
    ("default", "PING"),
]


def main():
    verdict = Verdict()
    hooks = Hooks()
    with tempfile.TemporaryDirectory(prefix="misaq-users-") as folder:
        users = pathlib.Path(folder) / "users"
        stack = Stack(settings={"MISAQ_WEBHOOKS_INSIDE": "1"}, users=users)

        def say(user, words):
            command = ["redis-cli", "-s", str(stack.redis)]
            if user != "default":
                command += ["--user", user, "--pass", (users / f"{user}.password").read_text(),
                            "--no-auth-warning"]
            return subprocess.run(command + words.split(" "), capture_output=True, text=True,
                                  timeout=20, check=False).stdout

        with stack:
            with verdict.case("passwords are kept from others, and another folder is not touched"):
                same({oct(path.stat().st_mode & 0o777) for path in users.iterdir()}, {"0o600"})
                again = subprocess.run(stack.misaq("redis-users", str(users)), timeout=20,
                                       env=stack.environment(), capture_output=True, text=True,
                                       check=False)
                same(again.returncode, 1)
            with verdict.case("everything works: writing, reading, webhooks, audit, backup"):
                government = Government(stack)
                government.found("PWR")
                government.open("PWR")
                target = government.draft("PWR")["id"]
                expect(stack.request("GET", f"/v1/targets/{target}", actor=focal("PWR")), 200)
                one = Department(stack, "ONE")
                access = expect(one.propose(webhook=hooks.url("/one")), 201).json()["id"]
                expect(stack.people.act(1, "POST", f"/v1/accesses/{access}/confirm", {}), 200)
                Department(stack, "TWO").let_in()
                hooks.reach("/one", 1)
                path = f"/v1/accesses/{access}/deliveries"
                wait_until(lambda: expect(stack.request("GET", path, actor=ROOT),
                                          200).json()["delivered"], 20, "a receipt")
                stack.wait_sealed()
                for words in (["audit"], ["backup", f"{folder}/backup"]):
                    done = subprocess.run(stack.misaq(*words), env=stack.environment("misaq"),
                                          capture_output=True, text=True, timeout=60, check=False)
                    same(done.returncode, 0, f"{words} {done.stdout} {done.stderr}")
            for user, words in FORBIDDEN:
                with verdict.case(f"{user} may not {words}"):
                    said = say(user, words)
                    assert any(word in said for word in ("NOPERM", "NOAUTH")), said
            with verdict.case("each may do its own"):
                for user in ("targets", "gateway", "courier"):
                    assert say(user, "XLEN misaq:{PK}:ledger").strip().isdigit()
    hooks.close()
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
