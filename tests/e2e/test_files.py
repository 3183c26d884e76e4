#!/usr/bin/python3
"""Watched folders: every file one event, no event lost, none doubled, none read half-written."""
import base64
import os
import shutil
import time
import unittest

from coldframe_program import ProgramTest, objects, read_json, wait_for, write

FILES = 10_000

ECHO = '''
def content(event, context):
    return {"number": event["number"]}

def keys(event, context):
    assert len(event["Records"]) == 1
    return {"key": event["Records"][0]["s3"]["object"]["key"]}

def size(event, context):
    import os
    record = event["Records"][0]["s3"]
    path = os.path.join(os.environ["COLDFRAME_STORE_IN"], record["object"]["key"])
    return {"said": record["object"]["size"], "found": os.path.getsize(path)}
'''


class Uppercase(ProgramTest):
    def setUp(self):
        super().setUp()
        self.at = self.example("uppercase")
        self.samples = os.path.join(self.at, "samples")
        self.names = sorted(name for name in os.listdir(self.samples) if name.endswith(".json"))

    def results(self):
        return sorted(name for name in objects(os.path.join(self.at, "data", "results")) if name.endswith(".json"))

    def check_results(self):
        for name in self.names:
            self.assertEqual(read_json(os.path.join(self.at, "data", "results", name)),
                             read_json(os.path.join(self.samples, "expected", name)), name)

    def test_copied_files_become_results(self):
        run = self.run_workspace(self.at)
        self.wait_until_watching(run, self.at, ["uploads"])
        for name in self.names:
            shutil.copy(os.path.join(self.samples, name), os.path.join(self.at, "data", "uploads", name))
        wait_for(lambda: self.results() == self.names, "a result for every sample")
        self.check_results()
        code, summary = run.stop()
        self.assertEqual(code, 0)
        self.assertEqual(list(summary), ["events", "invocations", "succeeded", "failed", "throttled", "coldStarts",
                                         "costUsd"])
        self.assertEqual((summary["events"], summary["succeeded"], summary["failed"]), (5, 5, 0), run.said)
        self.assertGreater(summary["costUsd"], 0)

    def test_files_that_lie_there_wait_until_they_are_asked_for(self):
        for name in self.names:
            shutil.copy(os.path.join(self.samples, name), os.path.join(self.at, "data", "uploads", name))
        run = self.run_workspace(self.at)
        run.wait_for_line(r"(?m)^5 files already here: process them with --backfill on-upload$")
        code, summary = run.stop()
        self.assertEqual((code, summary["events"], self.results()), (0, 0, []))

        run = self.run_workspace(self.at, "--backfill", "on-upload", "--until-idle")
        code, summary = run.wait()
        self.assertEqual((code, summary["events"], summary["succeeded"]), (0, 5, 5), run.said)
        self.assertNotIn("already here", run.said)
        self.check_results()

    def test_a_bad_file_is_told_and_the_others_go_on(self):
        run = self.run_workspace(self.at)
        self.wait_until_watching(run, self.at, ["uploads"])
        write(os.path.join(self.at, "data", "uploads", "broken.json"), '{"body": ')
        shutil.copy(os.path.join(self.samples, "seed.json"), os.path.join(self.at, "data", "uploads", "seed.json"))
        run.wait_for_line(r"broken\.json")
        wait_for(lambda: self.results() == ["seed.json"], "the good one's result")

    def test_a_folder_may_vanish_and_come_back(self):
        run = self.run_workspace(self.at)
        uploads = os.path.join(self.at, "data", "uploads")
        self.wait_until_watching(run, self.at, ["uploads"])
        shutil.rmtree(uploads)
        run.wait_for_line(r"warning: on-upload: ")
        os.mkdir(uploads)
        self.wait_until_watching(run, self.at, ["uploads"])
        shutil.copy(os.path.join(self.samples, "seed.json"), os.path.join(uploads, "seed.json"))
        wait_for(lambda: self.results() == ["seed.json"], "the result of a file in the new folder")


