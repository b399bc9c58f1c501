#!/usr/bin/python3
"""Lists over some hundred targets: what filters and sorting show is compared with the same done
here over all of them, and every export with the list that it exports."""
import csv
import io
import json
import pathlib
import random
import re
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import packed  # noqa: E402
from government import Government, a_promise, cell_text, csv_of, focal  # noqa: E402
from stack import Stack  # noqa: E402
from verdict import Verdict, expect, expect_problem, same  # noqa: E402

BODIES = ["AVN", "FIN", "LAW", "PWR"]
EACH = 80
AUDITOR = "m.bano@auditor"
PLACES = ["Karachi", "KARACHI", "Straße", "پشاور", "Ærø", "İzmir", "100% \\ of; all | \"x\""]
STEPS = {"even": [1, 2, 3, 4], "back": [0, 1, 2, 4], "last": [0, 0, 1, 4], "front": [2, 3, 4, 4]}


def promises_of(body, chance):
    for number in range(EACH):
        up = chance.random() < 0.5
        spread = STEPS[chance.choice(list(STEPS))]
        base, change = chance.randrange(100, 200), chance.randrange(8, 96, 8) * (1 if up else -1)
        levels = [base + change * (4 * year + step) // 8 for year in (0, 1) for step in spread]
        slots = {
            "statement": f"Line {number} of {body} in {chance.choice(PLACES)}",
            "measure": chance.choice(["Waiting time", "Losses", "Share & price"]),
            "source": chance.choice(["Survey, independent", "Register", "REGISTER of courts"]),
            "class": chance.choice(["outcome", "output", "process", None]),
            "direction": "up" if up else "down", "baseline": base, "target_value": levels[-1],
            "milestones": chance.choice([levels, levels, levels[:3], None]), "past": None,
            "weight": chance.choice([0.001, 0.5, 1, 1.25, 1.25, 2, None]),
            "phasing_reason": chance.choice(["Harvest", None, None]),
        }
        yield a_promise(body, **slots)


def number_of(item):
    body, cycle, number = re.fullmatch(r"(\w+)-(\w+)\.(\d+)", item["id"]).groups()
    return body, cycle, int(number)


def weight_of(item):
    return float(item.get("weight", 0))


def class_of(item):
    """What the committee ruled, else the checker where both of its opinions agree, else what the
    drafter says."""
    check = item.get("check", {})
    return item.get("ruled_class") or (check["class"] if check.get("agreed") else
                                       item.get("class"))


def contains(item, text):
    needle = text.casefold()
    slots = "statement", "measure", "source"
    return any(needle in item.get(slot, "").casefold() for slot in slots)


FILTERS = [
    ({}, lambda item: True),
    ({"body": "PWR"}, lambda item: item["body"] == "PWR"),
    ({"agreement": "LAW-2021"}, lambda item: item["agreement"] == "LAW-2021"),
    ({"cycle": "2021"}, lambda item: True),
    ({"cycle": "1999"}, lambda item: False),
    ({"body": "NOPE"}, lambda item: False),
    ({"class": "output"}, lambda item: class_of(item) == "output"),
    ({"state": "draft"}, lambda item: True),
    ({"state": "in_force"}, lambda item: False),
    ({"direction": "down"}, lambda item: item["direction"] == "down"),
    *(({"phasing_flag": flag}, lambda item, flag=flag: item["phasing_flag"] == flag)
      for flag in ("open", "fine", "declared", "late", "very_late")),
    *(({"text": text}, lambda item, text=text: contains(item, text)) for text in (
        "karachi", "STRASSE", "straße", "پشاور", "ærø", "register", "Line 7", "& PRICE",
        "100% \\", "nowhere at all", "a", "\"x\"")),
    ({"weight_from": "1.25"}, lambda item: weight_of(item) >= 1.25),
    ({"weight_to": "0.5", "weight_from": "0.001"}, lambda item: 0.001 <= weight_of(item) <= 0.5),
    ({"body": "FIN", "class": "outcome", "direction": "up", "text": "line"},
     lambda item: item["body"] == "FIN" and class_of(item) == "outcome" and
     item["direction"] == "up"),
]

SORTS = {
    "id": number_of,
    "weight": lambda item: (weight_of(item), number_of(item)),
    "-weight": lambda item: (-weight_of(item), number_of(item)),
    "quality": lambda item: (int(item["quality"]), number_of(item)),
    "-quality": lambda item: (-int(item["quality"]), number_of(item)),
    "changed": lambda item: int(item["position"]),
    "-changed": lambda item: -int(item["position"]),
}


def exact(content):
    return json.loads(content, parse_float=str, parse_int=str)


def path_of(query, path="/v1/targets"):
    said = urllib.parse.urlencode(query, quote_via=urllib.parse.quote)
    return f"{path}?{said}" if said else path


def ids(items):
    return [item["id"] for item in items]


def filters_and_sorting(verdict, stack, government, everything):
    for query, keeps in FILTERS:
        with verdict.case(f"filter {query}"):
            wanted = [item for item in everything if keeps(item)]
            answer = expect(stack.request("GET", path_of(query | {"limit": 1}), actor=AUDITOR), 200)
            same(answer.json()["total"], len(wanted), "total")
            got = government.all_items(path_of(query), AUDITOR, 50)
            same(ids(got), ids(sorted(wanted, key=number_of)))
    for sort, key in SORTS.items():
        for query, keeps in (FILTERS[0], FILTERS[6], FILTERS[9]):
            with verdict.case(f"sort {sort} of {query}"):
                wanted = sorted((item for item in everything if keeps(item)), key=key)
                got = government.all_items(path_of(query | {"sort": sort}), AUDITOR, 33)
                same(ids(got), ids(wanted))
    with verdict.case("an item of a list is what reading it alone gives"):
        for item in everything[::37]:
            alone = stack.request("GET", f"/v1/targets/{item['id']}", actor=AUDITOR)
            same(exact(expect(alone, 200).body), item)
    with verdict.case("a body's people find their own only"):
        got = government.all_items("/v1/targets?text=line", focal("LAW"))
        same({item["body"] for item in got}, {"LAW"})
        same(len(got), EACH)


def pages(verdict, stack, government, everything):
    for limit in (1, 7, 64, 200):
        with verdict.case(f"pages of {limit} hold everything once, and Link leads on"):
            if limit == 1:
                query = {"body": "PWR", "sort": "-weight", "limit": 1, "text": "Line"}
            else:
                query = {"sort": "-weight", "limit": limit, "text": "Line"}
            seen, target = [], path_of(query)
            while target:
                answer = expect(stack.request("GET", target, actor=AUDITOR), 200)
                page = answer.json()
                assert 0 < len(page["items"]) <= limit, f"{len(page['items'])} items"
                seen += ids(page["items"])
                link = answer.headers["Link"]
                same(link is None, "next" not in page, "Link beside next")
                if not link:
                    break
                target = re.fullmatch(r'<(/v1/targets\?[^>]*)>; *rel="next"', link).group(1)
                same(dict(urllib.parse.parse_qsl(target.partition("?")[2])),
                     {name: str(value) for name, value in query.items()} | {"after": page["next"]})
            same(len(seen), len(set(seen)), "ids that came once")
            same(len(seen), EACH if limit == 1 else len(everything))
    with verdict.case("a page is not disturbed by what is written in between"):
        first = government.read("/v1/targets?body=AVN&limit=10", AUDITOR)
        government.draft("AVN", statement="Line that came later", weight=None)
        rest = government.all_items("/v1/targets?body=AVN", AUDITOR, 50, first["next"])
        same(len(first["items"]) + len(rest), EACH + 1)
        same(len(set(ids(first["items"] + rest))), EACH + 1)
    for limit in ("0", "201", "-1", "1.5", "ten", "99999999999999999999"):
        with verdict.case(f"limit={limit} is refused"):
            expect_problem(stack.request("GET", f"/v1/targets?limit={limit}", actor=AUDITOR), 422,
                           "invalid", parameter="limit")
    cursor = government.read("/v1/targets?sort=weight&limit=2", AUDITOR)["next"]
    hostile = ["0", "zz", cursor + "00", cursor[:-2], cursor.upper() + "g", "'; drop table",
               "../..", "a" * 400, "x" * 401, "%F0%9F%98%80", bytes("id 0 nothing", "ascii").hex(),
               bytes("id -99999999999999999999 PWR-2021.1", "ascii").hex(),
               bytes("weight 1 PWR-2021.1\n", "ascii").hex()]
    for after in hostile:
        with verdict.case(f"after={after[:40]} is refused"):
            path = f"/v1/targets?sort=id&after={urllib.parse.quote(after, safe='%')}"
            expect_problem(stack.request("GET", path, actor=AUDITOR), 422, "invalid",
                           parameter="after")
    with verdict.case("a cursor of one order is no cursor of another"):
        expect_problem(stack.request("GET", f"/v1/targets?sort=-weight&after={cursor}",
                                     actor=AUDITOR), 422, "invalid", parameter="after")


def member_of(item, column):
    """A column of a CSV in an item of the JSON list; inner members as ambition.ratio."""
    for part in column.split("."):
        item = item.get(part, "") if isinstance(item, dict) else ""
    return item


def is_flat(value):
    return not isinstance(value, list) or not value or not isinstance(value[0], dict)


def exports(verdict, stack, government):
    lists = ["/v1/targets?sort=-weight", "/v1/targets?body=PWR&class=outcome",
             "/v1/targets?text=nowhere+at+all", "/v1/agreements", "/v1/ministries", "/v1/cycles",
             "/v1/totals/bodies"]
    for path in lists:
        mark = "&" if "?" in path else "?"
        whole = government.all_items(path, AUDITOR)
        with verdict.case(f"NDJSON of {path} is the whole list"):
            answer = stack.request("GET", path, None, {"Accept": "application/x-ndjson"}, AUDITOR)
            same(expect(answer, 200).headers["Content-Type"], "application/x-ndjson")
            same([exact(line) for line in answer.body.splitlines()], whole)
            assert not answer.body or answer.body.endswith(b"\n"), "the last line has no end"
        with verdict.case(f"CSV of {path} is the whole list"):
            answer = stack.request("GET", f"{path}{mark}format=csv", actor=AUDITOR)
            same(expect(answer, 200).headers["Content-Type"], "text/csv; charset=utf-8")
            assert ".csv" in answer.headers["Content-Disposition"], "a name for the file"
            assert b"\r" not in answer.body, "CR in the file"
            rows = list(csv.reader(io.StringIO(answer.body.decode()), strict=True))
            for row, item in zip(rows[1:], whole):
                values = [member_of(item, column) for column in rows[0]]
                row = [cell for cell, value in zip(row, values) if is_flat(value)]
                wanted = [cell_text(value) for value in values if is_flat(value)]
                same(row, wanted, item.get("id", item.get("body")))
            same(len(rows) - 1, len(whole), "rows")
    for name in ("limit=5", "after=0"):
        with verdict.case(f"an export has no {name}"):
            expect_problem(stack.request("GET", f"/v1/targets?format=csv&{name}", actor=AUDITOR),
                           422, "invalid", parameter=name.split("=")[0])
    with verdict.case("what was exported can be imported again"):
        table = stack.request("GET", "/v1/targets?body=LAW&format=csv", actor=AUDITOR).body.decode()
        rows = list(csv.DictReader(io.StringIO(table)))
        known = set(a_promise("LAW")) | {"phasing_reason"}
        again = [{name: text for name, text in row.items() if name in known and text}
                 for row in rows]
        columns = list(dict.fromkeys(name for row in again for name in row))
        out = io.StringIO()
        lines = csv.DictWriter(out, columns, lineterminator="\n")
        lines.writeheader()
        lines.writerows(again)
        before = government.all_items("/v1/targets?body=LAW", AUDITOR)
        expect(government.post("LAW", "import", out.getvalue().encode()), 200)
        after = government.all_items("/v1/targets?body=LAW", AUDITOR)
        same([{name: item.get(name) for name in known} for item in after],
             [{name: item.get(name) for name in known} for item in before])


def forms(verdict, stack):
    path = "/v1/targets?body=PWR&direction=up"
    page = expect(stack.request("GET", path, actor=AUDITOR), 200).json()
    with verdict.case("the parameter format says the same as Accept"):
        for word, kind in (("json", "application/json"), ("msgpack", "application/vnd.msgpack"),
                           ("csv", "text/csv; charset=utf-8"), ("ndjson", "application/x-ndjson")):
            asked = expect(stack.request("GET", f"{path}&format={word}", actor=AUDITOR), 200)
            same(asked.headers["Content-Type"], kind)
            accepted = stack.request("GET", path, None, {"Accept": kind}, AUDITOR)
            same(accepted.headers["Content-Type"], kind)
            same(accepted.body, asked.body, word)
        binary = stack.request("GET", f"{path}&format=msgpack", actor=AUDITOR).body
        same(ids(packed.unpack(binary)["items"]), ids(page["items"]))
        expect_problem(stack.request("GET", f"{path}&format=xml", actor=AUDITOR), 422, "invalid",
                       parameter="format")
    with verdict.case("Accept is weighed by its q values"):
        for accept, kind in (
                ("text/csv;q=0.5, application/vnd.msgpack", "application/vnd.msgpack"),
                ("text/*", "text/csv; charset=utf-8"), ("*/*", "application/json"),
                ("application/json;q=0.1, */*;q=0.0", "application/json"),
                ("text/html, application/x-ndjson;q=0.3", "application/x-ndjson")):
            answer = stack.request("GET", path, None, {"Accept": accept}, AUDITOR)
            same((answer.status, answer.headers["Content-Type"]), (200, kind), accept)
        for accept in ("text/html", "application/json;q=0", "*/*;q=2", "image/*"):
            answer = stack.request("GET", path, None, {"Accept": accept}, AUDITOR)
            expect_problem(answer, 406, "not-acceptable")
    with verdict.case("HEAD has the header of GET and no body"):
        for one in (path, "/v1/targets/PWR-2021.1", "/openapi.json", "/v1/cycles"):
            got, head = (expect(stack.request(verb, one, actor=AUDITOR), 200)
                         for verb in ("GET", "HEAD"))
            same(head.body, b"", one)
            for name in ("Content-Type", "ETag", "Link", "Content-Length"):
                same(head.headers[name], got.headers[name], f"{name} of {one}")
    with verdict.case("a single thing has no CSV"):
        answer = stack.request("GET", "/v1/targets/PWR-2021.1", None, {"Accept": "text/csv"},
                               AUDITOR)
        expect_problem(answer, 406, "not-acceptable")


def main():
    seed = 2021
    chance = random.Random(seed)
    verdict = Verdict()
    with Stack() as stack:
        government = Government(stack)
        government.found(*BODIES)
        for body in BODIES:
            government.open(body)
            expect(government.post(body, "import", csv_of(list(promises_of(body, chance)))), 200)
        everything = government.all_items("/v1/targets", AUDITOR)
        with verdict.case("all that was imported is listed"):
            same(len(everything), EACH * len(BODIES))
        filters_and_sorting(verdict, stack, government, everything)
        pages(verdict, stack, government, everything)
        exports(verdict, stack, government)
        forms(verdict, stack)
    sys.exit(verdict.close())


if __name__ == "__main__":
    main()
