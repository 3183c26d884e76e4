#!/usr/bin/python3
"""test: saved events and what is expected of them, in a state and stores of their own."""
import json
import os
import re
import shutil
import signal
import subprocess
import unittest
import xml.etree.ElementTree as xml

from coldframe_program import PATIENCE, ROOT, ProgramTest, instances_of, program, read_json, wait_for, write

CODE = '''
import json, os, time

def echo(event, context):
    print("got", json.dumps(event))
    if event.get("raise"):
        raise ValueError("order 17 has <no> customer \\x01")
    if event.get("sleep"):
        time.sleep(event["sleep"])
    return event.get("result", event)

def count(event, context):
    count.calls = getattr(count, "calls", 0) + 1
    return count.calls

def copy(event, context):
    with open(os.path.join(os.environ["COLDFRAME_STORE_IN"], event["key"]), "rb") as source:
        text = source.read()
    for key in event.get("to", [event["key"]]):
        target = os.path.join(os.environ["COLDFRAME_STORE_OUT"], key)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as out:
            out.write(text.upper())
    return len(text)
'''
FUNCTIONS = {name: {"handler": "app." + name} for name in ("echo", "count", "copy")}


class TestEvents(ProgramTest):
    def setUp(self):
        super().setUp()
        self.at = self.workspace(FUNCTIONS, CODE, ["in", "out"])
        self.events = os.path.join(self.at, "events")
        os.makedirs(self.events)
        self.temporary = os.path.join(self.folder, "tmp")
        os.mkdir(self.temporary)

    def event(self, name, event, expect=None):
        write(os.path.join(self.events, name + ".json"), json.dumps(event))
        if expect is not None:
            text = expect if isinstance(expect, str) else json.dumps(expect)
            write(os.path.join(self.events, name + ".expect.json"), text)

    def store(self, name, key, text):
        write(os.path.join(self.at, "data", name, key), text)

    def run_tests(self, *arguments, code=0):
        done = self.coldframe("test", self.at, *arguments, env={**os.environ, "TMPDIR": self.temporary})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(os.listdir(self.temporary), [], "private folders are removed")
        return done

    def outcomes(self, *arguments, code=0):
        """{name: outcome}, and {name: messages of its mismatches}."""
        told = json.loads(self.run_tests("--json", *arguments, code=code).stdout)
        return ({test["name"]: test["outcome"] for test in told["tests"]},
                {test["name"]: [m["pointer"] + ": " + m["message"] for m in test["mismatches"]]
                 for test in told["tests"] if test["mismatches"]})

    def line_of(self, done, name):
        return next(line for line in done.stdout.splitlines() if re.match(r"\S %s\b" % name, line))


