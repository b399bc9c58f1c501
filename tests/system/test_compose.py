#!/usr/bin/python3
"""The containers of docker-compose.yml, brought up by whoever runs this with MISAQ_DEMO=1, reached
as a citizen reaches them and, where docker answers, looked at from behind:

    MISAQ_DEMO=1 docker compose up --build --wait
    STACK_URL=http://127.0.0.1:8080 tests/system/test_compose.py
"""
import json
import os
import pathlib
import secrets
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import Government, a_promise, focal  # noqa: E402
from stack import ROOT, Stack, wait_until  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

AUDITOR = "m.bano@auditor"
SERVICES = ["dependencies", "notifications", "offices", "reviews", "signatures", "targets"]
PROGRAMS = sorted(["courier", "gateway", "streams", "redis", *SERVICES])
WRITABLE = {"redis": ["/data"], "offices": ["/var/lib/misaq/keys"],
            "signatures": ["/var/lib/misaq/record"], "gateway": ["/var/lib/misaq/evidence"],
            "streams": ["/run/misaq", "/var/lib/misaq/stream"]}
PORTS = {"gateway": ["8080/tcp"], "streams": ["5556/tcp"]}


def run(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120,
                          check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.strip()[-500:]}"
    return done.stdout


def docker_answers():
    asked = ["docker", "compose", "ps", "-q"]
    return shutil.which("docker") and subprocess.run(asked, cwd=ROOT, capture_output=True,
                                                     check=False).returncode == 0


def containers():
    """What docker says of the container of each service."""
    found = {}
    for name in run("docker", "compose", "ps", "-q").split():
        told = json.loads(run("docker", "inspect", name))[0]
        found[told["Config"]["Labels"]["com.docker.compose.service"]] = told
    return found


def reached(verdict, stack):
    """Writes and reads over the published port; the path of what was written and what it says."""
    government = Government(stack)
    body = "T" + secrets.token_hex(4).upper()
    with verdict.case("the gateway is reachable and describes itself"):
        expect(stack.request("GET", "/healthz"), 200)
        assert expect(stack.request("GET", "/openapi.json"), 200).json()["paths"]
    with verdict.case("the inner address is not reachable through the public one"):
        for path in ("/metrics", "/readyz", "/digest"):
            expect_problem(stack.request("GET", path), 404, "not-found")
    with verdict.case("a file of evidence is kept and given out"):
        content = secrets.token_hex(8).encode()
        sent = stack.request("POST", "/v1/evidence", content, {"Content-Type": "text/plain"},
                             actor=AUDITOR)
        kept = expect(sent, 201).json()["sha256"]
        given = expect(stack.request("GET", f"/v1/evidence/{kept}/file", actor=AUDITOR), 200)
        same(given.body, content)
    with verdict.case("a promise is written and read"):
        government.found(body)
        government.open(body)
        government.load(body, [a_promise(body, weight=weight) for weight in (60, 40)])
        listed = government.read(f"/v1/targets?body={body}", AUDITOR)
        same([item["weight"] for item in listed["items"]], [60, 40])
    path = f"/v1/targets/{government.agreement(body)}.1"
    return path, government.read(path, focal(body)), focal(body)


def hardened(verdict, name, told):
    host, config = told["HostConfig"], told["Config"]
    with verdict.case(f"{name}: nothing to write on but a small /tmp and its data"):
        assert host["ReadonlyRootfs"], "the root can be written"
        same(set(host.get("Tmpfs") or {}), {"/tmp"}, "tmpfs")
        writable = [mount["Destination"] for mount in told["Mounts"] if mount["RW"]]
        same(sorted(writable), WRITABLE.get(name, []), "what is mounted to be written")
    with verdict.case(f"{name}: no capabilities, no new privileges"):
        same([word.upper() for word in host["CapDrop"] or []], ["ALL"], "capabilities dropped")
        assert not host.get("CapAdd") and not host["Privileged"], "more was given"
        assert any(word.startswith("no-new-privileges") and not word.endswith("false")
                   for word in host["SecurityOpt"] or []), host["SecurityOpt"]
        assert host["PidsLimit"] and host["PidsLimit"] > 0, "no limit of processes"
    with verdict.case(f"{name}: a numeric user that is not root"):
        users = config["User"].split(":")
        assert all(user.isdigit() and int(user) > 0 for user in users), config["User"]
    with verdict.case(f"{name}: only the gateway and the streams publish, one port each"):
        ports = {port: bound for port, bound in (host["PortBindings"] or {}).items() if bound}
        same(list(ports), PORTS.get(name, []), "published ports")
    with verdict.case(f"{name}: healthy, and started again when it ends"):
        same(told["State"].get("Health", {}).get("Status"), "healthy", "health")
        same(host["RestartPolicy"]["Name"], "unless-stopped", "restart")


def networks(verdict, found):
    with verdict.case("Redis and the services are on the inner network only"):
        of = {name: set(told["NetworkSettings"]["Networks"]) for name, told in found.items()}
        for name in SERVICES:  # the record goes out to its witnesses, nobody comes in
            inside = {n for n in of[name] if not n.endswith("_witnesses")}
            same(inside, of["redis"], f"networks of {name}")
            assert inside == of[name] or name == "signatures", name
        inner = of["redis"].pop()
        assert not of["redis"], "more than one network"
        assert json.loads(run("docker", "network", "inspect", inner))[0]["Internal"], inner


def restarted(verdict, stack, written):
    path, thing, actor = written
    for name in (*SERVICES, "redis", "streams", "courier", "gateway"):
        with verdict.case(f"what was written is there after {name} was started again"):
            run("docker", "compose", "restart", name)

            def again():
                try:
                    answer = stack.request("GET", path, actor=actor, timeout=5)
                except OSError:
                    return None
                return answer if answer.status == 200 else None
            same(wait_until(again, 60, f"{path} after a restart of {name}").json(), thing)


def main():
    if "STACK_URL" not in os.environ:
        print("skipped: it tests containers that are running; STACK_URL says where")
        print("0 passed, 0 failed")
        return
    verdict = Verdict()
    with Stack() as stack:
        written = reached(verdict, stack)
        if docker_answers():
            found = containers()
            with verdict.case("every container is there"):
                same(sorted(found), PROGRAMS)
            for name, told in sorted(found.items()):
                hardened(verdict, name, told)
            networks(verdict, found)
            restarted(verdict, stack, written)
        else:
            print("skipped: docker does not answer here, the containers are not looked at")
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
