"""A small invented government to test with: a cycle, bodies, agreements, targets that keep every
rule. Each test changes one thing and looks what the system says.

    government = Government(stack)
    government.found("PWR", "FIN")
    government.open("PWR")
    receipt = government.draft("PWR", weight=40)
"""
import json

from verdict import expect

NOTE = "Invented for a test"
CYCLE = {"id": "2021", "title": "Cycle 2021-2023 (invented)", "starts_on": "2021-07-01",
         "ends_on": "2023-06-30"}
QUARTERS = 8
ROOT = "root@administrator"


def focal(body):
    return f"a.khan@focal.{body}"


def secretary(body):
    return f"s.malik@secretary.{body}"


def a_body(code, **slots):
    return given({"id": code, "name": f"{code} Division", "kind": "division",
                  "valid_from": "2000-01-01", "note": NOTE} | slots)


def a_promise(body="PWR", **slots):
    """A promise with every slot that a submission asks for, from 20 down to 12 in even steps. A
    slot given as None is left out."""
    return given({
        "statement": "Reduce the losses of the distribution companies from 20% to 12% by June 2023",
        "class": "outcome", "beneficiary": "Consumers", "measure": "Losses of distribution",
        "unit": "% of energy", "direction": "down", "baseline": 20, "baseline_on": "2021-06-30",
        "baseline_source": "Regulator's report of the year", "target_value": 12,
        "target_on": "2023-06-30", "place": "National", "source": "Regulator, monthly returns",
        "source_kind": "independent", "frequency": "monthly", "weight": 25,
        "owner": f"focal.{body}",
        "past": [{"on": "2018-06-30", "value": 21.5}, {"on": "2019-06-30", "value": 21},
                 {"on": "2020-06-30", "value": 20.5}],
        "milestones": [19, 18, 17, 16, 15, 14, 13, 12],
        "depends_on_nobody": True, "note": NOTE} | slots)


def given(slots):
    return {name: value for name, value in slots.items() if value is not None}


DECIMALS = {"baseline", "target_value", "weight", "milestones", "value", "shares", "centroid",
            "projection", "ratio"}


def in_thousandths(value, decimal=False):
    """The same thing as MessagePack carries it: decimals are whole thousandths there."""
    if isinstance(value, dict):
        return {name: in_thousandths(part, name in DECIMALS) for name, part in value.items()}
    if isinstance(value, list):
        return [in_thousandths(item, decimal) for item in value]
    return round(value * 1000) if decimal and isinstance(value, (int, float)) else value


# ---- CSV ---------------------------------------------------------------------------------------
def cell_text(value):
    """A value as a cell of a CSV says it, before quoting."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "|".join(escaped(cell_text(part)) for part in value.values())
    if isinstance(value, list):
        return ";".join(cell_text(item) if isinstance(item, dict) else escaped(cell_text(item))
                        for item in value)
    return str(value)


def escaped(text):
    for meant in "\\;|":
        text = text.replace(meant, "\\" + meant)
    return text


def quoted(text):
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def csv_of(promises, columns=None):
    columns = columns or list(dict.fromkeys(name for promise in promises for name in promise))
    rows = [columns] + [[cell_text(promise[name]) if name in promise else "" for name in columns]
                        for promise in promises]
    return "".join(",".join(map(quoted, row)) + "\n" for row in rows).encode()


# ---- the government --------------------------------------------------------------------------
class Government:
    def __init__(self, stack, cycle=None):
        self.stack = stack
        self.cycle = cycle or CYCLE

    def found(self, *codes):
        """The cycle and the bodies; what is there already stays."""
        for path, things in (("/v1/cycles", [self.cycle]),
                             ("/v1/ministries", [a_body(code) for code in codes])):
            for thing in things:
                answer = self.stack.request("POST", path, thing, actor=ROOT)
                if answer.status != 409:
                    expect(answer, 201)

    def open(self, body):
        """Its agreement, empty; the id."""
        opened = {"body": body, "cycle": self.cycle["id"]}
        answer = self.stack.request("POST", "/v1/agreements", opened, actor=focal(body))
        return expect(answer, 201).json()["id"]

    def agreement(self, body):
        return f"{body}-{self.cycle['id']}"

    def post(self, body, act, content=None, etag=None, actor=None, **headers):
        """POST /v1/agreements/{agreement}/{act} with the ETag of now, unless another is given."""
        path = f"/v1/agreements/{self.agreement(body)}"
        if etag is None and act != "targets":
            etag = self.etag(path, focal(body))
        if etag:
            headers["If-Match"] = etag
        if isinstance(content, bytes):
            headers.setdefault("Content-Type", "text/csv")
        return self.stack.request("POST", f"{path}/{act}", {} if content is None else content,
                                  headers, actor or focal(body))

    def draft(self, body, **slots):
        return expect(self.post(body, "targets", a_promise(body, **slots)), 201).json()

    def load(self, body, promises):
        """All targets of the body's draft at once; the receipt."""
        return expect(self.post(body, "import", csv_of(promises)), 200).json()

    def etag(self, path, actor=None):
        return expect(self.stack.request("GET", path, actor=actor), 200).headers["ETag"]

    def read(self, path, actor=None, status=200):
        return expect(self.stack.request("GET", path, actor=actor), status).json()

    def put(self, path, thing, etag, actor, **headers):
        if etag:
            headers["If-Match"] = etag
        return self.stack.request("PUT", path, thing, headers, actor)

    def all_items(self, path, actor=None, limit=200, after=""):
        """Every item of a list, page by page; exact: numbers as they are written."""
        items, after = [], after and f"&after={after}"
        while True:
            mark = "&" if "?" in path else "?"
            answer = self.stack.request("GET", f"{path}{mark}limit={limit}{after}", actor=actor)
            page = json.loads(expect(answer, 200).body, parse_float=str, parse_int=str)
            items += page["items"]
            if "next" not in page:
                return items
            after = f"&after={page['next']}"
