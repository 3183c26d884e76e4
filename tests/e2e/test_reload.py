#!/usr/bin/python3
"""Editing while it runs: code, settings, and a settings file that is wrong for a while."""
import json
import os
import unittest

from coldframe_program import ProgramTest, objects, read_json, wait_for, write

CODE = 'def f(event, context):\n    return {"version": %d}\n'


class Reload(ProgramTest):
    def setUp(self):
        super().setUp()
        self.at = self.workspace({"f": {"handler": "app.f", "onSuccess": {"store": "out"}}}, CODE % 1, ["in", "out"],
                                 {"drop": {"kind": "file", "store": "in", "events": ["created"], "shape": "content",
                                           "function": "f"}})
        self.run_under_way = self.run_workspace(self.at)
        self.wait_until_watching(self.run_under_way, self.at, ["in"])
        self.dropped = 0

    def next_result(self):
        self.dropped += 1
        name = "%d.json" % self.dropped
        write(os.path.join(self.at, "data", "in", name), "{}")
        result = os.path.join(self.at, "data", "out", name)
        wait_for(lambda: os.path.exists(result), "the result of " + name + "\n" + self.run_under_way.said)
        return read_json(result)

    def next_version_is(self, version):
        wait_for(lambda: self.next_result() == {"version": version}, "version %d" % version)

    def test_saved_code_runs_next(self):
        self.assertEqual(self.next_result(), {"version": 1})
        write(os.path.join(self.at, "code", "app.py"), CODE % 2)
        self.next_version_is(2)
        with open(os.path.join(self.at, "code", "app.py"), "w") as file:  # and written in place
            file.write(CODE % 3)
        self.next_version_is(3)
        _, summary = self.run_under_way.stop()
        self.assertEqual((summary["coldStarts"], summary["failed"]), (3, 0))

    def test_a_syntax_error_is_told_and_a_fix_runs(self):
        self.assertEqual(self.next_result(), {"version": 1})
        path = os.path.join(self.at, "coldframe.json")
        document = read_json(path)
        document["stores"]["failed"] = {"kind": "folder", "path": "data/failed"}
        document["functions"]["f"].update({"async": {"retries": 0}, "onFailure": {"store": "failed"}})
        write(path, json.dumps(document, indent=2))
        self.run_under_way.wait_for_line(r"coldframe\.json was read again")
        write(os.path.join(self.at, "code", "app.py"), "def f(event, context)\n    return 2\n")

        def failure():
            self.drop()
            told = objects(os.path.join(self.at, "data", "failed"))
            return told and read_json(os.path.join(self.at, "data", "failed", told[0]))

        record = wait_for(failure, "a failure of the broken code\n" + self.run_under_way.said)
        self.assertEqual(record["responsePayload"]["errorType"], "Runtime.UserCodeSyntaxError")
        self.assertIn("Syntax error in module 'app'", record["responsePayload"]["errorMessage"])
        write(os.path.join(self.at, "code", "app.py"), CODE % 3)
        out = os.path.join(self.at, "data", "out")
        # A result is complete once it has its own name; until then the name begins with a dot.
        wait_for(lambda: {"version": 3} in [read_json(os.path.join(out, name)) for name in objects(out)
                                            if not name.startswith(".")] or self.drop(),
                 "the result of the fixed code")

    def drop(self):
        self.dropped += 1
        write(os.path.join(self.at, "data", "in", "%d.json" % self.dropped), "{}")

    def test_an_invalid_file_keeps_the_last_good_one_and_says_why(self):
        path = os.path.join(self.at, "coldframe.json")
        good = read_json(path)
        self.assertEqual(self.next_result(), {"version": 1})
        bad = dict(good, functions={"f": dict(good["functions"]["f"], memoryMb=1)})
        write(path, json.dumps(bad, indent=2))
        self.run_under_way.wait_for_line(r"coldframe\.json:\d+:\d+: /functions/f/memoryMb: ")
        self.assertEqual(self.next_result(), {"version": 1})
        better = dict(good, functions={"f": dict(good["functions"]["f"], memoryMb=256)})
        write(path, json.dumps(better, indent=2))
        self.run_under_way.wait_for_line(r"coldframe\.json was read again")
        self.assertEqual(self.next_result(), {"version": 1})

    def test_a_new_trigger_starts(self):
        path = os.path.join(self.at, "coldframe.json")
        document = read_json(path)
        os.mkdir(os.path.join(self.at, "data", "more"))
        document["stores"]["more"] = {"kind": "folder", "path": "data/more"}
        document["triggers"]["too"] = dict(document["triggers"]["drop"], store="more")
        write(path, json.dumps(document))
        self.wait_until_watching(self.run_under_way, self.at, ["more"])
        write(os.path.join(self.at, "data", "more", "x.json"), "{}")
        wait_for(lambda: os.path.exists(os.path.join(self.at, "data", "out", "x.json")), "its result")


if __name__ == "__main__":
    unittest.main()
