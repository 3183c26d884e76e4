#!/usr/bin/python3
"""The examples, run as their README says, and what must come out of them."""
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
import urllib.request

from coldframe_program import ROOT, ProgramTest, objects, read_json, wait_for


class WebApi(ProgramTest):
    def test_notes(self):
        at = self.example("web-api")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        path = os.path.join(at, "coldframe.json")
        with open(path) as file:
            text = file.read().replace("8080", str(port))
        with open(path, "w") as file:
            file.write(text)
        tested = self.coldframe("test", at)
        self.assertEqual(tested.returncode, 0, tested.stdout + tested.stderr)
        run = self.run_workspace(at)
        run.wait_for_line("one takes ANY at ")
        url = "http://127.0.0.1:%d/notes" % port

        def call(method, target, body=None):
            request = urllib.request.Request(url + target, body, {"Content-Type": "application/json"}, method=method)
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.status, answer.read()
            except urllib.error.HTTPError as error:
                return error.code, error.read()

        status, body = call("POST", "", json.dumps({"text": "water the tomatoes"}).encode())
        name = json.loads(body)["id"]
        self.assertEqual(status, 201)
        self.assertEqual(json.loads(call("GET", "")[1]), [name])
        self.assertEqual(json.loads(call("GET", "/" + name)[1]), {"id": name, "text": "water the tomatoes"})
        self.assertEqual(call("DELETE", "/" + name)[0], 204)
        self.assertEqual(call("GET", "/" + name)[0], 404)
        self.assertEqual(call("GET", "/..%2F..%2Fcoldframe")[0], 404)
        self.assertEqual(run.stop()[1]["failed"], 0)


class Orders(ProgramTest):
    def test_orders_become_totals_and_a_report(self):
        at = self.example("orders")
        shop = [sys.executable, os.path.join(at, "shop.py")]
        subprocess.run([*shop, "0"], check=True, stdout=subprocess.DEVNULL)
        installed = self.coldframe("capture", at, "--install", stdin="y\n")
        self.assertEqual(installed.returncode, 0, installed.stderr)
        run = self.run_workspace(at)
        subprocess.run([*shop, "40"], check=True, stdout=subprocess.DEVNULL)
        run.stop(signal.SIGKILL)
        subprocess.run([*shop, "10"], check=True, stdout=subprocess.DEVNULL)
        run = self.run_workspace(at)
        with sqlite3.connect(os.path.join(at, "data", "shop.db")) as orders:
            expected = orders.execute("SELECT item, count(*), sum(amount) FROM orders GROUP BY item ORDER BY item").fetchall()

        def totals():
            try:
                with sqlite3.connect("file:%s/data/figures.db?mode=ro" % at, uri=True) as figures:
                    return figures.execute("SELECT item, orders, amount FROM totals ORDER BY item").fetchall()
            except sqlite3.Error:
                return []  # not there yet
        wait_for(lambda: totals() == expected, "the totals are those of the orders")
        self.assertEqual(run.stop()[1]["failed"], 0)
        event = self.coldframe("invoke", at, "report", "--event", "-", stdin='{"time": "2026-11-27T06:00:00Z"}')
        self.assertEqual(event.returncode, 0, event.stderr)
        report = json.loads(event.stdout)
        self.assertEqual(report["amount"], sum(amount for _, _, amount in expected))


class CsvEtl(ProgramTest):
    def test_events(self):
        at = self.example("csv-etl")
        shutil.copy(os.path.join(ROOT, "examples", "csv-etl", "data", "in", "example 1.csv"), os.path.join(at, "data", "in"))
        for name in ("example", "missing-object"):
            with self.subTest(name):
                event = os.path.join(at, "events", name + ".json")
                expect = read_json(event.replace(".json", ".expect.json"))
                done = self.coldframe("invoke", at, "clean", "--event", event, "--quiet")
                result = json.loads(done.stdout)
                if expect["status"] == "succeeded":
                    self.assertEqual((done.returncode, result), (0, expect["result"]), done.stderr)
                    with open(os.path.join(at, "data", "clean", "example 1.jsonl"), encoding="utf-8") as lines:
                        self.assertEqual([json.loads(line)["orderId"] for line in lines], [1, 2])
                else:
                    self.assertEqual((done.returncode, result["errorType"]), (1, expect["errorType"]), done.stderr)
                    self.assertRegex(result["errorMessage"], expect["errorMessageMatches"])

    def test_two_hundred_files(self):
        at = self.example("csv-etl")
        subprocess.run([sys.executable, os.path.join(at, "make_data.py")], check=True, stdout=subprocess.DEVNULL)
        samples = os.path.join(at, "samples")
        names = [name for name in os.listdir(samples) if name.endswith(".csv")]
        self.assertEqual(len(names), 200)
        run = self.run_workspace(at)
        self.wait_until_watching(run, at, ["in"])
        for name in names:
            shutil.copy(os.path.join(samples, name), os.path.join(at, "data", "in", name))
        summaries = os.path.join(at, "data", "summary")
        wait_for(lambda: len(objects(summaries)) >= 200, "200 summaries")
        code, summary = run.stop()
        self.assertEqual((code, summary["invocations"], summary["succeeded"]), (0, 200, 200), run.said)
        totals = subprocess.run([sys.executable, os.path.join(at, "totals.py")], capture_output=True, text=True)
        self.assertEqual(totals.returncode, 0, totals.stdout + totals.stderr)
        self.assertIn("200 of 200 files right", totals.stdout)


