"""Runs a rule over a log and says which lines it flags: python3 rule.py rule.json LOG

A line of the log is a JSON object of texts, with "time" in whole seconds, in the order of time.
A rule is a JSON object:

  "where"    object of field: regular expression; a line counts only if each matches the whole
             field. Leave it out to let all lines count.
  "group"    list of fields; lines with the same values in them belong together. "source/24" and
             "source/16" stand for the network of the address in "source".
  "seconds"  length of the window, 1 to 86400
  "distinct" a field, or null to count lines
  "atLeast"  whole number from 1

Of each group all those lines are flagged that lie in some window of that length in which at least
so many different values of the field, or so many lines, are found.
"""
import json
import re
import sys
from collections import Counter, defaultdict, deque

KEYS = {"where", "group", "seconds", "distinct", "atLeast"}


class RuleError(ValueError):
    """The rule is not one that can be run."""


def check(rule):
    """Refuses what is no rule."""
    if not isinstance(rule, dict) or not set(rule) <= KEYS or not KEYS - {"where"} <= set(rule):
        raise RuleError(f"a rule is an object with {', '.join(sorted(KEYS))}")
    where, group = rule.get("where", {}), rule["group"]
    if not isinstance(where, dict) or not all(isinstance(text, str) and len(text) <= 100 for text in where.values()):
        raise RuleError("where holds a regular expression of up to 100 characters for each field")
    for text in where.values():
        # Nothing repeated within something repeated: such expressions may never end.
        if re.search(r"\)\s*[*+?{]|\\[1-9]|\(\?", text):
            raise RuleError("a group in a regular expression may not be repeated or referred to")
        try:
            re.compile(text)
        except (re.error, OverflowError, RecursionError) as error:
            raise RuleError(f"{text}: {error}") from error
    if not isinstance(group, list) or len(group) > 4 or not all(isinstance(field, str) for field in group):
        raise RuleError("group is a list of up to four fields")
    if rule["distinct"] is not None and not isinstance(rule["distinct"], str):
        raise RuleError("distinct is a field or null")
    for key, most in (("seconds", 86_400), ("atLeast", 1_000_000)):
        if type(rule[key]) is not int or not 1 <= rule[key] <= most:
            raise RuleError(f"{key} is a whole number from 1 to {most}")
    return rule


def value(line, field):
    if field in ("source/24", "source/16"):
        return ".".join(line.get("source", "").split(".")[: 3 if field == "source/24" else 2])
    return line.get(field, "")


def flagged(rule, lines):
    """Numbers of the lines, from 0, that the rule flags."""
    where = {field: re.compile(text) for field, text in rule.get("where", {}).items()}
    groups = defaultdict(list)
    for number, line in enumerate(lines):
        if all(pattern.fullmatch(line.get(field, "")) for field, pattern in where.items()):
            groups[tuple(value(line, field) for field in rule["group"])].append(number)
    found = set()
    for numbers in groups.values():
        window, seen, marked = deque(), Counter(), -1
        for at, number in enumerate(numbers):
            window.append(at)
            seen[what(rule, lines, number)] += 1
            while lines[number]["time"] - lines[numbers[window[0]]]["time"] >= rule["seconds"]:
                gone = what(rule, lines, numbers[window.popleft()])
                seen[gone] -= 1
                if not seen[gone]:
                    del seen[gone]
            count = len(window) if rule["distinct"] is None else len(seen)
            if count >= rule["atLeast"]:
                found.update(numbers[max(window[0], marked + 1) : at + 1])
                marked = at
    return found


def what(rule, lines, number):
    return None if rule["distinct"] is None else value(lines[number], rule["distinct"])


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        asked = check(json.load(file))
    with open(sys.argv[2]) as file:
        read = [json.loads(line) for line in file]
    hits = flagged(asked, read)
    for number in sorted(hits):
        print(number + 1, json.dumps(read[number]))
    print(f"{len(hits)} of {len(read)} lines", file=sys.stderr)
