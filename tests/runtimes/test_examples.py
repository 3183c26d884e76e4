"""The examples' functions through the real runtime clients: every test event, and the sample data of each workspace.

What only the engine can decide (timeouts, exit codes, memory, limits, destinations) is not checked here: of those events,
only that the function ends or goes on as its expectation needs it. csv-etl needs buckets: tests/e2e has it.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from urllib.parse import quote_plus

import runtime_api

EXAMPLES = os.path.normpath(os.path.join(runtime_api.TESTS, "..", "..", "examples"))
NODE = shutil.which("node")
CXX = shutil.which(os.environ.get("CXX", "c++"))
CONVERT = shutil.which("magick") or shutil.which("convert")
EXITS = {"init-exits": 5, "sys-exit": 4, "os-exit": 3, "node-exit": 4, "segfault": -11}
UNENDING = ("timeout", "memory")


def load(*path):
    with open(os.path.join(*path), encoding="utf-8") as source:
        return json.load(source)


def s3_event(bucket, key):
    return {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": quote_plus(key, safe="/")}}}]}


class Example(unittest.TestCase):
    """A copy of one workspace, so that the tests leave the examples as they are."""

    name = None

    @classmethod
    def setUpClass(cls):
        cls.temporary = os.path.realpath(tempfile.mkdtemp(prefix="coldframe-example-"))
        cls.root = os.path.join(cls.temporary, cls.name)
        shutil.copytree(os.path.join(EXAMPLES, cls.name), cls.root,
                        ignore=shutil.ignore_patterns("samples" if cls.name != "uppercase" else "", ".coldframe", "__pycache__", "bootstrap"))
        cls.workspace = load(cls.root, "coldframe.json")
        cls.environment = {}
        for name, store in cls.workspace["stores"].items():
            folder = os.path.join(cls.root, store["path"])
            os.makedirs(folder, exist_ok=True)
            cls.environment["COLDFRAME_STORE_" + name.upper().replace("-", "_")] = folder

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(getattr(cls, "temporary", ""), ignore_errors=True)

    def start(self, function, events):
        code = os.path.join(self.root, function["code"])
        command = {"python": [sys.executable, runtime_api.PYTHON_CLIENT], "node": [NODE, runtime_api.NODE_CLIENT]}.get(
            function["runtime"], function.get("command"))
        return runtime_api.Run({}, function.get("handler", ""), events, command=command, env=self.environment, root=code)

    def command(self, function, event):
        process = subprocess.Popen(
            function["command"], cwd=os.path.join(self.root, function["code"]), start_new_session=True,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", **self.environment},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, err = process.communicate(json.dumps(event).encode(), timeout=function["timeoutMs"] / 1000)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # the shell's children as well
            process.communicate()
            raise
        return subprocess.CompletedProcess(function["command"], process.returncode, out, err)

    def check(self, got, expect):
        """`got` is ("succeeded", result) or ("failed", error body)."""
        self.assertEqual(got[0] == "succeeded", expect["status"] == "succeeded", got)
        if "result" in expect:
            self.assert_holds(got[1], expect["result"])
        if "errorType" in expect:
            self.assertEqual(got[1]["errorType"], expect["errorType"])
        if "errorMessageMatches" in expect:
            self.assertRegex(got[1]["errorMessage"], expect["errorMessageMatches"])

    def assert_holds(self, got, wanted):
        """As `coldframe test` compares, with the operator that the examples use."""
        if isinstance(wanted, dict) and list(wanted) == ["$json"]:
            self.assert_holds(json.loads(got), wanted["$json"])
        elif isinstance(wanted, dict) and isinstance(got, dict):
            for key, value in wanted.items():
                self.assertIn(key, got)
                self.assert_holds(got[key], value)
        else:
            self.assertEqual(got, wanted)

    def outcome_of_command(self, function, event, expect):
        if "timed out" in expect.get("errorMessageMatches", ""):
            with self.assertRaises(subprocess.TimeoutExpired):
                self.command(function, event)
            return
        done = self.command(function, event)
        if done.returncode:
            status = {"errorType": "Runtime.ExitError", "errorMessage": "exit status %d" % done.returncode}
            return self.check(("failed", status), expect)
        try:
            self.check(("succeeded", json.loads(done.stdout.decode())), expect)
        except ValueError:
            self.check(("failed", {"errorType": "Runtime.InvalidJson"}), expect)

    def outcome_of_client(self, name, function, event, expect):
        with self.start(function, [event]) as run:
            if name in EXITS:
                self.assertEqual(run.end()[0], EXITS[name])
                return
            if name in UNENDING:
                with self.assertRaises(AssertionError):
                    run.api.wait_posts(1, 1.2)
                self.assertIsNone(run.process.poll())
                return
            post = run.posts()[0]
            if len(post.body) > 6291556:
                self.assertEqual(expect["errorType"], "Function.ResponseSizeTooLarge")
                return
            self.check(("succeeded" if post.path.endswith("/response") else "failed", post.json), expect)

    def test_events(self):
        events = os.path.join(self.root, "events")
        names = sorted(n[:-len(".expect.json")] for n in os.listdir(events) if n.endswith(".expect.json"))
        self.assertTrue(names)
        for name in names:
            expect, event = load(events, name + ".expect.json"), load(events, name + ".json")
            function = self.workspace["functions"][expect["function"]]
            with self.subTest(event=name):
                if function["runtime"] == "node" and not NODE:
                    self.skipTest("not run: node is missing")
                if function["runtime"] == "command":
                    self.outcome_of_command(function, event, expect)
                else:
                    self.outcome_of_client(name, function, event, expect)


class Uppercase(Example):
    name = "uppercase"

    def test_samples(self):
        folder = os.path.join(self.root, "samples")
        names = sorted(n for n in os.listdir(folder) if n.endswith(".json"))
        self.assertEqual(len(names), 5)
        with self.start(self.workspace["functions"]["uppercase"], [load(folder, n) for n in names]) as run:
            for name, post in zip(names, run.posts(5)):
                self.assertEqual(post.json, load(folder, "expected", name))

    def test_as_a_program(self):
        code = os.path.join(self.root, "functions", "uppercase")
        out = subprocess.run([sys.executable, "app.py"], cwd=code, stdout=subprocess.PIPE).stdout.decode()
        self.assertEqual(out, "{'1': 'ABC', '2': 'BDC', '3': 'XYZ', '4': 'MNO', '5': 'EDUCATIVE'}\n")


@unittest.skipUnless(CONVERT, "not run: ImageMagick is missing")
class Thumbnails(Example):
    name = "thumbnails"

    def test_samples(self):
        subprocess.run(["./make_data.sh", "3"], cwd=self.root, check=True, stdout=subprocess.DEVNULL)
        samples = os.path.join(self.root, "samples")
        for name in sorted(os.listdir(samples)):
            shutil.copy(os.path.join(samples, name), os.path.join(self.root, "data", "pictures", name))
            done = self.command(self.workspace["functions"]["resize"], s3_event("pictures", name))
            self.assertEqual(done.returncode, 0, done.stderr)
            thumbnails = json.loads(done.stdout.decode())["thumbnails"]
            self.assertEqual([t["w"] for t in thumbnails], [128, 512])
            for thumbnail in thumbnails:
                with open(os.path.join(self.root, "data", "previews", thumbnail["key"]), "rb") as made:
                    self.assertEqual(made.read(3), b"\xff\xd8\xff")


@unittest.skipUnless(CXX, "not run: no C++ compiler")
class Native(Example):
    name = "native"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        subprocess.run(["./build.sh"], cwd=cls.root, check=True)

    def test_wire(self):
        events = [{"n": n, "text": "v%d" % n} for n in range(200)] + [{"big": "x" * 1000000}, {"e": "a\\n\"b\u00fc"}]
        with self.start(self.workspace["functions"]["native"], events) as run:
            posts = run.posts(len(events))
            self.assertEqual(posts[7].json, {"n": 7, "text": "V7"})
            self.assertEqual(posts[200].json, {"big": "X" * 1000000})
            self.assertEqual(posts[201].json, {"e": "A\\N\"B\u00fc"})
            self.assertEqual(run.api.connections, 1)

    def test_connection_that_drops(self):
        with self.start(self.workspace["functions"]["native"], [{"a": "b"}]) as run:
            self.assertEqual(run.posts()[0].json, {"a": "B"})
        function = dict(self.workspace["functions"]["native"])
        with runtime_api.Run({}, "", [b"1"], command=function["command"], root=os.path.join(self.root, function["code"]), drop_next=9) as run:
            self.assertEqual(run.end()[0], 1)


class Scale(Example):
    name = "scale"


class Errors(Example):
    name = "errors"

    def test_each_function_has_its_event(self):
        for name in self.workspace["functions"]:
            self.assertEqual(load(self.root, "events", name + ".expect.json")["function"], name)


del Example  # only its subclasses are tests

if __name__ == "__main__":
    unittest.main()