class Thumbnails(ProgramTest):
    @unittest.skipUnless(shutil.which("convert"), "not run: ImageMagick is not installed")
    def test_pictures_get_previews_and_what_is_none_fails(self):
        at = self.example("thumbnails")
        subprocess.run([os.path.join(at, "make_data.sh"), "4"], check=True, stdout=subprocess.DEVNULL)
        samples = os.path.join(at, "samples")
        for name in os.listdir(samples):
            if name.endswith(".jpg"):
                shutil.copy(os.path.join(samples, name), os.path.join(at, "data", "pictures", name))
        run = self.run_workspace(at, "--backfill", "on-picture", "--until-idle")
        code, summary = run.wait()
        self.assertEqual((code, summary["succeeded"], summary["failed"]), (0, 4, 0), run.said)
        previews = [os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(at, "data", "previews"))
                    for name in names]
        self.assertEqual(len(previews), 8, previews)
        widths = {subprocess.run(["identify", "-format", "%w", path], capture_output=True, text=True,
                                 check=True).stdout for path in previews}
        self.assertEqual(widths, {"128", "512"})


class Native(ProgramTest):
    @unittest.skipUnless(shutil.which("c++"), "not run: there is no C++ compiler")
    def test_it_is_compiled_and_answers(self):
        at = self.example("native")
        subprocess.run([os.path.join(at, "build.sh")], check=True)
        for name in ("order", "text", "wrong"):
            with self.subTest(name):
                event = os.path.join(at, "events", name + ".json")
                expect = read_json(event.replace(".json", ".expect.json"))
                done = self.coldframe("invoke", at, "native", "--event", event, "--quiet")
                result = json.loads(done.stdout)
                if expect["status"] == "succeeded":
                    self.assertEqual((done.returncode, result), (0, expect["result"]))
                else:
                    self.assertEqual((done.returncode, result["errorType"]), (1, expect["errorType"]))


class Scale(ProgramTest):
    """Forty callers at once, as long as it takes for the pool to grow."""

    def call(self, url):
        try:
            with urllib.request.urlopen(urllib.request.Request(url, b'{"order": 1}', method="POST"), timeout=60) as answer:
                answer.read()
                return answer.status, ""
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read()).get("Reason", "")

    def call_at_once(self, function, enough):
        run = self.run_workspace(self.example("scale"), "--serve", "0")
        url = run.url + "/2015-03-31/functions/%s/invocations" % function
        answers, lock, stop = [], threading.Lock(), threading.Event()

        def caller():
            while not stop.is_set():
                answer = self.call(url)
                with lock:
                    answers.append(answer)
                if answer[0] == 429:
                    time.sleep(0.2)  # as a patient caller does

        threads = [threading.Thread(target=caller) for _ in range(40)]
        for thread in threads:
            thread.start()
        try:
            wait_for(lambda: enough(run, answers), "enough answers")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        code, summary = run.stop()
        self.assertEqual(code, 0)
        return run, answers, summary

    def test_the_pool_grows_with_its_callers(self):
        run, answers, summary = self.call_at_once("slow", lambda run, answers: len(answers) >= 200)
        self.assertEqual({status for status, _ in answers}, {200})
        self.assertGreaterEqual(summary["coldStarts"], 30, run.said)
        self.assertLessEqual(summary["coldStarts"], 40)
        self.assertEqual((summary["succeeded"], summary["throttled"]), (len(answers), 0))

    def test_a_reserved_concurrency_throttles(self):
        run, answers, summary = self.call_at_once(
            "slow-limited", lambda run, answers: len(answers) >= 100 and (200, "") in answers)
        refused = [answer for answer in answers if answer[0] == 429]
        self.assertGreater(len(refused), 0)
        self.assertEqual({reason for _, reason in refused}, {"ReservedFunctionConcurrentInvocationLimitExceeded"})
        self.assertLessEqual(summary["coldStarts"], 10)
        self.assertEqual(summary["throttled"], len(refused))
        self.assertEqual(summary["succeeded"], len(answers) - len(refused))


if __name__ == "__main__":
    unittest.main()
