#!/usr/bin/python3
"""examples/fan-out: a text becomes a queue of parts and one result, also when the program is killed meanwhile."""
import collections
import os
import random
import re
import shutil
import signal
import unittest

from coldframe_program import ProgramTest, objects, queued, read_json, wait_for, write


class FanOut(ProgramTest):
    def setUp(self):
        super().setUp()
        self.at = self.example("fan-out")
        self.sample = os.path.join(self.at, "samples", "garden-book.txt")
        with open(self.sample, encoding="utf-8") as file:
            words = collections.Counter(re.findall(r"\w+", file.read().lower()))
        self.expected = {"words": sum(words.values()), "different": len(words),
                         "most": [list(pair) for pair in words.most_common(10)]}
        self.merged = os.path.join(self.at, "data", "merged", "garden-book.json")

    def check(self):
        found = read_json(self.merged)
        self.assertEqual({name: found[name] for name in ("words", "different")},
                         {name: self.expected[name] for name in ("words", "different")})
        self.assertEqual(sorted(count for _, count in found["most"]), sorted(count for _, count in self.expected["most"]))
        self.assertEqual(len(objects(os.path.join(self.at, "data", "counted", "garden-book"))), 13)

    def test_one_text_many_workers_one_sum(self):
        run = self.run_workspace(self.at)
        self.wait_until_watching(run, self.at, ["dropped", "counted"])
        shutil.copy(self.sample, os.path.join(self.at, "data", "dropped"))
        wait_for(lambda: os.path.exists(self.merged), "the sum\n" + run.said)
        wait_for(lambda: queued(os.path.join(self.at, ".coldframe")) == [], "no part is left")
        code, summary = run.stop()
        self.assertEqual((code, summary["failed"], summary["queues"]["parts"]["deleted"]), (0, 0, 13), run.said)
        self.check()

    def test_killed_in_the_middle(self):
        seed = random.randrange(1 << 32)
        print("seed %d" % seed)
        chance = random.Random(seed)
        run = self.run_workspace(self.at)
        self.wait_until_watching(run, self.at, ["dropped", "counted"])
        shutil.copy(self.sample, os.path.join(self.at, "data", "dropped"))
        counted = os.path.join(self.at, "data", "counted", "garden-book")
        for goal in sorted(chance.sample(range(12), 2)):
            wait_for(lambda: os.path.isdir(counted) and len(objects(counted)) >= goal
                     or queued(os.path.join(self.at, ".coldframe")) and goal == 0, "%d parts are counted" % goal)
            run.stop(signal.SIGKILL)
            run = self.run_workspace(self.at)
        self.wait_until_watching(run, self.at, ["dropped", "counted"])
        wait_for(lambda: os.path.exists(self.merged), "the sum\n" + run.said)
        self.assertEqual(run.stop()[0], 0, run.said)
        self.check()

    def test_a_part_that_fails_waits_where_it_can_be_corrected(self):
        file = os.path.join(self.at, "functions", "count", "app.py")
        with open(file, encoding="utf-8") as source:
            text = source.read()
        write(file, text.replace("    words =", "    if part[\"part\"] == 5:\n        raise ValueError(\"torn page\")\n    words ="))
        settings = read_json(os.path.join(self.at, "coldframe.json"))
        write(os.path.join(self.at, "coldframe.json"), __import__("json").dumps({**settings, "timeScale": 1000}))
        run = self.run_workspace(self.at)
        self.wait_until_watching(run, self.at, ["dropped", "counted"])
        shutil.copy(self.sample, os.path.join(self.at, "data", "dropped"))
        state = os.path.join(self.at, ".coldframe")
        wait_for(lambda: [(queue, problem) for queue, _, _, problem in queued(state)] == [("parts-dead", "ValueError: torn page")],
                 "one part is given up\n" + run.said)
        self.assertEqual(run.stop()[0], 0, run.said)
        self.assertEqual(len(objects(os.path.join(self.at, "data", "counted", "garden-book"))), 12)
        self.assertFalse(os.path.exists(self.merged))


if __name__ == "__main__":
    unittest.main()
