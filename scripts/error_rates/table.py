"""The rows as Markdown, and whether luck was called real too often."""

import sys
from dataclasses import dataclass

from .rates import interval, most

LIKELY, CHOICE = "likely real", "edge real, choice arbitrary"
PROMISING, NONE = "promising", "insufficient data"
# With so many rows one may be unlucky: a row fails at one chance in a thousand, all together at one in a hundred.
CHANCE_OF_A_ROW, CHANCE_OF_ALL = 0.001, 0.01
ANY = "any of them"
FIGURES = ("sessions", "trials", "p <= 0.05", "called real", "promising", "no verdict", "share called real")


@dataclass
class Line:
    """A line of a table: of every case the steps that it is about. It is judged by what the case was called at best."""

    name: str
    text: str
    cases: list
    judged: bool

    def words(self):
        """How many cases were called likely real, choice arbitrary, promising, and how many had too little data at every step."""
        counts = dict.fromkeys((LIKELY, CHOICE, PROMISING, NONE), 0)
        for steps in self.cases:
            said = [step["verdict"] for step in steps]
            best = next((word for word in (LIKELY, CHOICE, PROMISING) if any(each.startswith(word) for each in said)), None)
            if best is None and all(each == NONE for each in said):
                best = NONE
            if best:
                counts[best] += 1
        return counts

    def real(self):
        words = self.words()
        return words[LIKELY] + words[CHOICE]

    def cells(self):
        words, real, count = self.words(), self.real(), len(self.cases)
        split = f" ({words[LIKELY]} + {words[CHOICE]})" if real else ""
        figures = (self.small(), f"{real}{split}", words[PROMISING], words[NONE], share(real, count))
        return (self.name, self.text, f"{count:,}", self.span("sessions"), self.span("trials"), *map(str, figures))

    def small(self):
        """In how many cases a step's best trial has a p of at most 0.05, whatever the word; none where the program gives no p."""
        known = [[step["p_best"] for step in steps if "p_best" in step] for steps in self.cases]
        return sum(min(each) <= 0.05 for each in known if each) if any(known) else "-"

    def span(self, figure):
        found = {step[figure] for steps in self.cases for step in steps if figure in step}
        if not found:
            return "-"
        low, high = min(found), max(found)
        return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def lines(row, cases):
    """The lines of a row: one, or one a step and one of all steps together."""
    if not cases:
        return []
    steps = list(dict.fromkeys(step["step"] for case in cases for step in case["steps"]))
    if len(steps) == 1:
        return [Line(row.name, row.text, [case["steps"] for case in cases], True)]
    each = [
        Line(
            f"{row.name}: {name}",
            row.text if place == 0 else "",
            [[step for step in case["steps"] if step["step"] == name] for case in cases],
            row.judged == name,
        )
        for place, name in enumerate(steps)
    ]
    if row.judged == ANY:
        each.append(Line(f"{row.name}: {ANY}", "", [case["steps"] for case in cases], True))
    return each


def share(count, sweeps):
    low, high = interval(count, sweeps)
    return f"{100 * count / sweeps:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def show(parts, cases):
    """Prints a table for each part and its rows; `cases` are the finished ones by row. False where luck is called real too often."""
    good, real, sweeps = True, 0, 0
    for part, rows in parts:
        print(f"\n## {part.title}\n\n{part.text}\n")
        _print("row", part.column, part.unit, *FIGURES)
        _print(*["---"] * (3 + len(FIGURES)))
        for row in rows:
            for line in lines(row, cases[row.name]):
                _print(*line.cells())
                if line.judged and part.level is not None:
                    good &= expected(line.name, line.real(), len(line.cases), part.level, CHANCE_OF_A_ROW)
                    if part.level:
                        real, sweeps = real + line.real(), sweeps + len(line.cases)
    if sweeps:
        print(f"\nWithout skill, all rows together: {real} of {sweeps:,} called real, {share(real, sweeps)}.")
        good &= expected("all rows together", real, sweeps, 0.05, CHANCE_OF_ALL)
    return good


def expected(name, real, sweeps, level, chance):
    """Whether the level explains the count; says so on standard error where it does not."""
    limit = most(sweeps, level, chance)
    if real > limit:
        print(f"error-rates: {name}: {real} of {sweeps} called real, at a level of {level:.0%} at most {limit}", file=sys.stderr)
    return real <= limit


def _print(*cells):
    print(f"| {' | '.join(cells)} |")