class Killed(TestEvents):
    def begin(self):
        """A test under way, whose function sleeps, and its private folder."""
        before = set(os.listdir(self.temporary))
        process = subprocess.Popen([program(), "test", self.at, "slow"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env={**os.environ, "TMPDIR": self.temporary})
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        made = wait_for(lambda: set(os.listdir(self.temporary)) - before, "a private folder")
        folder = os.path.join(self.temporary, made.pop())
        wait_for(lambda: os.path.exists(os.path.join(folder, "stores", "in", "large")) and instances_of(folder),
                 "a function that runs on a copy of the store")
        return process, folder

    def test_what_a_killed_one_left_goes_with_the_next(self):
        self.event("slow", {"sleep": PATIENCE}, {"function": "echo"})
        self.event("quick", {"a": 1}, {"function": "echo", "result": {"a": 1}})
        self.store("in", "large", "x" * 100_000)
        process, folder = self.begin()
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
        wait_for(lambda: not instances_of(folder), "the end of its instances")
        self.assertTrue(os.path.exists(os.path.join(folder, "stores", "in", "large")))
        self.run_tests("quick")  # which sees that nothing is left

    def test_one_that_runs_keeps_its_own(self):
        self.event("slow", {"sleep": PATIENCE}, {"function": "echo"})
        self.event("quick", {"a": 1}, {"function": "echo", "result": {"a": 1}})
        self.store("in", "large", "x" * 100_000)
        process, running = self.begin()
        done = self.coldframe("test", self.at, "quick", env={**os.environ, "TMPDIR": self.temporary})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIsNone(process.poll())
        self.assertEqual(os.listdir(self.temporary), [os.path.basename(running)])
        self.assertTrue(os.path.exists(os.path.join(running, "stores", "in", "large")))


class Passing(TestEvents):
    def test_every_kind_of_expectation(self):
        self.event("echo", {"a": 1, "result": {"id": "x-42", "n": [1, 2], "body": "{\"k\": 1}"}}, {
            "result": {"id": {"$matches": "^x-\\d+$"}, "n": {"$contains": [2]}, "body": {"$json": {"k": 1}}},
            "logMatches": ["got", "\"a\": 1"], "maxPlatformMs": 3000, "maxInitMs": 30000, "maxCostUsd": 0.001})
        self.event("echo.raises", {"raise": True}, {
            "status": "function-error", "errorType": "ValueError", "errorMessageMatches": "^order \\d+"})
        self.store("in", "a b.txt", "hello")
        self.event("copied", {"key": "a b.txt"}, {
            "function": "copy", "result": 5, "outputs": [{"store": "out", "key": "a b.txt", "text": "HELLO"},
                                                         {"store": "out", "keyMatches": "^other", "absent": True}]})
        done = self.run_tests()
        self.assertEqual(done.stderr, "")
        lines = done.stdout.splitlines()
        self.assertEqual([line.split()[:3] for line in lines[:3]],
                         [["✓", "copied", "copy"], ["✓", "echo", "echo"], ["✓", "echo.raises", "echo"]])
        self.assertRegex(lines[0], r"  [\d.]+ ms platform, [\d.]+ ms init, 0\.0000\d+ USD$")
        self.assertRegex(done.stdout, r"\n3 tests: 3 passed, 0 failed, in [\d.]+ m?s\n")

    def test_each_test_begins_cold_and_alone(self):
        for name in ("one", "two", "three"):
            self.event(name, {}, {"function": "count", "result": 1})
        self.run_tests()

    def test_an_event_without_expectation_is_left_out_and_said(self):
        self.event("echo", {}, {})
        self.event("echo.other", {"raise": True})
        done = self.run_tests()
        self.assertIn("\n1 test: 1 passed", done.stdout)
        self.assertIn("1 event has no expectation; --write-missing writes it down.", done.stdout)

    def test_the_examples(self):
        for name in ("uppercase", "csv-etl", "errors", "scale"):
            with self.subTest(name):
                at = os.path.join(self.folder, "examples", name)
                shutil.copytree(os.path.join(ROOT, "examples", name), at,
                                ignore=shutil.ignore_patterns(".coldframe", "__pycache__", "samples"))
                done = self.coldframe("test", at)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    @unittest.skipUnless(shutil.which("convert"), "not run: ImageMagick is not installed")
    def test_the_example_of_pictures(self):
        at = os.path.join(self.folder, "thumbnails")
        shutil.copytree(os.path.join(ROOT, "examples", "thumbnails"), at,
                        ignore=shutil.ignore_patterns(".coldframe", "samples"))
        done = self.coldframe("test", at)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    @unittest.skipUnless(shutil.which("c++"), "not run: there is no C++ compiler")
    def test_the_example_that_is_compiled(self):
        at = self.example("native")
        subprocess.run([os.path.join(at, "build.sh")], check=True)
        done = self.coldframe("test", at)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Failing(TestEvents):
    def test_each_way_to_fail_says_what_was_expected(self):
        self.store("in", "a.json", '{"a": 1}')
        output = {"store": "out", "key": "a.json"}
        rows = {
            "status": ({"raise": True}, {}, ["/status: the status is \"function-error\" instead of \"succeeded\": "
                                             "ValueError: order 17 has <no> customer  "]),
            "no-error": ({"a": 1}, {"errorType": "ValueError"},
                         ["/status: the status is \"succeeded\" instead of \"failed\"; the result is {\"a\": 1}"]),
            "result": ({"a": {"b": [1, 2]}}, {"result": {"a": {"b": [1, 3], "c": 5}}},
                       ["/result/a/b/1: /a/b/1 of the result is 2 instead of 3",
                        "/result/a/c: /a/c of the result is missing; it was to be 5"]),
            "error-type": ({"raise": True}, {"errorType": "KeyError", "errorMessageMatches": "18"},
                           ["/errorType: the error type is \"ValueError\" instead of \"KeyError\": order 17 has <no> "
                            "customer  ",
                            "/errorMessageMatches: the error message is \"order 17 has <no> customer \\u0001\", which "
                            "does not match \"18\""]),
            "log": ({}, {"logMatches": "never printed"}, ["/logMatches: nothing in the log matches \"never printed\""]),
            "platform": ({"sleep": 0.2}, {"maxPlatformMs": 100}, None),
            "init": ({}, {"maxInitMs": 0.001}, None),
            "cost": ({}, {"maxCostUsd": 0}, None),
            "output": ({"key": "a.json", "to": ["b.json"]}, {"function": "copy", "outputs": [output]},
                       ["/outputs/0: \"a.json\" was not written into the store \"out\"; what was written there is "
                        "\"b.json\""]),
            "content": ({"key": "a.json"}, {"function": "copy", "outputs": [{**output, "json": {"A": 2}}]},
                        ["/outputs/0/json/A: /A of \"a.json\" in the store \"out\" is 1 instead of 2"]),
            "absent": ({"key": "a.json"}, {"function": "copy", "outputs": [{**output, "absent": True}]},
                       ["/outputs/0: \"a.json\" was written into the store \"out\", and was not to be"]),
        }
        for name, (event, expect, _) in rows.items():
            self.event(name, event, {"function": "echo", **expect})
        self.event("passes", {}, {"function": "echo"})
        outcomes, messages = self.outcomes(code=1)
        self.assertEqual(outcomes, {"passes": "passed", **{name: "failed" for name in rows}})
        for name, (_, _, said) in rows.items():
            with self.subTest(name):
                if said is not None:
                    self.assertEqual(messages[name], said)
        self.assertRegex(messages["platform"][0], r"^/maxPlatformMs: it took \d+\.\d ms on the platform \(modelled\), "
                                                  r"more than 100\.0 ms$")
        self.assertRegex(messages["init"][0], r"^/maxInitMs: its init took \d+\.\d ms \(measured\), more than 0\.0 ms$")
        self.assertRegex(messages["cost"][0], r"^/maxCostUsd: it cost 0\.0\d+ USD \(modelled\), more than 0 USD$")

    def test_the_trouble_is_told_with_place_log_and_how_to_run_it_again(self):
        self.event("order.one", {"a": 1}, '{\n  "function": "echo",\n  "result": {\n    "a": 2\n  }\n}')
        done = self.run_tests(code=1)
        where = os.path.join(self.events, "order.one.expect.json")
        self.assertIn("\n✗ order.one\n"
                      "  %s:4:10: /result/a: /a of the result is 1 instead of 2\n"
                      "  | got {\"a\": 1}\n"
                      "  again: coldframe test %s order.one\n" % (where, self.at), done.stdout)
        again = self.run_tests("order.one", code=1)
        self.assertIn("1 test: 0 passed, 1 failed", again.stdout)

    def test_filters_choose_by_name(self):
        for name in ("order", "order-limited", "other"):
            self.event(name, {}, {"function": "echo"})
        self.assertEqual(list(self.outcomes("order")[0]), ["order"])
        self.assertEqual(list(self.outcomes("order*", "ot?er")[0]), ["order", "order-limited", "other"])


class Stores(TestEvents):
    """The user's own data is copied, never touched."""

    def contents(self):
        found = {}
        for folder, _, names in os.walk(os.path.join(self.at, "data")):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, self.at)] = (file.read(), os.stat(path).st_mtime_ns)
        return found

    def test_outputs_are_private_and_the_workspace_stays_as_it_was(self):
        self.store("in", "deep/a.txt", "a")
        self.store("out", "deep/a.txt", "A")
        self.store("out", "kept.txt", "kept")
        self.event("rewrites", {"key": "deep/a.txt"}, {
            "function": "copy", "outputs": [{"store": "out", "key": "deep/a.txt", "text": "A"},
                                            {"store": "out", "key": "kept.txt", "absent": True},
                                            {"store": "in", "keyMatches": "", "absent": True}]})
        before = self.contents()
        for _ in range(2):
            self.run_tests()
        self.assertEqual(self.contents(), before)
        self.assertFalse(os.path.exists(os.path.join(self.at, ".coldframe")))

    def test_a_test_may_give_files_instead(self):
        self.store("in", "mine.txt", "mine")
        write(os.path.join(self.events, "files", "given.txt"), "given")
        self.event("given", {"key": "given.txt"}, {"function": "copy", "given": {"in": "files"}, "result": 5})
        self.event("mine", {"key": "mine.txt"}, {
            "function": "copy", "given": {"in": "files"}, "errorType": "FileNotFoundError"})
        self.run_tests()

    def test_while_the_workspace_runs_the_tests_run_beside_it(self):
        self.event("echo", {}, {})
        run = self.run_workspace(self.at, "--serve", "0")
        self.assertTrue(run.url)
        self.run_tests()
        code, summary = run.stop()
        self.assertEqual((code, summary["events"]), (0, 0))


