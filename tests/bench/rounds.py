"""Runs measures round by round, so that what is compared meets the machine in the same mood.

A measure that fails, or takes longer than it may, leaves its reason and none of its processes; the
others go on.
"""

import time

import children
from children import Failed


class Results:
    """The figures of every round by measure, and why a measure gave none."""

    def __init__(self):
        self.rounds, self.failed = [], {}

    def values(self, measure, row):
        """One value for each round that has it; a ratio is taken within its round."""
        found = [each[measure.name] for each in self.rounds if measure.name in each]
        names = [f"{side} {row.figure}" for side in row.of] or [row.figure]
        found = [[each[name] for name in names] for each in found
                 if all(name in each for name in names)]
        return [each[0] / each[1] if row.of else each[0] for each in found
                if not row.of or each[1] > 0]


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def take(measure, tmp):
    """Its figures, and why there are none or not all of them."""
    try:
        with children.limited(measure.seconds):
            return measure.take(tmp), None
    except (Failed, AssertionError, OSError, ValueError, LookupError, RuntimeError) as failure:
        children.sweep()
        why = " ".join(str(failure).split())[-300:] or type(failure).__name__
        return getattr(failure, "figures", None) or {}, why


def run(measures, rounds, tmp, say):
    results = Results()
    for i in range(rounds):
        say(f"round {i + 1} of {rounds}")
        figures = {}
        for measure in measures:
            if i >= measure.rounds:
                continue
            began = time.monotonic()
            came, why = take(measure, tmp)
            if came:
                figures[measure.name] = came
            if why:
                results.failed[measure.name] = why
            say(f"  {measure.name} ({time.monotonic() - began:.0f} s): " + ", ".join(
                [f"{name} {number(value)}" for name, value in came.items()] +
                [f"not measured: {why}"] * bool(why)))
        results.rounds.append(figures)
    return results
