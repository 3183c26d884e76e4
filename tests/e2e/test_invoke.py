#!/usr/bin/python3
"""invoke: the result and nothing else on standard output, everything else on standard error."""
import json
import os
import re
import unittest

from coldframe_program import ROOT, ProgramTest, instances_of, read_json, wait_for, write

ERRORS = os.path.join(ROOT, "examples", "errors", "events")


class Uppercase(ProgramTest):
    def setUp(self):
        super().setUp()
        self.at = self.example("uppercase")
        self.expected = read_json(os.path.join(self.at, "events", "seed.expect.json"))["result"]

    def test_it_prints_exactly_the_result(self):
        done = self.coldframe("invoke", self.at, "uppercase", "--event", os.path.join(self.at, "events", "seed.json"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, json.dumps(self.expected) + "\n")
        self.assertIn("received 5 values", done.stderr)
        self.assertRegex(done.stderr, r"REPORT RequestId: [0-9a-f-]{36}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms")
        self.assertRegex(done.stderr, r"Cold: .* spawn \+ .* init measured, .* sandbox modelled")
        self.assertFalse(os.path.exists(os.path.join(self.at, ".coldframe")), "its state is its own")

    def test_the_event_may_come_from_standard_input(self):
        done = self.coldframe("invoke", self.at, "uppercase", "--event", "-", "--quiet", stdin='{"body": {"x": "y"}}')
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(json.loads(json.loads(done.stdout)["body"]), {"x": "Y"})

    def test_json_tells_all_of_it_on_one_line(self):
        done = self.coldframe("invoke", self.at, "uppercase", "--json",
                              "--event", os.path.join(self.at, "events", "seed.json"))
        self.assertEqual(done.stdout.count("\n"), 1)
        told = json.loads(done.stdout)
        self.assertEqual((told["status"], told["result"], told["cold"]), ("succeeded", self.expected, True))
        self.assertGreater(told["initMs"], 0)
        self.assertGreater(told["costUsd"], 0)

    def test_every_event_of_the_example_ends_as_expected(self):
        for name in ("no-body", "object-body"):
            with self.subTest(name):
                expect = read_json(os.path.join(self.at, "events", name + ".expect.json"))
                done = self.coldframe("invoke", self.at, "uppercase", "-q",
                                      "--event", os.path.join(self.at, "events", name + ".json"))
                self.assertEqual(done.returncode, 0 if expect["status"] == "succeeded" else 1)


class BadInput(ProgramTest):
    def test_messages(self):
        at = self.example("uppercase")
        for name, arguments, stdin, said in (
                ("unknown function", ["upercase"], "", 'no function "upercase"; did you mean "uppercase"'),
                ("no JSON", ["uppercase", "--event", "-"], '{"a": \n oops}', "standard input:2:2: "),
                ("no such event", ["uppercase", "--event", "nowhere.json"], "", "nowhere.json: "),
                ("too large", ["uppercase", "--event", "-"], '"%s"' % ("x" * 7_000_000), "7000002 bytes"),
        ):
            with self.subTest(name):
                done = self.coldframe("invoke", at, *arguments, stdin=stdin)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
                self.assertIn(said, done.stderr)


class Errors(ProgramTest):
    """Each way to fail has the platform's shape."""

    def check(self, name):
        at = self.example("errors")
        expect = read_json(os.path.join(ERRORS, name + ".expect.json"))
        done = self.coldframe("invoke", at, expect["function"], "--event", os.path.join(ERRORS, name + ".json"))
        self.assertEqual(done.returncode, 1, done.stderr)
        document = json.loads(done.stdout)
        self.assertEqual(document.get("errorType"), expect["errorType"], document)
        self.assertTrue(re.search(expect.get("errorMessageMatches", ""), document["errorMessage"]), document)
        self.assertIn("REPORT RequestId: ", done.stderr)


def add_errors():
    for file in sorted(os.listdir(ERRORS)):
        if file.endswith(".expect.json"):
            name = file[:-len(".expect.json")]
            setattr(Errors, "test_" + name.replace("-", "_"), lambda self, name=name: self.check(name))


add_errors()


class Environment(ProgramTest):
    CODE = "import os\ndef show(event, context):\n    return dict(os.environ)\n"

    def show(self, environment=None, **caller):
        at = self.workspace({"show": {"handler": "app.show", "environment": environment or {}}}, self.CODE, ["in"])
        done = self.coldframe("invoke", at, "show", env={**os.environ, **caller})
        self.assertEqual(done.returncode, 0, done.stderr)
        return at, json.loads(done.stdout)

    def test_nothing_of_the_caller_reaches_the_function(self):
        at, seen = self.show({"MINE": "1"}, AWS_ACCESS_KEY_ID="AKIAREAL", AWS_SECRET_ACCESS_KEY="real",
                             AWS_PROFILE="production", MY_SECRET="secret", LD_PRELOAD="")
        self.assertNotIn("MY_SECRET", seen)
        self.assertNotIn("AWS_PROFILE", seen)
        self.assertNotIn("real", {seen.get("AWS_ACCESS_KEY_ID"), seen.get("AWS_SECRET_ACCESS_KEY")})
        self.assertNotEqual(seen.get("AWS_ACCESS_KEY_ID"), "AKIAREAL")
        self.assertEqual(seen.get("AWS_EC2_METADATA_DISABLED"), "true")
        self.assertEqual(seen["MINE"], "1")
        self.assertEqual(seen["COLDFRAME_STORE_IN"], os.path.join(at, "data", "in"))
        self.assertEqual(seen["AWS_LAMBDA_FUNCTION_NAME"], "show")

    def test_more_than_the_platform_takes_is_refused(self):
        at = self.workspace({"show": {"handler": "app.show", "environment": {"BIG": "x" * 5000}}}, self.CODE)
        done = self.coldframe("invoke", at, "show")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertRegex(done.stdout + done.stderr, r"4[ ,]?(KB|096|KiB)|4 KB")


class HardCases(ProgramTest):
    def test_a_missing_interpreter_is_named(self):
        at = self.workspace({"f": {"handler": "app.f", "interpreter": "/nowhere/python3"}}, "def f(e, c): pass\n")
        done = self.coldframe("invoke", at, "f")
        self.assertIn(done.returncode, (1, 2))
        self.assertIn("/nowhere/python3", done.stdout + done.stderr)

    def test_a_missing_module_names_the_interpreter_and_the_command(self):
        at = self.workspace({"f": {"handler": "app.f"}}, "import no_such_package\n")
        done = self.coldframe("invoke", at, "f")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout)["errorType"], "Runtime.ImportModuleError")
        self.assertRegex(done.stderr, r"/python3?\S* -m pip install no_such_package")

    def test_a_handler_that_prints_100_mb_ends_and_its_log_is_cut(self):
        at = self.workspace({"f": {"handler": "app.f", "timeoutMs": 60000, "memoryMb": 512}},
                            "def f(event, context):\n    for _ in range(100):\n        print('x' * (1 << 20))\n    return 'done'\n")
        done = self.coldframe("invoke", at, "f")
        self.assertEqual((done.returncode, done.stdout), (0, '"done"\n'), done.stderr[-2000:])
        self.assertLess(len(done.stderr), 20 << 20)
        self.assertIn("REPORT RequestId: ", done.stderr)

    def test_what_a_timed_out_function_started_ends_with_it(self):
        at = self.workspace({"f": {"handler": "app.f", "timeoutMs": 1500}},
                            "import subprocess, time\ndef f(event, context):\n"
                            "    subprocess.Popen(['setsid', 'sleep', '1000'])\n    time.sleep(1000)\n")
        done = self.coldframe("invoke", at, "f")
        self.assertEqual(json.loads(done.stdout)["errorType"], "Sandbox.Timedout")
        wait_for(lambda: not instances_of(at), "no process is left")

    def test_no_private_state_is_left_behind(self):
        temporary = os.path.join(self.folder, "tmp")
        os.mkdir(temporary)
        at = self.workspace({"f": {"handler": "app.f"}}, "def f(event, context):\n    open('/tmp/x', 'w')\n")
        done = self.coldframe("invoke", at, "f", env={**os.environ, "TMPDIR": temporary})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(temporary), [])

    def test_no_room_at_all_is_a_failure_that_says_so(self):
        at = self.workspace({"f": {"handler": "app.f", "reservedConcurrency": 0}}, "def f(e, c): pass\n")
        done = self.coldframe("invoke", at, "f")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("throttled", done.stderr)


if __name__ == "__main__":
    unittest.main()
