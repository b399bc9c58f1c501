"""The numbers of the quarters a second time, from nothing but the public export: events as lines,
documents, the cycle. Written from section 6 and 7 of the domain and not from the product; exact
fractions, days walked one by one.

    world = World(events, documents)
    world.report("PWR-2021.q1")     {"claimed": Fraction, ...}
"""
import collections
import datetime
from fractions import Fraction

FACTORS = {"E0": Fraction(0), "E1": Fraction(6, 10), "E2": Fraction(8, 10), "E3": Fraction(1),
           "E4": Fraction(1)}
ZONE = datetime.timezone(datetime.timedelta(hours=5))
ONE_DAY = datetime.timedelta(days=1)
BEFORE_FIRST_LINE = {"report.begun", "report.missed"}
COURTS = {"dependency.raised": "blocking", "dependency.returned": "waiting",
          "dependency.completed": "blocking", "dependency.externalised": "external",
          "dependency.resumed": "blocking", "dependency.granted": None,
          "dependency.refused": None, "dependency.withdrawn": None,
          "dependency.reopened": "blocking"}
ORDER = ("on_track", "lagging", "off_track", "no_data")


def thousandths(value):
    """Rounded half away from zero, as everything published is."""
    scaled = Fraction(value) * 1000
    whole = (abs(scaled) + Fraction(1, 2)).__floor__()
    return Fraction(whole if scaled >= 0 else -whole, 1000)


def better(direction, base, value):
    """How much better `value` is than `base`; of keep: minus the distance."""
    if direction == "keep":
        return -abs(value - base)
    return base - value if direction == "down" else value - base