class Junit(TestEvents):
    def read(self, path):
        document = xml.parse(path).getroot()
        suite = document.find("testsuite")
        return suite, {case.get("name"): case for case in suite.findall("testcase")}

    def test_it_holds_every_outcome(self):
        self.event("good", {"a": 1}, {"function": "echo"})
        self.event("bad", {"raise": True}, {"function": "echo"})
        self.event("no-json", {}, {"function": "echo"})
        write(os.path.join(self.events, "no-json.json"), '{"a": \n oops}')
        path = os.path.join(self.folder, "reports", "deep", "out.xml")
        done = self.run_tests("--junit", path, code=2)
        self.assertIn("no-json.json:2:2: ", done.stdout)
        suite, cases = self.read(path)
        self.assertEqual((suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("errors"),
                          suite.get("skipped")), ("made", "3", "1", "1", "0"))
        self.assertEqual(list(cases), ["bad", "good", "no-json"])
        self.assertEqual(cases["good"].get("classname"), "made.echo")
        self.assertTrue(0 < float(cases["good"].get("time")) < PATIENCE)
        self.assertEqual([child.tag for child in cases["good"]], ["properties", "system-out"])
        self.assertIn("REPORT RequestId: ", cases["good"].find("system-out").text)
        failure = cases["bad"].find("failure")
        self.assertEqual(failure.get("type"), "/status")
        self.assertIn("ValueError: order 17 has <no> customer", failure.get("message"))
        self.assertIn("bad.expect.json:1:1: /status: ", failure.text)
        self.assertIn("no-json.json:2:2: ", cases["no-json"].find("error").text)

    def test_it_replaces_the_last_one_and_nothing_else(self):
        self.event("echo", {}, {})
        path = os.path.join(self.folder, "out.xml")
        write(path, "<old/>")
        self.run_tests("--junit", path)
        self.assertEqual(len(self.read(path)[1]), 1)
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("out")], ["out.xml"])
        done = self.run_tests("--junit", self.temporary, code=2)
        self.assertIn(self.temporary + ": this is not a regular file", done.stderr)
        done = self.run_tests("--junit", "/proc/none/out.xml", code=3)
        self.assertIn("/proc/none: no file can be made in this folder", done.stderr)


