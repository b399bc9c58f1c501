#!/usr/bin/python3
"""Bearer tokens of a real identity provider (npm: oidc-provider): taken with each algorithm,
refused when anything about them is wrong, and the keys change while tokens are used."""
import base64
import hashlib
import hmac
import json
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from stack import ROOT as TREE  # noqa: E402
from stack import Stack, _spawner, free_port, wait_until  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

PERSON, OFFICE = "m.bano", "auditor"
KEYS = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}


def base64url(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class Provider:
    def __init__(self, folder, port):
        self.folder, self.port, self.child, self.generation = folder, port, None, 0
        self.issuer = f"http://127.0.0.1:{port}"

    def start(self):
        self.generation += 1
        self.child = _spawner.submit(lambda: subprocess.Popen(
            ["node", "provider.mjs", str(self.port), str(self.generation)], cwd=self.folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True)).result()
        line = self.child.stdout.readline()
        assert line == "ready\n", line
        return self

    def stop(self):
        self.child.kill()
        self.child.wait()

    def token(self, person=PERSON, key="RSA"):
        """As an application gets it."""
        asked = urllib.parse.urlencode({
            "grant_type": "client_credentials", "scope": "act", "person": person,
            "resource": f"urn:misaq:{key}"}).encode()
        secret = base64.b64encode(b"app:secret").decode()
        request = urllib.request.Request(f"{self.issuer}/token", asked,
                                         {"Authorization": f"Basic {secret}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["access_token"]

    def signed(self, header=None, key="RSA", **claims):
        """Signed as it stands, whatever it says."""
        now = int(time.time())
        said = {"iss": self.issuer, "aud": "misaq", "iat": now, "exp": now + 600,
                "preferred_username": PERSON} | claims
        said = {name: value for name, value in said.items() if value is not None}
        head = {"alg": KEYS[key], "kid": f"{key}-{self.generation}"} | (header or {})
        head = {name: value for name, value in head.items() if value is not None}
        print(json.dumps({"header": head, "claims": said, "key": key}), file=self.child.stdin,
              flush=True)
        return self.child.stdout.readline().strip()


def ask(stack, token, office=OFFICE, path="/v1/me", method="GET", body=None):
    return stack.ask_json(method, path, body, {"Authorization": f"Bearer {token}",
                                               "Misaq-Office": office})


def taken(verdict, stack, provider):
    for key in KEYS:
        with verdict.case(f"a token signed with {KEYS[key]} is taken, and names the person"):
            token = provider.token(key=key)
            same(decoded(token.split(".")[0])["alg"], KEYS[key])
            me = wait_until(lambda t=token: (lambda a: a.status == 200 and a)(ask(stack, t)), 10,
                            "a token that is taken").json()
            same(me["id"], PERSON)
            expect(ask(stack, token, path="/v1/rulings"), 200)
    with verdict.case("it acts in the offices that the ledger gives, and in no other"):
        token = provider.token()
        expect_problem(ask(stack, token, office="pm"), 403, "forbidden")
        expect_problem(ask(stack, provider.token("nobody.here")), 401, "unauthenticated")
    with verdict.case("it is renewed where it came from"):
        expect_problem(ask(stack, token, path="/v1/sessions/renew", method="POST", body={}), 403,
                       "forbidden")
    with verdict.case("all sessions of a person end with it"):
        token = provider.token()
        expect(ask(stack, token), 200)
        time_now = int(time.time())
        wait_until(lambda: int(time.time()) > time_now, 3, "the next second")
        expect(stack.people.act(1, "POST", f"/v1/people/{PERSON}/sign-out", {}), 200)
        expect_problem(ask(stack, token), 401, "unauthenticated")
        wait_until(lambda: int(time.time()) > time_now + 1, 3, "the next second")


def hostile(provider):
    """(what, token): each must be refused."""
    good = provider.signed()
    header, claims, signature = good.split(".")
    public = json.load(urllib.request.urlopen(f"{provider.issuer}/jwks", timeout=10))["keys"]
    rsa = next(key for key in public if key["kty"] == "RSA")
    now = int(time.time())

    def unsigned(head, seal=""):
        return f"{base64url(json.dumps(head).encode())}.{claims}.{seal}"

    def with_hmac(secret):
        text = f"{base64url(json.dumps({'alg': 'HS256', 'kid': rsa['kid']}).encode())}.{claims}"
        seal = hmac.new(secret, text.encode(), hashlib.sha256).digest()
        return f"{text}.{base64url(seal)}"
    other = base64url(json.dumps(decoded(claims) | {"preferred_username": "admin.one"}).encode())
    yield "alg none", unsigned({"alg": "none"})
    for word in ("None", "NONE", "nOnE", "", "HS384", "RS512", "PS256", "ES384", "RS256 "):
        yield f"alg {word!r}", unsigned({"alg": word, "kid": rsa["kid"]}, signature)
    yield "HMAC with the public key", with_hmac(rsa["n"].encode())
    yield "HMAC with the key as JSON", with_hmac(json.dumps(rsa).encode())
    yield "HMAC with nothing", with_hmac(b"")
    yield "changed claims", f"{header}.{other}.{signature}"
    yield "no signature", f"{header}.{claims}."
    yield "a shorter signature", f"{header}.{claims}.{signature[:-4]}"
    yield "padding", f"{header}.{claims}.{signature}=="
    yield "four parts", f"{good}.{signature}"
    yield "two parts", f"{header}.{claims}"
    yield "a JWE", f"{good}.{signature}.{signature}"
    yield "the signature of another key", provider.signed({"kid": "EC-1", "alg": "RS256"})
    yield "ES256 named for the RSA key", unsigned({"alg": "ES256", "kid": rsa["kid"]}, signature)
    ec = {"alg": "ES256", "kid": f"EC-{provider.generation}"}
    yield "zeros as an ECDSA signature", unsigned(ec, base64url(bytes(64)))
    yield "DER as an ECDSA signature", unsigned(ec, base64url(b"\x30\x06\x02\x01\x01\x02\x01\x01"))
    okp = {"alg": "EdDSA", "kid": f"OKP-{provider.generation}"}
    yield "zeros as an Ed25519 signature", unsigned(okp, base64url(bytes(64)))
    yield "no such key", unsigned({"alg": "RS256", "kid": "../../etc/passwd"}, signature)
    yield "a key of its own", unsigned({"alg": "RS256", "jwk": rsa, "kid": "own"}, signature)
    yield "another place for keys", unsigned(
        {"alg": "RS256", "kid": "own", "jku": "http://127.0.0.1:1/"}, signature)
    yield "crit", provider.signed({"crit": ["b64"], "b64": True})
    yield "another type", provider.signed({"typ": "logout+jwt"})
    yield "another issuer", provider.signed(iss=provider.issuer + "/")
    yield "no issuer", provider.signed(iss=None)
    yield "another audience", provider.signed(aud="other")
    yield "no audience", provider.signed(aud=None)
    yield "audiences without us", provider.signed(aud=["a", "b"])
    yield "expired", provider.signed(exp=now - 1, iat=now - 100)
    yield "no end", provider.signed(exp=None)
    yield "an end that is text", provider.signed(exp=str(now + 100))
    yield "an end that is a fraction", provider.signed(exp=now + 100.5)
    yield "good for ever", provider.signed(exp=2 ** 53)
    yield "from the future", provider.signed(iat=now + 3600, exp=now + 7200)
    yield "not good yet", provider.signed(nbf=now + 3600)
    yield "nobody", provider.signed(preferred_username=None)
    yield "a person that is no id", provider.signed(preferred_username="a/../b")
    yield "a person that is a number", provider.signed(preferred_username=7)
    yield "not JSON", f"{base64url(b'x')}.{claims}.{signature}"
    yield "a list as a header", f"{base64url(b'[]')}.{claims}.{signature}"
    yield "depth", f"{base64url(b'[' * 3000)}.{claims}.{signature}"
    yield "a member twice", (base64url(b'{"alg":"none","alg":"RS256"}') + f".{claims}.{signature}")


def refused(verdict, stack, provider):
    expect(ask(stack, provider.signed()), 200)
    expect(ask(stack, provider.signed(aud=["other", "misaq"])), 200)
    for what, token in hostile(provider):
        with verdict.case(f"refused: {what}"):
            def asked(sent=token):
                answer = ask(stack, sent)  # while the keys are read again it is 503
                return answer if answer.status != 503 else None
            expect_problem(wait_until(asked, 10, "a verdict"), 401, "unauthenticated")


def rotated(verdict, stack, provider):
    old = provider.token()
    expect(ask(stack, old), 200)
    provider.stop()
    with verdict.case("without the provider what is known goes on"):
        expect(ask(stack, old), 200)
    provider.start()
    with verdict.case("new keys are found when a token names one, and the old ones are gone"):
        wait_until(lambda: ask(stack, provider.token()).status == 200, 30, "the new keys")
        expect_problem(ask(stack, old), 401, "unauthenticated")


def main():
    verdict = Verdict()
    if not shutil.which("node") or not shutil.which("npm"):
        print("SKIPPED: node and npm are not here (make deps installs them)")
        return 0
    port = free_port()
    settings = {"MISAQ_OIDC_ISSUER": f"http://127.0.0.1:{port}"}
    with Stack(settings=settings) as stack:
        folder = stack.folder / "oidc"
        shutil.copytree(TREE / "tests/oidc", folder,
                        ignore=shutil.ignore_patterns("node_modules"))
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, timeout=240,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"SKIPPED: npm cannot install oidc-provider: {done.stderr.strip()[-300:]}")
            return 0
        stack.people.headers(f"{PERSON}@{OFFICE}")
        provider = Provider(folder, port).start()
        try:
            taken(verdict, stack, provider)
            refused(verdict, stack, provider)
            rotated(verdict, stack, provider)
        finally:
            provider.stop()
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
