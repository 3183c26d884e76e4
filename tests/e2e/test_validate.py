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