class Shapes(ProgramTest):
    def test_body_is_the_text_of_the_file_whatever_it_is(self):
        at = self.workspace({"f": {"handler": "app.f", "onSuccess": {"store": "out"}}},
                            "def f(event, context):\n    return event\n", ["in", "out"],
                            {"drop": {"kind": "file", "store": "in", "shape": "body", "function": "f"}})
        run = self.run_workspace(at)
        self.wait_until_watching(run, at, ["in"])
        texts = {"a.csv": 'id;name\r\n1;"Zoë"\r\n', "b.json": '{"n": 1}', "c.txt": "", "d.xml": "<a>\t&amp;</a>\n"}
        bodies = [{"body": text, "isBase64Encoded": False} for text in texts.values()]
        texts["e.bin"] = bytes(range(256))
        bodies.append({"body": base64.b64encode(texts["e.bin"]).decode(), "isBase64Encoded": True})
        out = os.path.join(at, "data", "out")
        for name, text in texts.items():
            write(os.path.join(at, "data", "in", name), text)
        wait_for(lambda: len(objects(out)) == len(texts), "a result for every file\n" + run.said)
        code, summary = run.stop()
        self.assertEqual((code, summary["events"], summary["succeeded"]), (0, 5, 5), run.said)
        results = ["a.csv.json", "b.json", "c.txt.json", "d.xml.json", "e.bin.json"]
        self.assertEqual(sorted(objects(out)), results)
        self.assertEqual([read_json(os.path.join(out, name)) for name in results], bodies)


class Load(ProgramTest):
    def drop_and_count(self, shape, handler):
        at = self.workspace(
            {"f": {"handler": "app." + handler, "memoryMb": 256, "reservedConcurrency": 4,
                   "onSuccess": {"store": "out"}}}, ECHO, ["in", "out"],
            {"drop": {"kind": "file", "store": "in", "events": ["created"], "suffix": ".json", "shape": shape,
                      "function": "f"}})
        run = self.run_workspace(at)
        self.wait_until_watching(run, at, ["in"])
        for number in range(FILES):
            with open(os.path.join(at, "data", "in", "%05d.json" % number), "w") as file:
                file.write('{"number": %d}' % number)
        out = os.path.join(at, "data", "out")
        wait_for(lambda: len(objects(out)) >= FILES, "%d results" % FILES, 600)
        code, summary = run.stop()
        self.assertEqual((code, summary["events"], summary["invocations"], summary["succeeded"]),
                         (0, FILES, FILES, FILES), run.said)
        names = sorted(objects(out))
        self.assertEqual(names, ["%05d.json" % number for number in range(FILES)])
        return [read_json(os.path.join(out, name)) for name in names]

    def test_content(self):
        results = self.drop_and_count("content", "content")
        self.assertEqual(results, [{"number": number} for number in range(FILES)])

    def test_s3(self):
        results = self.drop_and_count("s3", "keys")
        self.assertEqual(results, [{"key": "%05d.json" % number} for number in range(FILES)])


class Writers(ProgramTest):
    def test_a_file_renamed_before_it_is_closed_is_one_event(self):
        at = self.workspace({"f": {"handler": "app.content", "reservedConcurrency": 2, "onSuccess": {"store": "out"}}},
                            ECHO, ["in", "out"],
                            {"drop": {"kind": "file", "store": "in", "events": ["created"], "shape": "content",
                                      "function": "f"}})
        run = self.run_workspace(at)
        self.wait_until_watching(run, at, ["in"])
        for number in range(300):
            name = os.path.join(at, "data", "in", "%d.json" % number)
            with open(name + ".part", "w") as file:
                file.write('{"number": %d}' % number)
                file.flush()
                os.rename(name + ".part", name)
        wait_for(lambda: len(objects(os.path.join(at, "data", "out"))) == 300, "300 results")
        _, summary = run.stop()
        self.assertEqual((summary["events"], summary["succeeded"]), (300, 300), run.said)


