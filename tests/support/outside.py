"""What is outside the house in a test: a place that takes webhooks, and a mail server; both do as
they are told: take, refuse, hang."""
import asyncio
import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import ssl
import subprocess
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from stack import free_port, wait_until


class Hooks:
    """An HTTP server; `says` maps a path to a function that answers its handler."""

    def __init__(self):
        self.got, self.says, self.stopped = [], {}, threading.Event()
        hooks = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                hooks.got.append((self.path, dict(self.headers), body))
                hooks.says.get(self.path, Hooks.take)(self)

            do_GET = do_POST

            def log_message(self, *what):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @staticmethod
    def answer(handler, status, **fields):
        handler.send_response(status)
        for name, value in fields.items():
            handler.send_header(name, value)
        handler.send_header("content-length", "0")
        handler.end_headers()

    @staticmethod
    def take(handler):
        Hooks.answer(handler, 204)

    def hang(self, handler):
        self.stopped.wait(30)
        handler.close_connection = True

    def flood(self, handler):
        """Ten gigabytes, as far as they are taken."""
        handler.send_response(200)
        handler.send_header("content-length", str(10 << 30))
        handler.end_headers()
        try:
            for _ in range(10 << 10):
                handler.wfile.write(bytes(1 << 20))
        except OSError:
            self.flooded = True

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"

    def of(self, path):
        return [got for got in self.got if got[0] == path]

    def reach(self, path, count, seconds=20):
        wait_until(lambda: len(self.of(path)) >= count, seconds, f"{count} calls of {path}")
        return self.of(path)

    def close(self):
        self.stopped.set()
        self.server.shutdown()
        self.server.server_close()


def checked(got, secret):
    """The body, when it is signed as Standard Webhooks has it."""
    _, fields, body = got
    key = base64.b64decode(secret.removeprefix("whsec_"))
    fields = {name.lower(): value for name, value in fields.items()}
    text = f"{fields['webhook-id']}.{fields['webhook-timestamp']}.".encode() + body
    seal = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    assert fields["webhook-signature"] == f"v1,{seal}", fields
    return fields["webhook-id"], json.loads(body)


class Post:
    """A mail server with STARTTLS; hang_at names the command that it does not answer, refuse the
    one that it answers with 550, and `silent` lets it not even say hello."""

    STAGES = ("EHLO", "MAIL", "RCPT", "DATA")

    def __init__(self, folder):
        self.letters, self.tries = [], 0
        self.hang_at = self.refuse = None
        self.certificate, key = folder / "mail.pem", folder / "mail.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out",
                        self.certificate, "-subj", "/CN=mail", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-days", "2"], check=True,
                       capture_output=True)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.certificate, key)
        post = self

        class Server(SMTP):
            async def _handle_client(self):
                post.tries += 1
                if post.hang_at == "HELLO":
                    await asyncio.sleep(30)
                await super()._handle_client()

        class Door(Controller):
            def factory(self):
                return Server(self.handler, hostname="mail.example", tls_context=tls,
                              require_starttls=True)

        self.controller = Door(self, hostname="127.0.0.1", port=free_port())
        self.controller.start()
        self.url = f"smtp://127.0.0.1:{self.controller.port}"

    async def met(self, stage, fine):
        if self.hang_at == stage:
            await asyncio.sleep(30)
        return "550 5.1.1 No such mailbox" if self.refuse == stage else fine

    async def handle_EHLO(self, server, session, envelope, hostname):
        session.host_name = hostname
        return await self.met("EHLO", "250 HELP")

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return await self.met("MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return await self.met("RCPT", "250 OK")

    async def handle_DATA(self, server, session, envelope):
        said = await self.met("DATA", "250 OK")
        if said.startswith("250"):
            letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.letters.append((envelope.rcpt_tos, session.ssl is not None, letter))
        return said

    def close(self):
        self.controller.stop()
