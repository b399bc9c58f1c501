"""Two instances of every service and two gateways on one ledger: the second of each has a 2 behind
its name. An instance binds the first address of its list and hears the others."""
from stack import PORT_TRIES, Stack, free_port

SERVICES = ["dependencies", "notifications", "offices", "reviews", "signatures", "targets"]


def addresses(folder, own="", second=False):
    """The addresses of all, those of the own service with the own instance first."""
    found = {}
    for name in SERVICES:
        for kind in ("commands", "events"):
            both = [f"ipc://{folder}/{name}-{kind}", f"ipc://{folder}/{name}-{kind}2"]
            if name == own and second:
                both.reverse()
            found[f"MISAQ_{name.upper()}_{kind.upper()}"] = ",".join(both)
    return found


class Twins(Stack):
    def _add(self, name, command, environment=None):
        if name == "redis":
            super()._add(name, command, environment)
            return
        super()._add(name, command, environment | addresses(self.folder, name))
        if name in SERVICES:
            super()._add(f"{name}2", command,
                         environment | addresses(self.folder, name, second=True))

    def start_second_gateway(self):
        """Its public address."""
        first = self.programs["gateway"]
        for _ in range(PORT_TRIES):
            public, admin = (f"127.0.0.1:{free_port()}" for _ in range(2))
            Stack._add(self, "gateway2", first.command,
                       {name: value for name, value in first.environment.items()
                        if name.startswith("MISAQ_")}
                       | {"MISAQ_HTTP": public, "MISAQ_ADMIN": admin})
            self.start("gateway2")
            self.wait_ready()
            if self.programs["gateway2"].child.poll() is None:
                return public, admin
        raise RuntimeError("no port for a second gateway")

    def is_ready(self, admin):
        try:
            return self.ask(admin, "GET", "/readyz", timeout=5).status == 200
        except OSError:
            return False
