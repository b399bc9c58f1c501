"""Cases of one test program: one that fails is told, the others go on, the last line counts.

    verdict = Verdict()
    with verdict.case("a stale ETag is refused"):
        expect(answer, 412)
    sys.exit(verdict.close())
"""
import contextlib
import time
import traceback


class Verdict:
    def __init__(self):
        self.passed = self.failed = 0
        self.began = time.monotonic()

    @contextlib.contextmanager
    def case(self, name):
        try:
            yield
        except Exception as why:
            self.failed += 1
            where = "".join(traceback.format_tb(why.__traceback__)[-2:]).rstrip()
            print(f"FAIL {name}\n  {type(why).__name__}: {why}\n{where}", flush=True)
        else:
            self.passed += 1

    def close(self):
        """Prints the last line; what the program exits with."""
        print(f"{self.passed} passed, {self.failed} failed "
              f"({time.monotonic() - self.began:.1f} s)", flush=True)
        return 1 if self.failed or not self.passed else 0


def same(got, wanted, what=""):
    assert got == wanted, f"{what + ': ' if what else ''}{shown(got)}, not {shown(wanted)}"


def shown(value):
    text = repr(value)
    return text if len(text) < 600 else text[:600] + " ..."


def expect(answer, status):
    """The answer, if it has that status."""
    assert answer.status == status, f"status {answer.status}, not {status}: {shown(answer.body)}"
    return answer


def expect_problem(answer, status, word, **named):
    """A well-formed problem of that kind with, where `named` says some, one error that has all of
    it: pointer="/weight", line=3, column=2, header="If-Match", parameter="after"."""
    expect(answer, status)
    same(answer.headers["Content-Type"], "application/problem+json", "Content-Type")
    problem = answer.json()
    same(problem["type"], f"/problems/{word}", "type")
    same(problem["status"], status, "the status inside")
    assert problem["title"] and (problem.get("detail") or not named), shown(problem)
    fits = [error for error in problem.get("errors", [])
            if all(error.get(name) == value for name, value in named.items())]
    assert fits or not named, f"no error with {named} in {shown(problem)}"
    assert all(error["detail"] for error in problem.get("errors", [])), shown(problem)
    return problem
