#!/usr/bin/python3
"""What a recorded run costs: the parts add up to the bill, and published examples come out to the cent."""
import json
import os
import unittest
from decimal import Decimal

from coldframe_program import ProgramTest, write

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLES = os.path.join(ROOT, "tests", "data", "pricing", "published_examples.json")
CODE = '''
import os, time

def work(event, context):
    time.sleep(0.02)
    if event.get("sour"):
        raise ValueError("sour")
    return event

def kept(event, context):
    return event
'''
PARTS = ("requests", "init", "compute", "retries", "other", "idle")


def parts_of(document):
    return {name: Decimal(document["parts"][name]) for name in PARTS}


class Recorded(ProgramTest):
    def run_of(self, events, **work):
        self.at = self.workspace(
            {"work": {"handler": "app.work", "reservedConcurrency": 3, "memoryMb": 512, **work},
             "kept": {"handler": "app.kept", "provisionedConcurrency": 2, "memoryMb": 1024}},
            CODE, ["in"],
            {"drop": {"kind": "file", "store": "in", "shape": "content", "function": "work"}}, timeScale=1000)
        for number, event in enumerate(events):
            write(os.path.join(self.at, "data", "in", "%d.json" % number), json.dumps(event))
        run = self.run_workspace(self.at, "--backfill", "drop", "--until-idle")
        code, summary = run.wait()
        self.assertEqual(code, 0, run.said)
        return summary

    def cost(self, *options):
        done = self.coldframe("cost", self.at, "--json", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_parts_functions_triggers_and_days_add_up_to_the_bill_of_the_run(self):
        summary = self.run_of([{"n": n} for n in range(20)] + [{"sour": True}] * 2)
        bill = self.cost()
        total = Decimal(bill["usd"])
        # The run bills attempts; keeping instances ready is billed at the end of it.
        attempts = total - parts_of(bill)["idle"]
        self.assertEqual(attempts, Decimal(str(summary["costUsd"])))
        self.assertEqual(sum(parts_of(bill).values()), total)
        self.assertEqual(sum(Decimal(line["usd"]) for line in bill["lines"]), total)
        self.assertEqual(Decimal(bill["unattributedUsd"]), 0)
        self.assertEqual(bill["attempts"], 20 + 2 * 3)
        for name in ("requests", "init", "compute", "retries", "idle"):
            self.assertGreater(parts_of(bill)[name], 0, name)
        self.assertEqual(sum(Decimal(one["usd"]) for one in bill["functions"]), total)
        for group in ("triggers", "days"):
            self.assertEqual(sum(Decimal(one["usd"]) for one in bill[group]), attempts, group)
        work, kept = bill["functions"]
        self.assertEqual((work["name"], work["attempts"], work["retries"]), ("work", 26, 4))
        self.assertEqual(parts_of(work)["retries"], parts_of(bill)["retries"])
        self.assertEqual((kept["attempts"], Decimal(kept["usd"])), (0, parts_of(bill)["idle"]))
        self.assertEqual([one["name"] for one in bill["triggers"]], ["drop"])

    def test_the_free_tier_covers_a_small_run_but_not_what_is_kept_ready(self):
        self.run_of([{"n": n} for n in range(5)])
        bill = self.cost("--free-tier")
        self.assertEqual(Decimal(bill["usd"]), parts_of(bill)["idle"])
        self.assertGreater(parts_of(bill)["idle"], 0)
        text = self.coldframe("cost", self.at)
        self.assertEqual(text.returncode, 0, text.stderr)
        for words in ("Prices     AWS Lambda", "without free tier", "What for", "By function", "a month at this pace"):
            self.assertIn(words, text.stdout)

    def test_a_run_in_which_nothing_ran(self):
        self.run_of([], provisionedConcurrency=0)
        write(os.path.join(self.at, "coldframe.json"), json.dumps({"format": 1, "name": "made", "functions": {
            "work": {"runtime": "python", "code": "code", "handler": "app.work"}}}))
        run = self.run_workspace(self.at, "--until-idle")
        self.assertEqual(run.wait()[0], 0, run.said)
        text = self.coldframe("cost", self.at)
        self.assertEqual(text.returncode, 0, text.stderr)
        self.assertTrue(text.stdout.endswith("Nothing ran that costs anything.\n"), text.stdout)

    def test_what_is_no_recording_is_told(self):
        empty = os.path.join(self.folder, "empty")
        os.makedirs(empty)
        done = self.coldframe("cost", empty)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn(empty, done.stderr)
        self.assertEqual(self.coldframe("cost").returncode, 2)


class Published(ProgramTest):
    def test_all_examples_come_out_to_the_cent(self):
        done = self.coldframe("cost", "--examples", EXAMPLES, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads(done.stdout)
        self.assertEqual(document["summary"], {"examples": 30, "published": 30, "matching": 30, "wrong": 0})
        first = document["examples"][0]
        self.assertEqual(first["computed"], {"lines": {"requests": "0.400000", "compute": "2.333338"}, "total": "2.733338",
                                             "totalRounded": "2.73", "sumOfRoundedLines": "2.73", "matches": True})

    def test_one_that_differs_and_one_that_is_wrong(self):
        path = os.path.join(self.folder, "e.json")
        example = {"id": "a", "provider": "cloudflare-workers", "inputs": {"requests": 15000000, "cpuMs": 7},
                   "published": {"total": "8.01"}}
        write(path, json.dumps({"examples": [example]}))
        done = self.coldframe("cost", "--examples", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("differs", done.stdout)
        example["inputs"]["cpu"] = 7
        write(path, json.dumps({"examples": [example]}))
        done = self.coldframe("cost", "--examples", path)
        self.assertEqual(done.returncode, 2)
        self.assertIn("/examples/0/inputs/cpu", done.stderr)


if __name__ == "__main__":
    unittest.main()
