#!/usr/bin/env python3
"""Compares data/clean and data/summary with samples/expected.json; exit code 0 when all of it is right.

    python3 totals.py [--data data] [--expected samples/expected.json]
"""
import argparse
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def found(data, name):
    """What is wrong with one file's outputs, or the cents in its cleaned lines."""
    try:
        with open(os.path.join(data, "summary", name + ".json"), encoding="utf-8") as source:
            summary = json.load(source)
        with open(os.path.join(data, "clean", os.path.splitext(name)[0] + ".jsonl"), encoding="utf-8") as source:
            records = [json.loads(line) for line in source]
    except (OSError, ValueError) as error:
        return None, None, str(error)
    return summary, {"kept": len(records), "totalCents": sum(r["amountCents"] for r in records)}, None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=os.path.join(HERE, "data"))
    parser.add_argument("--expected", default=os.path.join(HERE, "samples", "expected.json"))
    options = parser.parse_args()
    with open(options.expected, encoding="utf-8") as source:
        expected = json.load(source)
    wrong, total = 0, 0
    for name, want in expected["files"].items():
        summary, lines, error = found(options.data, name)
        if error is None and summary != want:
            error = "summary %s, expected %s" % (summary, want)
        if error is None and any(lines[key] != want[key] for key in lines):
            error = "cleaned lines %s, expected %s" % (lines, want)
        if error is not None:
            wrong += 1
            print("%s: %s" % (name, error), file=sys.stderr)
        else:
            total += lines["totalCents"]
    print("%d of %d files right, total %d.%02d" % ((len(expected["files"]) - wrong, len(expected["files"])) + divmod(total, 100)))
    return 1 if wrong or total != expected["totals"]["totalCents"] else 0


if __name__ == "__main__":
    sys.exit(main())
