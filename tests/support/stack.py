"""A whole system for one test: a private Redis, every service and the gateway, in a temporary
folder. Programs are started by one thread that lives as long as this process, and the kernel kills
them when it ends: however a test dies, nothing stays behind.

    with Stack() as stack:
        answer = stack.request("GET", "/v1/targets?limit=1")
        stack.kill("targets")
        stack.restart("targets")

MISAQ_BUILD says which build is tested (build/debug). With STACK_URL the test talks to a system
that is already running there, and nothing is started.
"""
import concurrent.futures
import ctypes
import dataclasses
import http.client
import json
import os
import pathlib
import random
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

from people import People

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
READY_SECONDS = 60
STOP_SECONDS = 30
PORT_TRIES = 5
DOORS = ["streams", "courier", "gateway"]  # what faces the outside, besides the services
KEPT = ("data", "keys", "record", "evidence")  # all that a government is, on disk

_spawner = concurrent.futures.ThreadPoolExecutor(1)  # PDEATHSIG follows the thread that forked


def wait_until(true, seconds, what):
    """Polls `true` to a deadline and returns what it answered; `what` says what was awaited."""
    deadline = time.monotonic() + seconds
    while True:
        answer = true()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} s")
        select.select([], [], [], 0.02)


def free_port():
    """A port of this host that is free now. Below the range from which the kernel takes ports
    for outgoing connections, so that it is still free when a program is started again."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


@dataclasses.dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self):
        return json.loads(self.body)


@dataclasses.dataclass
class Program:
    command: list
    environment: dict
    log: pathlib.Path
    child: subprocess.Popen = None


class Stack:
    def __init__(self, build=None, actor="root@administrator", settings=None, restored=None,
                 held=False, users=None):
        """settings: more MISAQ_ variables for every program, {"MISAQ_QUEUE": "8"}. restored: a
        folder with what KEPT names, to begin with. held: it is to be found in read-only hold.
        users: a folder that is made, with a user at Redis for each program."""
        self.build = (ROOT / (build or os.environ.get("MISAQ_BUILD", "build/debug"))).resolve()
        self.actor = actor
        self.settings = settings or {}
        self.restored = restored
        self.held = held
        self.users = users
        self.programs = {}
        self.people = People(self)
        self.folder = None
        self.address = None
        self.admin = None

    # ---- life ------------------------------------------------------------------------------
    def __enter__(self):
        if "STACK_URL" in os.environ:
            self.address = urllib.parse.urlsplit(os.environ["STACK_URL"]).netloc
            return self
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="misaq-"))
        try:
            self._start_all()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, kind, value, trace):
        try:
            if kind is None:
                self.stop()
        finally:
            self._end(keep=kind is not None)

    def _start_all(self):
        for name in KEPT:
            if self.restored:
                shutil.copytree(self.restored / name, self.folder / name)
            else:
                (self.folder / name).mkdir(mode=0o700)
        self.redis = self.folder / "redis.sock"
        self._add("redis", ["redis-server", str(ROOT / "docker/redis.conf"), "--port", "0",
                            "--unixsocket", str(self.redis), "--dir", str(self.folder / "data"),
                            *self._make_users()])
        services = sorted(path.name.removeprefix("misaq-") for path in self.build.glob("misaq-*")
                          if path.name.removeprefix("misaq-") not in DOORS)
        # Hashes of passwords are made cheap and sessions long: neither is what is tested here.
        common = {"MISAQ_REDIS": str(self.redis), "MISAQ_KEYS": str(self.folder / "keys"),
                  "MISAQ_RECORD": str(self.folder / "record"),
                  "MISAQ_EVIDENCE": str(self.folder / "evidence"),
                  "MISAQ_PASSWORD_KIB": "1024", "MISAQ_PASSWORD_PASSES": "1",
                  "MISAQ_SESSION_S": "86400", "MISAQ_SESSION_MAX_S": "86400",
                  "MISAQ_COURIER_ADMIN": "127.0.0.1:0",
                  "MISAQ_SEAL_MS": "200", "MISAQ_STREAMS": str(self.folder / "streams"),
                  "MISAQ_DEPARTMENTS_KEY": str(self.folder / "departments.key")}
        for name in services:
            for kind in ("commands", "events"):
                common[f"MISAQ_{name.upper()}_{kind.upper()}"] = (
                    f"ipc://{self.folder}/{name}-{kind}")
        self.common = common | self.settings
        for name in services + DOORS:
            self._add(name, [str(self.build / f"misaq-{name}")], self.common | self._user(name))
        for name in self.programs:
            if name != "gateway":
                self.start(name)
        for attempt in range(PORT_TRIES):
            self.address, self.admin = (f"127.0.0.1:{free_port()}" for _ in range(2))
            self.programs["gateway"].environment |= {"MISAQ_HTTP": self.address,
                                                     "MISAQ_ADMIN": self.admin}
            self.start("gateway")
            try:
                return self.wait_held() if self.held else self.wait_ready()
            except ChildProcessError:  # another program may have taken the port meanwhile
                if attempt + 1 == PORT_TRIES:
                    raise
        return None

    def _end(self, keep=False):
        for program in self.programs.values():
            if program.child and program.child.poll() is None:
                program.child.kill()
                program.child.wait()
        if keep:
            for name in self.programs:
                print(f"---- the end of the log of {name}\n{self.logs(name)[-4000:]}", flush=True)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    # ---- programs --------------------------------------------------------------------------
    def _add(self, name, command, environment=None):
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MISAQ_")}
        self.programs[name] = Program(command, inherited | (environment or {}),
                                      self.folder / f"{name}.log")

    def start(self, name):
        """Starts it; does not wait until it is ready."""
        program = self.programs[name]

        def spawn():
            with program.log.open("ab") as log:
                return subprocess.Popen(
                    program.command, env=program.environment, stdin=subprocess.DEVNULL,
                    stdout=log, stderr=log, cwd=self.folder,
                    preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL))

        program.child = _spawner.submit(spawn).result()

    def pid(self, name):
        return self.programs[name].child.pid

    def kill(self, name):
        """SIGKILL: what a power cut would do to one program."""
        self.programs[name].child.kill()
        self.programs[name].child.wait()

    def restart(self, name, ready=True):
        """Starts again what was killed, with the same addresses and data."""
        if self.programs[name].child.poll() is None:
            self.kill(name)
        self.start(name)
        if ready:
            self.wait_ready()

    def stop(self):
        """SIGTERM to all, the gateway first and Redis last; each must end well by itself."""
        for name in reversed(self.programs):
            child = self.programs[name].child
            if child is None or child.poll() == -signal.SIGKILL:
                continue
            child.terminate()
            try:
                code = child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                raise AssertionError(f"{name} goes on {STOP_SECONDS} s after SIGTERM") from None
            assert code == 0, f"{name} ended with {code} after SIGTERM:\n{self.logs(name)[-4000:]}"

    def logs(self, name):
        log = self.programs[name].log
        return log.read_text(errors="replace") if log.exists() else ""

    def wait_ready(self, seconds=READY_SECONDS):
        """Until /readyz is green; a program that has ended by itself is an error."""
        def ready():
            for name, program in self.programs.items():
                code = program.child.poll() if program.child else None
                if code is not None and code != -signal.SIGKILL:
                    raise ChildProcessError(f"{name} ended with {code}:\n{self.logs(name)[-4000:]}")
            try:
                return self.ask(self.admin, "GET", "/readyz", timeout=5).status == 200
            except (OSError, http.client.HTTPException):
                return False
        wait_until(ready, seconds, "a green /readyz")

    def wait_held(self, seconds=READY_SECONDS):
        """Until /readyz says that nobody may write."""
        def held():
            try:
                answer = self.ask(self.admin, "GET", "/readyz", timeout=5)
            except (OSError, http.client.HTTPException):
                return False
            return b"record: " in answer.body
        wait_until(held, seconds, "a read-only hold in /readyz")

    def wait_sealed(self, seconds=30):
        """Until a checkpoint covers everything that has happened."""
        def sealed():
            head = self.ask_json("GET", "/v1/record").json()
            return head["size"] == head["position"]
        wait_until(sealed, seconds, "a checkpoint over everything")

    # ---- the command line ------------------------------------------------------------------
    def misaq(self, *arguments):
        """The `misaq` command with these arguments, to be run in environment()."""
        if "STACK_URL" in os.environ:
            return ["docker", "compose", "run", "--rm", "-T", "misaq", *arguments]
        return [str(self.build / "misaq"), *arguments]

    def environment(self, user="gateway"):
        """Of a command line that asks what is inside; user: whose name it has at Redis."""
        if "STACK_URL" in os.environ:
            return None
        return self.programs["gateway"].environment | self._user(user)

    # ---- users at Redis --------------------------------------------------------------------
    def _make_users(self):
        if not self.users:
            return []
        plain = {k: v for k, v in os.environ.items() if not k.startswith("MISAQ_")}
        subprocess.run(self.misaq("redis-users", str(self.users)), check=True, timeout=20,
                       env=plain, stdout=subprocess.DEVNULL)
        return ["--aclfile", str(self.users / "users.acl")]

    def _user(self, name):
        return {"MISAQ_REDIS_USER": name, "MISAQ_REDIS_PASSWORD_FILE":
                str(self.users / f"{name}.password")} if self.users else {}

    # ---- requests --------------------------------------------------------------------------
    @staticmethod
    def ask(address, method, path, body=None, headers=None, timeout=30):
        connection = http.client.HTTPConnection(address, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def ask_json(self, method, path, body=None, headers=None, timeout=30):
        """One request to the public address, by whoever the headers say. A body that is not bytes
        or text is sent as JSON."""
        named = {}
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body).encode()
            named["Content-Type"] = "application/json"
        if isinstance(body, str):
            body = body.encode()
        return self.ask(self.address, method, path, body, named | (headers or {}), timeout)

    def request(self, method, path, body=None, headers=None, actor=None, timeout=30):
        """The same by a signed-in person. actor: "person@office"; None is the stack's own, "" is
        nobody."""
        actor = self.actor if actor is None else actor
        signed = self.people.headers(actor) if actor else {}
        return self.ask_json(method, path, body, signed | (headers or {}), timeout)
