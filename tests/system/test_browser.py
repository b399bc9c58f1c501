#!/usr/bin/python3
"""A front end signs with WebCrypto through the same paths, and a JOSE library that nobody here
wrote verifies what was signed. Needs Node and, once, the npm package that tests/browser names;
where that cannot be had it says so and is skipped."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import Government, a_promise  # noqa: E402
from road import PM, Road, minister  # noqa: E402
from stack import ROOT, Stack  # noqa: E402
from verdict import Verdict, expect, same  # noqa: E402

PEN = ROOT / "tests/browser"


def install(folder):
    """The pen and its one package in a folder of their own; False when it cannot be."""
    if not shutil.which("node") or not shutil.which("npm"):
        print("SKIPPED: node and npm are not here (make deps installs them)")
        return False
    for path in PEN.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, timeout=120,
                          capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"SKIPPED: npm cannot install jose: {done.stderr.strip()[-300:]}")
    return done.returncode == 0


def main():
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="misaq-pen-") as folder:
        if not install(folder):
            return

        def pen(**task):
            done = subprocess.run(["node", "pen.mjs"], cwd=folder, input=json.dumps(task),
                                  text=True, capture_output=True, timeout=60, check=False)
            assert done.returncode == 0, done.stderr[-2000:]
            return json.loads(done.stdout)

        with Stack() as stack:
            sign_and_verify(verdict, stack, pen)
    sys.exit(verdict.close())


def enrol(stack, pen, actor):
    """A key made by WebCrypto, proposed and confirmed by the two administrators; its JWK."""
    person, office = actor.split("@")
    stack.people.headers(actor)
    origin = stack.ask_json("GET", "/v1/record").json()["origin"]
    said = {"office": office, "person": person, "from": "2026-01-01", "until": "2030-12-31"}
    made = pen(do="key", proof=said | {"origin": origin})
    proposal = said | {"key": made["x"], "proof": made["proof"]}
    key = expect(stack.people.act(0, "POST", "/v1/keys", proposal), 201).json()["id"]
    expect(stack.people.act(1, "POST", f"/v1/keys/{key}/confirm", {}), 200)
    return made["jwk"]


def sign_and_verify(verdict, stack, pen):
    government = Government(stack)
    road = Road(stack, government)
    url = f"http://{stack.address}"
    with verdict.case("an agreement is ready to be signed"):
        government.found("PWR")
        government.open("PWR")
        government.load("PWR", [a_promise("PWR", weight=weight) for weight in (60, 40)])
        agreement = road.freeze("PWR")
    for actor in (minister("PWR"), PM):
        person, office = actor.split("@")
        with verdict.case(f"{office} signs with WebCrypto"):
            jwk = enrol(stack, pen, actor)
            done = pen(do="sign", url=url, token=stack.people.tokens[person], office=office,
                       agreement=agreement, jwk=jwk)
            same(done["status"], 201, json.dumps(done["answer"]))
    with verdict.case("it is in force"):
        same(road.state(agreement, ""), "in_force")
    with verdict.case("jose verifies both signatures by the public register alone"):
        keys = {key["id"]: key["key"] for key in government.read("/v1/keys", "")["items"]}
        signatures = government.read(f"/v1/signatures?agreement={agreement}", "")["items"]
        same(len(signatures), 2)
        for signature in signatures:
            seen = pen(do="verify", jws=signature["jws"], x=keys[signature["key_id"]])
            same(seen["header"]["alg"], "Ed25519")
            statement = json.loads(seen["payload"])
            same((statement["agreement"], statement["document"]),
                 (agreement, signature["sha256"]))
    with verdict.case("jose refuses them under another key"):
        other = next(x for key, x in keys.items() if key != signatures[0]["key_id"])
        try:
            pen(do="verify", jws=signatures[0]["jws"], x=other)
        except AssertionError as why:
            assert "signature verification failed" in str(why), why
        else:
            raise AssertionError("it verified")


if __name__ == "__main__":
    main()
