#!/usr/bin/python3
"""Whole agreements that cannot be taken: CSV files with every fault that spreadsheets make, and
drafts that are not fit to be submitted. Lines and members are named, and nothing is written."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from government import Government, a_promise, csv_of, focal, secretary  # noqa: E402
from refusals import Refusals  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect_problem, same  # noqa: E402

FALLING = [19, 18, 17, 16, 15, 14, 13, 12]


def submissions(refusals, government):
    def submit():
        return government.post("PWR", "submit", actor=secretary("PWR"))

    for weights in ((40, 35, 25.001), (40, 35, 24.999), (100, 0.001), (99.999,), (50, 50, 50)):
        government.load("PWR", [a_promise("PWR", weight=weight) for weight in weights])
        refusals.check(f"submit with the weights {weights}", submit, 422, "invalid",
                       pointer="/weight")
    holes = [{name: None} for name in (
        "baseline", "baseline_on", "baseline_source", "target_value", "unit", "direction", "source",
        "milestones", "depends_on_nobody")] + [{"milestones": FALLING[:7]}]
    for hole in holes:
        name = next(iter(hole))
        receipt = government.load("PWR", [a_promise("PWR", weight=100, **hole)])
        last = government.read("/v1/targets?agreement=PWR-2021", focal("PWR"))["items"][-1]["id"]
        assert receipt["id"] == "PWR-2021"
        refusals.check(f"submit without {name}", submit, 422, "invalid",
                       pointer=f"/targets/{last}/{name}")
    government.load("PWR", [a_promise("PWR", weight=100,
                                      milestones=[20, 20, 20, 16, 15, 14, 13, 12])])
    with refusals.verdict.case("submit with a year that ends in a rush and no reason"):
        assert any(error["pointer"].endswith("/phasing_reason") for error in expect_problem(
            submit(), 422, "invalid")["errors"])


TABLE = csv_of([a_promise("PWR", weight=weight) for weight in (50, 30, 20)])


def lines_of(table):
    return table.decode().split("\n")[:-1]


def edited(line, old, new, table=TABLE):
    """The table with a change in one line, from 1."""
    lines = lines_of(table)
    assert old in lines[line - 1], old
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    return "".join(text + "\n" for text in lines).encode()


def imports(refusals, government):
    columns = lines_of(TABLE)[0].split(",")
    column = {name: index + 1 for index, name in enumerate(columns)}
    cases = [
        ("a byte order mark", b"\xef\xbb\xbf" + TABLE, 400, {"line": 1, "column": 1}),
        ("semicolons", TABLE.replace(b",", b";"), 400, {"line": 1}),
        ("CR LF", TABLE.replace(b"\n", b"\r\n"), 400, {"line": 1}),
        ("CR LF in one line", edited(3, "Invented for a test", "Invented for a test\r"), 400,
         {"line": 3}),
        ("a quote inside a cell", edited(2, "Consumers", 'Con"sumers'), 400, {"line": 2}),
        ("a quote inside quotes", edited(3, '"Regulator, monthly returns"', '"Reg"ulator, x"'), 400,
         {"line": 3}),
        ("quotes that do not end", edited(4, "Consumers", '"Consumers'), 400, {"line": 4}),
        ("a missing column", TABLE.replace(b"statement,", b"", 1), 422,
         {"line": 1, "pointer": "/statement"}),
        ("an unknown column", TABLE.replace(b"beneficiary", b"colour", 1), 422,
         {"line": 1, "column": column["beneficiary"]}),
        ("a column twice", TABLE.replace(b"beneficiary", b"place", 1), 422,
         {"line": 1, "column": column["place"]}),
        ("no rows", (lines_of(TABLE)[0] + "\n").encode(), 422, {}), ("nothing", b"", 400, {}),
        ("a cell too few", edited(3, ",monthly", ""), 422, {"line": 3}),
        ("a cell too many", edited(3, ",monthly", ",monthly,x"), 422, {"line": 3}),
        ("a blank line", TABLE + b"\n" + TABLE.split(b"\n")[1] + b"\n", 422, {"line": 5}),
        ("invalid UTF-8", TABLE.replace(b"Consumers", b"Con\xffsumers", 1), 422,
         {"line": 2, "column": column["beneficiary"]}),
        ("a NUL", TABLE.replace(b"Consumers", b"Con\x00sumers", 1), 422,
         {"line": 2, "column": column["beneficiary"]}),
        ("a bidi control", edited(2, "Consumers", "Con\u202esumers"), 422,
         {"line": 2, "column": column["beneficiary"]}),
        ("a bad number", edited(4, ",20,", ",twenty,"), 422,
         {"line": 4, "column": column["baseline"]}),
        ("too many decimals", edited(3, ",30,", ",30.0001,"), 422,
         {"line": 3, "column": column["weight"]}),
        ("a bad word", edited(3, ",outcome,", ",wish,"), 422,
         {"line": 3, "column": column["class"]}),
        ("a bad list", edited(2, "19;18;", "19;x;"), 422,
         {"line": 2, "column": column["milestones"]}),
        ("milestones against the direction", edited(4, "19;18;", "19;19.5;"), 422,
         {"line": 4, "column": column["milestones"], "pointer": "/rows/2/milestones/1"}),
        ("another body's owner", edited(3, "focal.PWR", "focal.FIN"), 422,
         {"line": 3, "column": column["owner"], "pointer": "/rows/1/owner"}),
        ("2,001 rows", TABLE + TABLE.split(b"\n")[1].join([b"", b"\n"]) * 1998, 422, {}),
    ]
    before = government.all_items("/v1/targets?agreement=PWR-2021", focal("PWR"))
    for name, table, status, place in cases:
        refusals.check(f"CSV: {name}", lambda table=table: government.post("PWR", "import", table),
                       status, "bad-input" if status == 400 else "invalid", **place)
    for name, changes in (
            ("rows that cannot be read", [(2, ",50,", ",fifty,"), (3, "monthly,30", "never,30"),
                                          (4, "2021-06-30", "2021-06-31")]),
            ("rows that break rules", [(2, "19;18;", "19;20;"), (3, "focal.PWR", "focal.LAW"),
                                       (4, "2023-06-30", "2023-07-30")])):
        with refusals.verdict.case(f"CSV: all {name} are named with line and column"):
            table = TABLE
            for line, old, new in changes:
                table = edited(line, old, new, table)
            problem = expect_problem(government.post("PWR", "import", table), 422, "invalid")
            named = {error.get("line") for error in problem["errors"]}
            same(named, {2, 3, 4}, "lines")
            assert all(error.get("column") for error in problem["errors"]), problem["errors"]
    with refusals.verdict.case("after all refused imports the draft is what it was"):
        same(government.all_items("/v1/targets?agreement=PWR-2021", focal("PWR")), before)


def main():
    verdict = Verdict()
    with Stack() as stack:
        government, refusals = Government(stack), Refusals(verdict, stack)
        government.found("PWR", "FIN", "LAW")
        government.open("PWR")
        stack.people.headers(secretary("PWR"))
        submissions(refusals, government)
        imports(refusals, government)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
