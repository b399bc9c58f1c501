"""Signing in as many: from other addresses of this host, from browsers that keep cookies, and with
tokens that are sealed here with the secret of the stack."""
import base64
import hashlib
import hmac
import http.client
import json
import time

from people import PASSWORD
from stack import Answer

HEADER = {"alg": "HS256", "typ": "JWT"}
COOKIE, DEVICE = "__Host-misaq", "__Host-misaq-device"


def base64url(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def spelled(thing):
    return thing if isinstance(thing, str) else json.dumps(thing, separators=(",", ":"))


class Door:
    def __init__(self, stack):
        self.stack = stack

    # ---- over HTTP -------------------------------------------------------------------------
    def knock(self, method, path, thing=None, headers=None, source=None):
        """One request from an address of this host."""
        connection = http.client.HTTPConnection(self.stack.address, timeout=30, source_address=(
            source, 0) if source else None)
        try:
            body = None if thing is None else json.dumps(thing)
            named = {"Content-Type": "application/json"} if body else {}
            connection.request(method, path, body, named | (headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def sign_in(self, person, password=PASSWORD, source=None, headers=None, device=None):
        headers = dict(headers or {})
        if device:
            headers["Cookie"] = f"{DEVICE}={device}"
        return self.knock("POST", "/v1/sessions", {"person": person, "password": password},
                          headers, source)

    def wrong(self, person, **how):
        return self.sign_in(person, "certainly not the password", **how)

    def me(self, token, **headers):
        return self.knock("GET", "/v1/me", None, {"Authorization": f"Bearer {token}"} | headers)

    # ---- tokens made here ------------------------------------------------------------------
    def secret(self):
        return bytes.fromhex((self.stack.folder / "keys/token.key").read_text())

    @staticmethod
    def claims(person, **claims):
        now = int(time.time())
        said = {"iss": "PK", "sub": person, "sid": hashlib.md5(person.encode()).hexdigest(),
                "auth_time": now, "exp": now + 600}
        return {name: value for name, value in (said | claims).items() if value is not None}

    def seal(self, claims, header=None, secret=None, digest="sha256"):
        """A token as offices would seal it, unless something else is said."""
        text = ".".join(base64url(spelled(part).encode()) for part in (header or HEADER, claims))
        secret = self.secret() if secret is None else secret
        return f"{text}.{base64url(hmac.new(secret, text.encode(), digest).digest())}"


def cookies(answer):
    """{name: (value, attributes)} of an answer."""
    found = {}
    for field in answer.headers.get_all("Set-Cookie") or []:
        pair, *attributes = (part.strip() for part in field.split(";"))
        name, _, value = pair.partition("=")
        found[name] = value, set(attributes)
    return found