class BadInput(TestEvents):
    def said(self, *arguments):
        done = self.run_tests(*arguments, code=2)
        self.assertEqual(done.stdout, "")
        return done.stderr.replace(self.events, "events")

    def test_no_expectation_at_all_is_no_success(self):
        self.assertIn("coldframe: no test event has an expectation; save an event as ", self.said())
        self.event("echo", {})
        self.assertIn("no test event has an expectation", self.said())
        self.assertIn("no test event has an expectation", self.said("echo"))

    def test_all_mistakes_are_told_and_nothing_runs(self):
        self.event("a", {}, '{\n "functoin": "echo"}')
        self.event("b", {}, {"function": "ecko", "outputs": [{"store": "outt", "key": "k"}]})
        self.event("c", {}, '{"function": "echo", "logMatches": "("}')
        self.event("d", {}, "{oops")
        self.event("e", {}, {"given": {"in": "nowhere"}, "function": "echo"})
        self.event("f", {}, {})
        write(os.path.join(self.events, "g.expect.json"), '{"function": "echo"}')
        self.event("good", {}, {"function": "echo"})
        path = os.path.join(self.folder, "out.xml")
        said = self.said("--junit", path)
        for line in (
                'events/a.expect.json:2:2: /functoin: an expectation has no key "functoin"; did you mean "function"?',
                'events/b.expect.json:1:14: /function: there is no function "ecko"; did you mean "echo"?',
                '/outputs/0/store: there is no store "outt"; did you mean "out"?',
                'events/c.expect.json:1:36: /logMatches: the regular expression "(" has a ( or ) without its other half',
                "events/d.expect.json:1:2: ",
                "/given/in: the folder events/nowhere is not there; make it, or correct the path; it is relative to "
                "this file",
                'events/f.expect.json:1:1: it is not said which function the event "f" is for; write "function"; this '
                'workspace has "echo", "count" and "copy"',
                "events/g.expect.json: there is no event g.json for this expectation; write the event, or remove the "
                "expectation"):
            self.assertIn(line, said)
        suite = xml.parse(path).getroot().find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("errors"), suite.get("skipped")), ("8", "7", "1"))
        checked = self.coldframe("validate", self.at)
        self.assertEqual(checked.returncode, 2)
        self.assertIn('an expectation has no key "functoin"', checked.stdout)
        self.assertIn('✓ good', self.run_tests("good").stdout)

    def test_names_that_are_none_get_advice(self):
        self.event("order", {}, {"function": "echo"})
        self.assertEqual(self.said("ordr"), 'coldframe: there is no test event "ordr"; did you mean "order"?\n')
        self.assertEqual(self.said("x*"), 'coldframe: there is no test event "x*"; this workspace has "order"\n')

    def test_a_store_too_large_to_copy_is_named(self):
        with open(os.path.join(self.at, "data", "in", "huge"), "wb") as huge:
            huge.truncate(2 << 30)
        self.event("echo", {}, {})
        done = self.run_tests(code=2)
        self.assertIn('no private copy of the store "in" can be made: the folder holds 2048 MB in 1 file;', done.stdout)
        self.assertIn('name a smaller folder for it: "given": {"in": "FOLDER"}', done.stdout)
        write(os.path.join(self.events, "few", "a"), "a")
        self.event("echo", {}, {"given": {"in": "few"}})
        self.run_tests()


