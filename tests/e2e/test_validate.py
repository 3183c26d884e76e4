#!/usr/bin/python3
"""validate, init, version: what they print, byte for byte where it is promised."""
import json
import os
import subprocess
import unittest

from coldframe_program import ROOT, ProgramTest, write


class Validate(ProgramTest):
    def test_every_example_is_valid(self):
        for name in sorted(os.listdir(os.path.join(ROOT, "examples"))):
            with self.subTest(name):
                if not os.path.exists(os.path.join(ROOT, "examples", name, "coldframe.json")):
                    continue
                at = self.example(name) # a copy: one of them is built first
                if os.path.exists(os.path.join(at, "build.sh")):
                    subprocess.run([os.path.join(at, "build.sh")], check=True)
                done = self.coldframe("validate", at)
                errors = [line for line in done.stdout.splitlines() if ": warning: " not in line]
                self.assertEqual((done.returncode, errors), (0, []))

    def test_all_mistakes_are_told_with_their_places(self):
        folder = self.workspace({"f": {"handler": "app.f"}}, "def f(event, context): pass\n")
        path = os.path.join(folder, "coldframe.json")
        write(path, '{\n  "format": 1,\n  "name": "bad",\n  "functions": {\n    "f": {\n      "runtime": "python",\n'
                    '      "code": "code",\n      "handler": "app.f",\n      "memoryMb": 64,\n'
                    '      "timeuotMs": 3000\n    }\n  },\n  "stores": {},\n  "triggers": {}\n}\n')
        done = self.coldframe("validate", folder)
        self.assertEqual(done.returncode, 2)
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 2, done.stdout)
        self.assertRegex(lines[0], r"coldframe\.json:9:\d+: /functions/f/memoryMb: .*128.*64")
        self.assertRegex(lines[1], r"coldframe\.json:10:\d+: /functions/f(/timeuotMs)?: .*timeuotMs.*timeoutMs")
        self.assertIn("2 errors, 0 warnings", done.stderr)

        as_json = json.loads(self.coldframe("validate", folder, "--json").stdout)
        self.assertFalse(as_json["valid"])
        self.assertEqual([error["line"] for error in as_json["errors"]], [9, 10])

    def test_what_only_a_run_could_tell_is_told_too(self):
        expression = {"kind": "schedule", "function": "f", "expression": "cron(0 2 * * * *)"}
        cases = [
            ("both days", {}, {"t": expression}, "16:21: /triggers/t/expression: cron: exactly one of day-of-month and "
             'day-of-week must be ?, got "*" and "*"; write ? in the field that shall not matter, as in '
             "cron(0 2 * * ? *) or cron(0 2 ? * MON-FRI *)"),
            ("minute 60", {}, {"t": {**expression, "expression": "cron(60 2 * * ? *)"}},
             "16:21: /triggers/t/expression: cron: minutes: 60 is outside 0-59; minutes takes 0-59 and , - * /"),
            ("unset", {"environment": {"API": "${env:COLDFRAME_TEST_UNSET}"}}, {},
             '10:16: /functions/f/environment/API: the function "f" needs the variable COLDFRAME_TEST_UNSET, which is '
             "not set: its API is made from ${env:COLDFRAME_TEST_UNSET}; export COLDFRAME_TEST_UNSET before starting "
             "Coldframe, or write COLDFRAME_TEST_UNSET=… into secrets.env beside coldframe.json")]
        for name, more, triggers, said in cases:
            with self.subTest(name):
                self.told_by_validate_and_run(
                    self.workspace({"f": {"handler": "app.f", **more}}, "def f(event, context): pass\n", (), triggers), said)
        with self.subTest("platform"):
            self.told_by_validate_and_run(
                self.workspace({"f": {"handler": "app.f"}}, "def f(event, context): pass\n", platform="mainframe"),
                '13:15: /platform: there is no platform "mainframe"; choose one of aws-lambda-arm64, aws-lambda-x86_64')

    def told_by_validate_and_run(self, folder, said):
        line = "%s:%s\n" % (os.path.join(folder, "coldframe.json"), said)
        done = self.coldframe("validate", folder)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (2, line, "1 error, 0 warnings\n"))
        done = self.coldframe("run", folder, "--until-idle")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (2, "", line))

    def test_a_variable_that_is_not_set_stops_its_own_function_only(self):
        folder = self.workspace({"f": {"handler": "app.f", "environment": {"API": "${env:COLDFRAME_TEST_UNSET}"}},
                                 "g": {"handler": "app.f"}}, "def f(event, context):\n    return 7\n")
        self.assertEqual((self.coldframe("invoke", folder, "g").returncode,
                          self.coldframe("invoke", folder, "g").stdout), (0, "7\n"))
        done = self.coldframe("invoke", folder, "f")
        self.assertEqual(done.returncode, 1)
        self.assertIn("coldframe.json:10:16: /functions/f/environment/API: ", done.stderr)

    def test_a_file_that_is_no_json_names_the_place(self):
        write(os.path.join(self.folder, "coldframe.json"), '{"format": 1,\n "name": }\n')
        done = self.coldframe("validate", self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stdout, r"coldframe\.json:2:10: ")

    def test_a_function_that_writes_where_it_is_triggered_is_warned_of(self):
        folder = self.workspace(
            {"f": {"handler": "app.f", "onSuccess": {"store": "in"}}}, "def f(event, context): pass\n", ["in"],
            {"again": {"kind": "file", "store": "in", "function": "f"}})
        done = self.coldframe("validate", folder)
        self.assertEqual(done.returncode, 0)
        self.assertIn("warning: ", done.stdout)


class Init(ProgramTest):
    def test_what_it_makes_is_valid_and_runs(self):
        write(os.path.join(self.folder, "orders", "app.py"),
              "def count(event, context):\n    return {'keys': len(event)}\n")
        done = self.coldframe("init", os.path.join(self.folder, "orders"), "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        name = json.loads(done.stdout)["functions"][0]["name"]
        workspace = os.path.join(self.folder, "orders")
        self.assertEqual(self.coldframe("validate", workspace).returncode, 0)
        done = self.coldframe("invoke", workspace, name, "--event", "-", stdin='{"a": 1, "b": 2}')
        self.assertEqual((done.returncode, json.loads(done.stdout)), (0, {"keys": 2}))

    def test_it_never_overwrites(self):
        write(os.path.join(self.folder, "app.py"), "def f(event, context): pass\n")
        write(os.path.join(self.folder, "coldframe.json"), "mine")
        done = self.coldframe("init", self.folder)
        self.assertEqual(done.returncode, 2)
        with open(os.path.join(self.folder, "coldframe.json")) as file:
            self.assertEqual(file.read(), "mine")

    def test_a_folder_without_handlers_is_refused_with_advice(self):
        done = self.coldframe("init", self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("; ", done.stderr)


class Version(ProgramTest):
    def test_version(self):
        self.assertRegex(self.coldframe("version").stdout, r"^coldframe \d+\.\d+\.\d+\n$")

    def test_a_full_disk_is_told(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("not run: no /dev/full on this system")
        import subprocess
        from coldframe_program import program
        with open("/dev/full", "w") as full:
            done = subprocess.run([program(), "validate", os.path.join(ROOT, "examples", "scale"), "--json"],
                                  stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 3)
        self.assertIn("standard output cannot be written", done.stderr)


if __name__ == "__main__":
    unittest.main()
