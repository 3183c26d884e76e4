#!/usr/bin/python3
"""Where results go: files of a folder by key, and JSON lines."""
import glob
import json
import os
import unittest

from coldframe_program import journaled, wait_for
from destinations_program import Destinations


class Folder(Destinations):
    def test_a_file_a_result_under_a_key_of_its_own(self):
        self.make({"store": "out", "key": "dt={date}/{payload.id}-{source.name}"})
        run, code, _ = self.process([1, 2])
        self.assertEqual(code, 0, run.said)
        found = sorted(glob.glob(os.path.join(self.at, "data", "out", "dt=20??-??-??", "*")))
        self.assertEqual([os.path.basename(path) for path in found], ["1-1.json", "2-2.json"])
        with open(found[0]) as file:
            self.assertEqual(json.load(file)["total"], 1.5)

    def test_records_of_failures_by_condition(self):
        self.make({"store": "out", "key": "ok/{requestId}"}, **{
            "async": {"retries": 0}, "onFailure": {"store": "out", "key": "{condition}/{payload.id}.json"}})
        run, code, summary = self.process([7], fails=True)
        self.assertEqual((code, summary["failed"]), (0, 1), run.said)
        with open(os.path.join(self.at, "data", "out", "RetriesExhausted", "7.json")) as file:
            self.assertEqual(json.load(file)["requestPayload"]["id"], 7)

    def test_lines_with_rotation(self):
        self.make({"store": "out", "key": "r-{function}.jsonl", "append": True, "content": "record", "rotateMb": 1})
        run, code, _ = self.process(range(12), padding=200_000)
        self.assertEqual(code, 0, run.said)
        files = glob.glob(os.path.join(self.at, "data", "out", "r-f*.jsonl"))
        self.assertEqual(len(files), 3, files)
        self.assertTrue(all(os.path.getsize(path) <= 1 << 20 for path in files))
        records = self.lines()
        self.assertEqual(sorted(record["responsePayload"]["id"] for record in records), list(range(12)))
        self.assertEqual({record["requestContext"]["condition"] for record in records}, {"Success"})

    def test_what_stands_in_the_way_is_told_and_waited_for(self):
        self.make({"store": "out", "key": "all.jsonl", "append": True})
        os.mkdir(os.path.join(self.at, "data", "out", "all.jsonl"))
        self.drop(range(5))
        run = self.run_workspace(self.at, "--backfill", "in")
        run.wait_for_line(r"(?m)^error: .*/data/out/all\.jsonl: cannot append to the file: Is a directory")
        wait_for(lambda: journaled(os.path.join(self.at, ".coldframe")) == 5, "all five wait in the journal")
        os.rmdir(os.path.join(self.at, "data", "out", "all.jsonl"))
        run.wait_for_line(r"out: results are stored again")
        wait_for(lambda: len(self.lines()) == 5, "all are stored")
        wait_for(lambda: journaled(os.path.join(self.at, ".coldframe")) == 0, "the journal is empty")
        run.stop()
        self.assertEqual(run.said.count("cannot append"), 1, run.said)


if __name__ == "__main__":
    unittest.main()
