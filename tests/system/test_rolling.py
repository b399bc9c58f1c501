#!/usr/bin/python3
"""Two instances of every service and two gateways: all of them are started again, one after the
other, while others write and read, and no request fails; killed instead of stopped, none fails
either, as what was asked is asked again of the other one."""
import collections
import http.client
import json
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import Government, a_promise, focal  # noqa: E402
from ledger import Ledger  # noqa: E402
from stack import wait_until  # noqa: E402
from twins import SERVICES, Twins  # noqa: E402
from verdict import Verdict, expect, same  # noqa: E402

BODIES = ["PWR", "FIN"]
PAUSE = 0.02
ENOUGH = 25  # answers that every program must live through after it was started again


class Load:
    """Writers and readers who go on until they are told to stop; a gateway that closes a connection
    between two requests is what HTTP allows, and the other gateway is asked."""

    def __init__(self, stack, government, gateways):
        self.stack, self.government, self.gateways = stack, government, gateways
        self.statuses, self.failures, self.written = collections.Counter(), [], []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(4)]
        for thread in self.threads:
            thread.start()

    def ask(self, number, count):
        body = BODIES[number % 2]
        actor = focal(body)
        if number < 2:
            key = {"Idempotency-Key": f"roll-{number}-{count}"}
            path = f"/v1/agreements/{body}-2021/targets"
            return "POST", path, a_promise(body), self.stack.people.headers(actor) | key
        return "GET", f"/v1/targets/{body}-2021.1", None, self.stack.people.headers(actor)

    def send(self, number, count):
        method, path, thing, headers = self.ask(number, count)
        for attempt in range(4):
            try:
                return self.once(self.gateways[(number + count + attempt) % len(self.gateways)],
                                 method, path, thing, headers)
            except (OSError, http.client.HTTPException) as why:
                refused = isinstance(why, (ConnectionRefusedError, http.client.RemoteDisconnected,
                                           ConnectionResetError))
                if not refused:
                    raise
        raise ConnectionRefusedError("no gateway is there")

    def once(self, gateway, method, path, thing, headers):
        body = None if thing is None else json.dumps(thing).encode()
        named = headers | ({"Content-Type": "application/json"} if body else {})
        return self.stack.ask(gateway, method, path, body, named)

    def work(self, number):
        count = 0
        while not self.stopping.wait(PAUSE):
            count += 1
            try:
                answer = self.send(number, count)
            except Exception as why:
                self.failures.append((number, repr(why)))
                continue
            self.statuses[answer.status] += 1
            if answer.status >= 400:
                self.failures.append((number, answer.status, answer.body[:300]))
            elif number < 2:
                self.written.append(answer.json()["position"])

    def live(self, more=ENOUGH):
        before = sum(self.statuses.values())
        wait_until(lambda: sum(self.statuses.values()) >= before + more, 30, "answers")

    def none_failed(self):
        failures, self.failures = self.failures, []
        same(failures, [], "failed requests")

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def roll(verdict, stack, load, admins, what, end):
    """Every program once."""
    for name in [service + second for service in SERVICES for second in ("", "2")] + list(admins):
        with verdict.case(f"{name} {what} while others write and read"):
            child = stack.programs[name].child
            end(child)
            child.wait(40)
            load.live()
            stack.start(name)
            wait_until(lambda: all(stack.is_ready(admin) for admin in admins.values()), 30,
                       f"green gateways after {name}")
            load.live()
            load.none_failed()


def main():
    verdict = Verdict()
    with Twins() as stack:
        government = Government(stack)
        government.found(*BODIES)
        for body in BODIES:
            government.open(body)
            government.draft(body)
        public, admin = stack.start_second_gateway()
        admins = {"gateway": stack.admin, "gateway2": admin}
        load = Load(stack, government, [stack.address, public])
        try:
            load.live()
            roll(verdict, stack, load, admins, "is started again", lambda child: child.terminate())
            for name in ("targets", "targets2", "offices", "reviews2"):
                with verdict.case(f"{name} is killed while others write and read"):
                    stack.kill(name)
                    load.live()
                    stack.start(name)
                    wait_until(lambda: stack.is_ready(stack.admin), 30, "a green gateway")
                    load.live()
                    load.none_failed()
        finally:
            load.stop()
        with verdict.case("what was acknowledged is there, once"):
            held = expect(stack.request("GET", "/v1/agreements/PWR-2021", actor=focal("PWR")), 200)
            assert held.json()["id"] == "PWR-2021"
            same(len(load.written), len(set(load.written)), "positions")
            assert max(load.written) <= Ledger(stack.redis).length()
            print(f"{sum(load.statuses.values())} requests, {len(load.written)} written, "
                  f"{dict(load.statuses)}")
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