class Interrupted(TestEvents):
    def test_what_did_not_run_is_said_and_nothing_is_left(self):
        self.event("a", {}, {"function": "echo"})
        self.event("b", {"sleep": 600}, {"function": "echo"})
        self.event("c", {}, {"function": "echo"})
        write(os.path.join(self.at, "coldframe.json"), json.dumps({
            **read_json(os.path.join(self.at, "coldframe.json")),
            "functions": {"echo": {"runtime": "python", "code": "code", "handler": "app.echo", "timeoutMs": 900000}}}))
        path = os.path.join(self.folder, "out.xml")
        process = subprocess.Popen([program(), "test", self.at, "--json", "--junit", path], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env={**os.environ, "TMPDIR": self.temporary})
        self.addCleanup(process.kill)
        wait_for(lambda: "a" in process.stderr.readline(), "the first has ended")
        wait_for(lambda: instances_of(self.at), "the second runs")
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 1, said)
        self.assertIn("coldframe: interrupted before every test had run", said)
        self.assertEqual({test["name"]: test["outcome"] for test in json.loads(out)["tests"]},
                         {"a": "passed", "b": "not-run", "c": "not-run"})
        cases = xml.parse(path).getroot().find("testsuite").findall("testcase")
        self.assertEqual([case.find("skipped") is not None for case in cases], [False, True, True])
        self.assertEqual(os.listdir(self.temporary), [])
        wait_for(lambda: not instances_of(self.at), "no process is left")


class WriteMissing(TestEvents):
    def test_what_happens_is_written_down_once(self):
        self.event("echo", {"a": [1, {"b": None}], "n": 1})
        self.event("echo.raises", {"raise": True})
        self.event("count", {}, {"result": 1})
        done = self.run_tests("--write-missing")
        self.assertIn("wrote %s/echo.expect.json: read it before you rely on it" % self.events, done.stderr)
        self.assertEqual(read_json(os.path.join(self.events, "echo.expect.json")),
                         {"function": "echo", "status": "succeeded", "result": {"a": [1, {"b": None}], "n": 1}})
        self.assertEqual(read_json(os.path.join(self.events, "echo.raises.expect.json"))["errorType"], "ValueError")
        self.assertEqual(read_json(os.path.join(self.events, "count.expect.json")), {"result": 1})
        done = self.run_tests("--write-missing")
        self.assertNotIn("wrote", done.stderr)
        self.assertIn("3 tests: 3 passed", done.stdout)


if __name__ == "__main__":
    unittest.main()
