"""What the rows of the bench are measured with: programs that end with the bench, the clients that
others wrote (wrk, redis-benchmark), rounds in which all contestants take turns, and their medians.
"""
import dataclasses
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile

from stack import ROOT, wait_until

HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = int(os.environ.get("SECONDS", "3"))
CLIENTS = 64
RANDOM = 2 ** 31 - 1  # the most that redis-benchmark draws from
tempfile.tempdir = "/var/tmp"  # on disk, where /tmp may be memory: fsync has to cost what it costs


# ---- programs ----------------------------------------------------------------------------------
class Lab:
    """A temporary folder and the programs started in it; both are gone afterwards."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="misaq-bench-"))
        self.children = []
        return self

    def __exit__(self, *why):
        for child in self.children:
            child.kill()
            child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, command, environment=None, piped=False):
        """Standard output can be read; what is said on standard error goes to <program>.log."""
        command = [str(word) for word in command]
        with (self.folder / f"{pathlib.Path(command[0]).name}.log").open("ab") as log:
            child = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL"] + command, env=environment, text=True,
                stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log, cwd=self.folder)
        self.children.append(child)
        return child

    def write(self, name, data):
        path = self.folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    def redis(self):
        """A Redis of its own, with our configuration and our Function; returns its socket."""
        socket = self.folder / "peer.sock"
        data = self.folder / "data"
        data.mkdir()
        log = self.folder / "redis.log"
        self.start(["redis-server", ROOT / "docker/redis.conf", "--port", "0", "--unixsocket",
                    socket, "--dir", data, "--logfile", log])
        wait_until(lambda: socket.exists() and redis_say(socket, "PING") == b"PONG", 30,
                   "a Redis that answers")
        function = (ROOT / "shared/ledger/append.lua").read_bytes()
        redis_say(socket, "FUNCTION", "LOAD", given=function)
        return socket


def run(command, given=None, environment=None):
    """Runs to the end; what it said."""
    done = subprocess.run([str(word) for word in command], input=given, capture_output=True,
                          env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: "
                           f"{(done.stdout + done.stderr).decode(errors='replace')[-2000:]}")
    return done.stdout


def redis_say(socket, *words, given=None):
    """One command; `given` is its last argument, in bytes. The raw reply."""
    last = [] if given is None else ["-x"]
    return run(["redis-cli", "-s", socket] + last + list(words), given).removesuffix(b"\n")


# ---- clients -----------------------------------------------------------------------------------
def wrk(url, *, clients=CLIENTS, seconds=SECONDS, headers=(), arguments=()):
    """What wrk.lua says at the end. Answers that are no success, or none, end the bench."""
    fields = [word for field in headers for word in ("-H", field)]
    said = run(["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "-s", HERE / "wrk.lua", *fields,
                url, "--", *arguments])
    result = json.loads(said.splitlines()[-1])
    if result["refused"] or result["lost"] or not result["answers"]:
        raise RuntimeError(f"{url}: {result}")
    return result


def per_second(result):
    return result["answers"] / result["seconds"]


def redis_benchmark(socket, calls, words, last):
    """Calls a second; `last` is the last argument, in bytes."""
    said = run(["redis-benchmark", "-s", socket, "-c", CLIENTS, "-n", calls, "-r", RANDOM,
                "--csv", "-x", *words], last)
    return float(said.splitlines()[-1].rsplit(b'","')[-7].strip(b'"'))


# ---- rounds and rows ---------------------------------------------------------------------------
def rounds(contestants):
    """Every contestant once a round, another one first each time: {name: [result a round]}."""
    names = list(contestants)
    results = {name: [] for name in names}
    for number in range(ROUNDS):
        for place in range(len(names)):
            name = names[(number + place) % len(names)]
            results[name].append(contestants[name]())
    return results


def figure(number):
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def spread(values):
    """Median and range."""
    return (f"{figure(statistics.median(values))} "
            f"({figure(min(values))}..{figure(max(values))})")


@dataclasses.dataclass
class Row:
    """One line of the table. ours and ceiling are what each round measured; the ratio is that of
    each round, because the machine is not the same from round to round."""
    what: str
    unit: str
    ours: list
    ceiling_name: str = ""
    ceiling: list = dataclasses.field(default_factory=list)
    goal: str = ""
    least_ratio: float = 0
    least: float = 0  # of ours
    most: float = 0  # of ours, where less is better

    def ratios(self):
        return [ours / ceiling for ours, ceiling in zip(self.ours, self.ceiling)]

    def met(self):
        if self.least_ratio:
            return statistics.median(self.ratios()) >= self.least_ratio
        if self.least:
            return statistics.median(self.ours) > self.least
        return statistics.median(self.ours) < self.most if self.most else None

    def cells(self):
        ceiling = f"{self.ceiling_name} {spread(self.ceiling)}" if self.ceiling else ""
        ratio = ""
        if self.ceiling:
            ratios = self.ratios()
            ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}..{max(ratios):.2f})"
        verdict = {None: "", True: "met", False: "NOT MET"}[self.met()]
        return [self.what, f"{spread(self.ours)} {self.unit}", ceiling, ratio, self.goal, verdict]
