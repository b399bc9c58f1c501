"""The people of a test: whoever is named acts. The first administrators are founded as a government
does it, with `misaq init`; everybody else is registered, posted and given a password by the two of
them, over HTTP, when first named.

    people = People(stack)
    people.headers("a.khan@focal.PWR")    # {"Authorization": "Bearer ...", "Misaq-Office": ...}
"""
import re
import subprocess

from verdict import expect

# The same as in the sample government, so that its people can be used too.
FIRST, SECOND = "admin.one", "admin.two"
PASSWORD = "sample-password"  # of everybody here


class People:
    def __init__(self, stack):
        self.stack = stack
        self.tokens = {}
        self.held = set()

    # ---- founding --------------------------------------------------------------------------
    def found(self):
        """The two administrators; what was founded stays."""
        sent = {"person": FIRST, "password": PASSWORD}
        if self.stack.ask_json("POST", "/v1/sessions", sent).status != 200:
            self.init()
        for person, office in ((FIRST, "administrator.1"), (SECOND, "administrator.2")):
            self.sign_in(person)
            self.held.add((person, office))

    def init(self):
        told = subprocess.run(
            self.stack.misaq("init", FIRST, "First Administrator", SECOND, "Second Administrator"),
            capture_output=True, text=True, timeout=60, check=False, env=self.stack.environment())
        assert told.returncode == 0, told.stderr
        for person, code in re.findall(r"^  (admin\.\w+)  (\S+)$", told.stdout, re.M):
            self.set_password(person, code)

    def set_password(self, person, code, password=PASSWORD):
        sent = {"person": person, "code": code, "password": password}
        expect(self.stack.ask_json("POST", "/v1/passwords", sent), 200)

    def sign_in(self, person, password=PASSWORD):
        sent = {"person": person, "password": password}
        answer = expect(self.stack.ask_json("POST", "/v1/sessions", sent), 200)
        self.tokens[person] = answer.json()["token"]
        return self.tokens[person]

    # ---- the two administrators at work ----------------------------------------------------
    def act(self, which, method, path, content=None, **headers):
        person, office = ((FIRST, "administrator.1"), (SECOND, "administrator.2"))[which]
        named = {"Authorization": f"Bearer {self.tokens[person]}", "Misaq-Office": office}
        return self.stack.ask_json(method, path, content, named | headers)

    def register(self, person, name=None, body=None):
        """A person who can sign in."""
        sent = {"id": person, "name": name or f"{person} (invented)"} | ({"body": body} if body
                                                                         else {})
        answer = self.act(0, "POST", "/v1/people", sent)
        if answer.status != 409:
            expect(answer, 201)
            self.invite(person)
        self.sign_in(person)

    def invite(self, person):
        """A new password."""
        path = f"/v1/people/{person}"
        expect(self.act(0, "POST", f"{path}/invite", {}), 200)
        expect(self.act(1, "POST", f"{path}/invite/confirm", {}), 200)
        halves = [expect(self.act(which, "GET", f"{path}/code"), 200).json() for which in (0, 1)]
        self.set_password(person, f"{halves[0]['first']}-{halves[1]['second']}")

    def post(self, person, office, **slots):
        """Gives an office to a person; whoever held it hands over. The posting."""
        title = f"{office} (invented)"
        created = self.act(0, "POST", "/v1/offices", {"id": office, "title": title})
        assert created.status in (201, 409), created.body
        there = expect(self.act(0, "GET", f"/v1/offices/{office}"), 200).json()
        if there.get("holder") == person:
            self.held.add((person, office))
            return None
        sent = {"office": office, "person": person} | slots
        posting = expect(self.act(0, "POST", "/v1/postings", sent), 201).json()["id"]
        expect(self.act(1, "POST", f"/v1/postings/{posting}/confirm", {}), 200)
        self.held = {(p, o) for p, o in self.held if o != office} | {(person, office)}
        return posting

    # ---- for requests ----------------------------------------------------------------------
    def headers(self, actor):
        """What a request of "person@office" sends; makes sure that the person holds the office."""
        person, office = actor.split("@")
        if not self.tokens:
            self.found()
        if person not in self.tokens:
            self.register(person)
        if office != "person" and (person, office) not in self.held:
            self.post(person, office)
        return {"Authorization": f"Bearer {self.tokens[person]}", "Misaq-Office": office}

    def lines(self, actor):
        """The same as it stands in a request that is written by hand."""
        return "".join(f"{name}: {value}\r\n" for name, value in self.headers(actor).items())