def claimed(direction, baseline, milestone, value):
    way, beyond = better(direction, baseline, milestone), better(direction, milestone, value)
    if beyond >= 0:
        return Fraction(100)
    if direction == "keep" or way <= 0:
        band = max(Fraction(int(abs(milestone) * 1000) // 100, 1000), Fraction(1, 1000))
        score = 100 * (5 * band + beyond) / (4 * band) if -beyond > band else 100
    else:
        score = 250 * (way + beyond) / way - 150
    return thousandths(min(max(score, 0), 100))


class Calendar:
    def __init__(self, events):
        self.holidays = {event["data"]["on"] for event in events
                         if event["type"] == "holiday.declared"}

    def works(self, day):
        return day.weekday() < 5 and day.isoformat() not in self.holidays

    def between(self, after, upto):
        """Working days after one day, up to and with another."""
        day = after
        while day < upto:
            day += ONE_DAY
            if self.works(day):
                yield day


class Dependency:
    """Its days one by one: who had it."""

    def __init__(self, raised):
        data = raised["data"]
        self.id, self.blocking_body = data["id"], data["blocking_body"]
        self.targets, self.norm = data["targets"], int(data["norm_days"])
        self.acts, self.rungs = [raised], []

    def walk(self, calendar, until):
        """({court: [days]}, the days beyond the norm), counted to a day or to the end."""
        charged, beyond = collections.defaultdict(list), []
        court, since, of_round = None, None, 0
        for act in [*self.acts, None]:
            day = until if act is None else datetime.date.fromisoformat(act["data"]["on"])
            day = min(day, until)
            for worked in calendar.between(since, day) if court else ():
                charged[court].append(worked)
                if court == "blocking":
                    of_round += 1
                    if of_round > self.norm > 0:
                        beyond.append(worked)
            if act is None or datetime.date.fromisoformat(act["data"]["on"]) > until:
                break
            since, court = day, COURTS.get(act["type"], court)
            if act["type"] == "dependency.reopened":
                of_round = 0
            if act["type"] == "dependency.raised" and self.blocking_body == "EXTERNAL":
                court = "external"
        return charged, beyond


class World:
    def __init__(self, events, documents):
        """events: all that are public, oldest first, numbers as they are written; documents: {id:
        content}, of every document that was signed."""
        self.events, self.documents = events, documents
        self.calendar = Calendar(events)
        self.peers, self.lines, self.grades = {}, {}, {}
        self.closed, self.scores, self.medians, self.members = {}, {}, {}, {}
        self.dependencies = {}
        self.texts = {}  # agreement: [(position, {target: slots})]
        for event in events:
            self.fold(event)

    # ---- what happened ---------------------------------------------------------------------
    def fold(self, event):
        kind, data, subject = event["type"], event["data"], event["subject"]
        if kind in ("body.registered", "body.changed"):
            self.peers[data["id"]] = data.get("peers")
        elif kind in ("agreement.pm_signed", "agreement.amended"):
            content = self.documents[data["document"]]
            self.texts.setdefault(subject, []).append(
                (int(event["position"]), {one["id"]: one for one in content["targets"]}))
        elif kind == "target.reported":
            self.lines[subject, data["target"]] = data
        elif kind in ("report.certified", "report.missed"):
            self.closed[subject] = (kind == "report.certified", int(event["position"]))
        elif kind == "report.graded":
            self.grades[subject, data["target"]] = data["grade"]
        elif kind == "scores.opened":
            self.medians[subject] = data.get("median")
        elif kind == "score.given":
            self.scores.setdefault(subject, []).append(event)
        elif kind == "dependency.raised":
            self.dependencies[subject] = Dependency(event)
        elif kind == "dependency.escalated":
            self.dependencies[subject].rungs.append((data["round"], data["rung"]))
        elif kind.startswith("dependency.") and "on" in data:
            self.dependencies[subject].acts.append(event)

    def text(self, agreement, position):
        """The targets in force at a position."""
        return [text for at, text in self.texts[agreement] if at <= position][-1]

    @staticmethod
    def period(number):
        """First and last day of a quarter of the cycle that begins in July 2021."""
        first = datetime.date(2021 + (number + 1) // 4, (6 + 3 * (number - 1)) % 12 + 1, 1)
        following = datetime.date(2021 + (number + 2) // 4, (6 + 3 * number) % 12 + 1, 1)
        return first, following - ONE_DAY

    # ---- what follows ----------------------------------------------------------------------
    def held(self, target, number):
        """(share of the period that was waited beyond the norm, who held it up most)."""
        first, last = self.period(number)
        working = sum(1 for _ in self.calendar.between(first - ONE_DAY, last))
        days, most, by = 0, 0, None
        for one in self.dependencies.values():
            if target not in one.targets:
                continue
            beyond = sum(first <= day <= last for day in one.walk(self.calendar, last)[1])
            days += beyond
            if beyond > most:
                most, by = beyond, one.blocking_body
        return min(Fraction(days, working), Fraction(1)), by

    def result(self, report, target, slots):
        """One target in one report that is closed."""
        number, certified = int(report.rsplit("q", 1)[1]), self.closed[report][0]
        milestone = Fraction(str(slots["milestones"][number - 1]))
        baseline = Fraction(str(slots["baseline"]))
        line = self.lines.get((report, target)) if certified else None
        found = {"weight": Fraction(str(slots["weight"])), "milestone": milestone,
                 "baseline": baseline, "status": "no_data", "grade": "E0", "claimed": Fraction(0),
                 "supported": Fraction(0), "withheld": Fraction(0), "by": None,
                 "optimistic": False}
        if not line:
            return found
        score = claimed(slots["direction"], baseline, milestone, Fraction(line["value"]))
        share, by = self.held(target, number)
        withheld = thousandths((100 - score) * share)
        status = "on_track" if score == 100 else "lagging" if score > 0 else "off_track"
        grade = self.grades.get((report, target), "E1" if line.get("evidence") else "E0")
        return found | {
            "status": status, "grade": grade, "claimed": score, "withheld": withheld,
            "supported": thousandths(score * FACTORS[grade]), "by": by if withheld else None,
            "optimistic": ORDER.index(line["own_word"]) < ORDER.index(status)}

    def results(self, report):
        agreement = report.rsplit(".", 1)[0]
        text = self.text(agreement, self.closed[report][1])
        return {target: self.result(report, target, slots) for target, slots in text.items()}

    def report(self, report):
        """The sums of a report that is closed."""
        results = list(self.results(report).values())
        weight = sum(one["weight"] for one in results)

        def mean(what):
            return thousandths(sum(one["weight"] * one[what] for one in results) / weight)
        sums = {what: mean(what) for what in ("claimed", "supported", "withheld")}
        sums |= {status: sum(one["status"] == status for one in results) for status in ORDER}
        sums["optimism"] = sum(one["optimistic"] for one in results)
        return sums | {"total": self.total(report, sums)}

    def total(self, report, sums):
        if not self.closed[report][0]:
            return Fraction(0)
        if report not in self.medians:
            return None
        whole = min(sums["supported"] + sums["withheld"], Fraction(100))
        return thousandths(whole * Fraction(85, 100)) + Fraction(self.medians[report] or 0)

    def median(self, report):
        """Of the sums that were given; None without any."""
        sums = sorted(sum(int(event["data"][name]) for name in (
            "difficulty", "citizens", "data", "cooperation", "learning"))
            for event in self.scores.get(report, []))
        if not sums:
            return None
        return Fraction(sums[(len(sums) - 1) // 2] + sums[len(sums) // 2], 2)

    def charged(self, body, number):
        """What others lost by waiting on a body, in weighted points."""
        return sum((thousandths(one["weight"] * one["withheld"] / 100)
                    for report in self.closed if int(report.rsplit("q", 1)[1]) == number
                    for one in self.results(report).values() if one["by"] == body), Fraction(0))

    def rank(self, report, totals):
        """(rank, of how many) among the peers; totals: {report: total} of the same period."""
        def peers(one):
            return self.peers[one.split("-")[0]]
        same = [total for one, total in totals.items() if peers(one) == peers(report)]
        return 1 + sum(total > totals[report] for total in same), len(same)