class SlowWriter(ProgramTest):
    def test_one_event_after_the_last_byte(self):
        at = self.workspace({"f": {"handler": "app.size", "onSuccess": {"store": "out"}}}, ECHO, ["in", "out"],
                            {"drop": {"kind": "file", "store": "in", "shape": "s3", "function": "f"}})
        run = self.run_workspace(at)
        self.wait_until_watching(run, at, ["in"])
        size, pieces = 200 << 20, 50
        with open(os.path.join(at, "data", "in", "large.bin"), "wb", buffering=0) as file:
            for _ in range(pieces):
                file.write(b"x" * (size // pieces))
                time.sleep(0.02)  # the writer is slow; that is what is tested
        result = os.path.join(at, "data", "out", "large.bin")
        wait_for(lambda: objects(os.path.dirname(result)), "its result")
        found = read_json(os.path.join(os.path.dirname(result), objects(os.path.dirname(result))[0]))
        self.assertEqual(found, {"said": size, "found": size})
        _, summary = run.stop()
        self.assertEqual(summary["events"], 1, run.said)


class Latency(ProgramTest):
    def test_from_cp_to_result(self):
        """Warm within 100 ms, cold within 250 ms: told here, and asserted where the machine is at rest."""
        at = self.example("uppercase")
        run = self.run_workspace(at)
        self.wait_until_watching(run, at, ["uploads"])
        times = []
        for number in range(6):
            begin = time.monotonic()
            shutil.copy(os.path.join(at, "samples", "seed.json"), os.path.join(at, "data", "uploads", "%d.json" % number))
            wait_for(lambda: os.path.exists(os.path.join(at, "data", "results", "%d.json" % number)), "a result")
            times.append(1000 * (time.monotonic() - begin))
        cold, warm = times[0], sorted(times[1:])[2]
        print("cp to result: cold %.0f ms, warm %.0f ms" % (cold, warm))
        if os.getloadavg()[0] > os.cpu_count() * 0.8:
            self.skipTest("not run: the machine is busy; cold %.0f ms, warm %.0f ms" % (cold, warm))
        self.assertLess(cold, 250 + 20)  # the waiting above looks every 20 ms
        self.assertLess(warm, 100 + 20)


class Chain(ProgramTest):
    def test_what_one_function_stores_triggers_the_next_once(self):
        drop = {"kind": "file", "events": ["created"], "shape": "content"}
        at = self.workspace({"first": {"handler": "app.f", "onSuccess": {"store": "middle"}},
                             "second": {"handler": "app.f", "onSuccess": {"store": "out"}}},
                            "def f(event, context):\n    return event\n", ["in", "middle", "out"],
                            {"one": {**drop, "store": "in", "function": "first"},
                             "two": {**drop, "store": "middle", "function": "second"}})
        run = self.run_workspace(at)
        self.wait_until_watching(run, at, ["in", "middle"])
        for number in range(300):
            write(os.path.join(at, "data", "in", "%d.json" % number), '{"number": %d}' % number)
        wait_for(lambda: len(objects(os.path.join(at, "data", "out"))) >= 300, "300 results at the end")
        code, summary = run.stop()
        self.assertEqual((code, summary["events"], summary["succeeded"]), (0, 600, 600), run.said)

    def test_a_loop_is_paused_after_sixteen_hops(self):
        at = self.workspace({"f": {"handler": "app.f", "onSuccess": {"store": "in"}}},
                            "def f(event, context):\n    return event\n", ["in"],
                            {"again": {"kind": "file", "store": "in", "events": ["created"], "shape": "content",
                                       "function": "f"}})
        run = self.run_workspace(at)
        self.wait_until_watching(run, at, ["in"])
        write(os.path.join(at, "data", "in", "first.json"), "{}")
        run.wait_for_line(r"again is paused after a chain of 16 functions")
        _, summary = run.stop()
        self.assertEqual(summary["invocations"], 16, run.said)


if __name__ == "__main__":
    unittest.main()
