"""Departments of a test: keys, what two administrators let in, and subscribers as programs."""
import json
import subprocess
import threading

from stack import ROOT, _spawner, wait_until
from verdict import expect

EXAMPLES = ROOT / "gateway/streams/examples"


class Department:
    def __init__(self, stack, code):
        self.stack, self.people, self.code = stack, stack.people, code
        self.keys = stack.folder / f"{code}.keys"
        self.access = None
        told = subprocess.run(stack.misaq("follow", "--keygen", str(self.keys)), timeout=60,
                              capture_output=True, text=True, check=True)
        self.public = json.loads(told.stdout)
        self.people.found()
        answer = self.people.act(0, "POST", "/v1/departments",
                                 {"id": code, "name": f"{code} (invented)"})
        if answer.status != 409:
            expect(answer, 201)

    def propose(self, *topics, **slots):
        asked = self.public | ({"topics": list(topics)} if topics else {}) | slots
        return self.people.act(0, "POST", f"/v1/departments/{self.code}/accesses", asked)

    def let_in(self, *topics):
        self.access = expect(self.propose(*topics), 201).json()["id"]
        path = f"/v1/accesses/{self.access}/confirm"
        expect(self.people.act(1, "POST", path, {}), 200)
        return self

    def revoke(self):
        return expect(self.people.act(1, "POST", f"/v1/accesses/{self.access}/revoke",
                                      {"reason": "Invented for a test"}), 200)

    def token(self):
        return dict(line.split() for line in self.keys.read_text().splitlines())["token"]

    def get(self, path):
        return self.stack.ask_json("GET", path, None, {"Authorization": f"Bearer {self.token()}"})

    def stream(self):
        """The key and the address of the stream, as the gateway and the environment tell them."""
        def told():
            described = self.stack.ask_json("GET", "/asyncapi.json").json()
            return described["servers"]["departments"].get("x-server-key")
        key = wait_until(told, 20, "the key of the stream")
        return key, self.stack.common["MISAQ_DEPARTMENTS"]

    def command(self, kind, topics, folder, *options):
        key, address = self.stream()
        url = f"http://{self.stack.address}"
        if kind == "c":
            named = [word for topic in topics for word in ("--topic", topic)]
            return self.stack.misaq(
                "follow", "--keys", str(self.keys), "--access", self.access, "--url", url,
                "--stream", address, "--server-key", key, *named, *options)
        program = {"python": ["/usr/bin/python3", str(EXAMPLES / "follow.py")],
                   "node": ["node", str((folder or EXAMPLES) / "follow.mjs")]}[kind]
        return [*program, str(self.keys), self.access, url, address, key, *topics]

    def follow(self, *topics, kind="c", options=(), folder=None):
        return Subscriber(self.command(kind, topics, folder, *options))


class Subscriber:
    """A running program that prints events, a line each."""

    def __init__(self, command):
        self.lines, self.errors = [], []
        self.child = _spawner.submit(lambda: subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)).result()
        self.readers = [threading.Thread(target=self.read, args=where, daemon=True)
                        for where in ((self.child.stdout, self.lines),
                                      (self.child.stderr, self.errors))]
        for reader in self.readers:
            reader.start()

    @staticmethod
    def read(pipe, to):
        for line in pipe:
            to.append(line)

    def events(self):
        return [json.loads(line) for line in self.lines]

    def positions(self):
        return [event["position"] for event in self.events()]

    def until(self, true, what, seconds=20):
        def look():
            if self.child.poll() is not None:
                self.end()
                return true(self) or "ended"
            return true(self)
        found = wait_until(look, seconds, what)
        assert found != "ended", f"{what}: it ended with {self.child.returncode}: {self.errors}"
        return self

    def reach(self, position):
        return self.until(lambda it: position in it.positions(), f"position {position}")

    def said(self, word, seconds=20):
        return self.until(lambda it: any(word in line for line in it.errors), word, seconds)

    def end(self):
        """Its exit code, and everything that it printed."""
        try:
            code = self.child.wait(30)
        except subprocess.TimeoutExpired:
            self.child.kill()
            raise
        for reader in self.readers:
            reader.join(10)
        return code

    def __enter__(self):
        return self

    def __exit__(self, *what):
        if self.child.poll() is None:
            self.child.kill()
        self.end()
