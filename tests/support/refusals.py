"""Requests that must be refused by name and leave the ledger as long as it was."""
from government import focal
from ledger import Ledger
from verdict import expect_problem, same

TARGETS = "/v1/agreements/PWR-2021/targets"


class Refusals:
    def __init__(self, verdict, stack):
        self.verdict, self.stack = verdict, stack
        self.ledger = Ledger(stack.redis)

    def check(self, name, answer, status, word, **named):
        """One case: the answer, a function that gets it, and what must stand in it."""
        with self.verdict.case(name):
            length = self.ledger.length()
            answered = answer() if callable(answer) else self.post(answer)
            expect_problem(answered, status, word, **named)
            same(self.ledger.length(), length, "entries of the ledger")

    def post(self, body, path=TARGETS, actor=focal("PWR"), **headers):
        headers.setdefault("Content-Type", "application/json")
        return self.stack.request("POST", path, body, headers, actor)
