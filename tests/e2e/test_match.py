#!/usr/bin/python3
"""Event patterns: the command that explains them, and triggers that filter by them."""
import json
import os
import unittest

from coldframe_program import ProgramTest, read_json, wait_for, write

SUPPLIED = {"source": "aws.s3", "detail": {"bucket": {"name": "in"}, "object": {"key": "a.txt", "size": 12}}}


class Match(ProgramTest):
    def file(self, name, content):
        path = os.path.join(self.folder, name)
        write(path, content if isinstance(content, str) else json.dumps(content))
        return path

    def match(self, pattern, event, *options, stdin=""):
        done = self.coldframe("match", pattern, event, *options, stdin=stdin)
        return done.returncode, done.stdout, done.stderr

    def test_what_matches_and_what_decides_against_it(self):
        event = self.file("event.json", SUPPLIED)
        for pattern, code, said in [
                ({"source": ["aws.s3"], "detail": {"object": {"size": [{"numeric": ["<", 100]}]}}}, 0, "match\n"),
                ({"source": ["aws.ec2", "aws.ecs"]}, 1,
                 'no match: source: "aws.s3" is not one of "aws.ec2" and "aws.ecs"\n'),
                ({"source": ["aws.s3"], "detail": {"object": {"key": [{"suffix": ".png"}]}}}, 1,
                 'no match: detail.object.key: "a.txt" does not end with ".png"\n'),
                ({"detail": {"objekt": {"key": ["a.txt"]}}}, 1,
                 'no match: detail.objekt.key: the event has no such field; it has "object"\n'),
                ([{"source": ["aws.ec2"]}, {"detail": {"bucket": {"name": ["in"]}}}], 0, "match\n"),
                ({"filters": [{"pattern": {"source": ["aws.ec2"]}}, {"pattern": {"source": ["aws.ecs"]}}]}, 1,
                 'no match: source: "aws.s3" is not "aws.ec2"; none of the 2 patterns matches\n')]:
            with self.subTest(pattern):
                self.assertEqual(self.match(self.file("pattern.json", pattern), event), (code, said, ""))

    def test_json(self):
        event = self.file("event.json", SUPPLIED)
        code, out, _ = self.match(self.file("p.json", {"source": ["aws.s3"]}), event, "--json")
        self.assertEqual((code, json.loads(out)), (0, {"matches": True}))
        code, out, _ = self.match(self.file("p.json", {"detail": {"object": {"size": [5]}}}), event, "--json")
        self.assertEqual((code, json.loads(out)), (1, {
            "matches": False, "field": "detail.object.size", "pointer": "/detail/object/size",
            "reason": "12 is not 5"}))

    def test_standard_input_is_either(self):
        event, pattern = self.file("e.json", SUPPLIED), self.file("p.json", {"source": ["aws.s3"]})
        self.assertEqual(self.match(pattern, "-", stdin=json.dumps(SUPPLIED))[0], 0)
        self.assertEqual(self.match("-", event, stdin='{"source": ["x"]}')[0], 1)
        code, out, said = self.match("-", "-", stdin="{}")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("pattern and event cannot both come from standard input", said)

    def test_what_is_wrong_is_told_with_its_place(self):
        event, pattern = self.file("e.json", SUPPLIED), self.file("p.json", {"source": ["aws.s3"]})
        bad = self.file("bad.json", '{\n  "source": "aws.s3",\n  "detail": {"size": [{"NUMERIC": ["=", 5]}]}\n}')
        code, out, said = self.match(bad, event)
        self.assertEqual((code, out), (2, ""))
        self.assertEqual(said.splitlines(), [
            'coldframe: ' + bad + ':2:13: /source: Event pattern is not valid. Reason: "source" must be an object or an array; put it '
            'in brackets: "source": ["aws.s3"]',
            'coldframe: ' + bad + ':3:24: /detail/size/0/NUMERIC: Event pattern is not valid. Reason: Unrecognized match type NUMERIC; '
            'did you mean "numeric"?'])
        for text, words in [('{"a": }', "bad-event.json:1:7:"), ("[1]", "an event is an object, this is an array"),
                            ("", "the file is empty")]:
            with self.subTest(text):
                code, out, said = self.match(pattern, self.file("bad-event.json", text))
                self.assertEqual((code, out), (2, ""))
                self.assertIn(words, said)
        self.assertEqual(self.match(os.path.join(self.folder, "none"), event)[0], 2)
        self.assertEqual(self.coldframe("match", pattern).returncode, 2)


ECHO = "def f(event, context):\n    return event\n"


class Filters(ProgramTest):
    def filtering(self, *filters, **trigger):
        return self.workspace(
            {"f": {"handler": "app.f", "onSuccess": {"store": "out"}}}, ECHO, ["in", "out"],
            {"t%d" % i: {"kind": "file", "store": "in", "function": "f", "shape": "eventbridge", "filter": wanted, **trigger}
             for i, wanted in enumerate(filters)})

    def results(self, at):
        return [read_json(os.path.join(folder, name))
                for folder, _, names in os.walk(os.path.join(at, "data", "out")) for name in sorted(names)
                if not name.startswith(".")]

    def test_only_files_that_match_are_processed(self):
        at = self.filtering({"detail": {"object": {"key": [{"wildcard": "photos/*.png"}], "size": [{"numeric": [">", 4]}]}}})
        run = self.run_workspace(at)
        self.wait_until_watching(run, at, ["in"])
        for name, content in [("photos/small.png", "1234"), ("photos/note.txt", "12345"), ("a.png", "12345"),
                              ("photos/large.png", "12345")]:
            write(os.path.join(at, "data", "in", name), content)
        wait_for(lambda: self.results(at), "a result\n" + run.said)
        run.wait_for_line(r"t0: its filter leaves out \S+: detail\.object\.")
        code, summary = run.stop()
        self.assertEqual(code, 0, run.said)
        self.assertEqual((summary["events"], summary["succeeded"]), (1, 1), run.said)
        self.assertEqual([result["detail"]["object"]["key"] for result in self.results(at)], ["photos/large.png"])

    def test_backfill_until_idle_counts_what_is_left_out(self):
        at = self.filtering([{"detail": {"object": {"key": ["1", "2"]}}}, {"detail": {"object": {"size": [3]}}}])
        for i in range(1, 8):
            write(os.path.join(at, "data", "in", str(i)), "x" * i)
        run = self.run_workspace(at, "--until-idle", "--backfill", "t0")
        code, summary = run.wait()
        self.assertEqual(code, 0, run.said)
        self.assertEqual((summary["events"], summary["succeeded"], summary["filteredOut"]), (3, 3, 4), run.said)
        self.assertEqual(run.said.count("its filter leaves out"), 1, run.said)
        self.assertEqual(sorted(result["detail"]["object"]["key"] for result in self.results(at)), ["1", "2", "3"])

    def test_a_day_of_a_schedule_in_seconds(self):
        at = self.workspace(
            {"f": {"handler": "app.f", "onSuccess": {"store": "out"}}}, ECHO, ["out"],
            {"hourly": {"kind": "schedule", "function": "f", "expression": "cron(0 * * * ? *)",
                        "filter": {"time": [{"wildcard": "*T0*"}]}}})
        code, summary = self.run_workspace(at, "--skip-idle", "--for", "24h", "--from", "2026-03-04T00:00:01Z").wait()
        self.assertEqual(code, 0)
        # 01:00 to 09:00 pass, and midnight; 10:00 to 23:00 do not.
        self.assertEqual((summary["events"], summary["succeeded"], summary["filteredOut"]), (10, 10, 14))

    def test_a_new_filter_takes_effect_while_it_runs(self):
        at = self.filtering({"detail": {"object": {"key": ["a"]}}})
        run = self.run_workspace(at)
        self.wait_until_watching(run, at, ["in"])
        path = os.path.join(at, "coldframe.json")
        document = read_json(path)
        document["triggers"]["t0"]["filter"] = {"detail": {"object": {"key": ["b"]}}}
        write(path, json.dumps(document))
        # Until the new one is in force, files of the name "b" are left out: drop them again.
        def taken():
            write(os.path.join(at, "data", "in", "b"), "x")
            return self.results(at)
        wait_for(taken, "the new filter lets b through\n" + run.said)
        code, summary = run.stop()
        self.assertEqual(code, 0, run.said)
        self.assertEqual({result["detail"]["object"]["key"] for result in self.results(at)}, {"b"})
        self.assertIn("filteredOut", summary)

    def test_what_is_wrong_is_told_with_its_place_and_nothing_runs(self):
        at = self.filtering({"detail": {"object": {"key": [{"suffix": 5}]}}})
        done = self.coldframe("validate", at)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stdout, r"coldframe\.json:\d+:\d+: /triggers/t0/filter/detail/object/key/0/suffix: Event "
                                      r"pattern is not valid\. Reason: suffix match pattern must be a string; write")
        code, summary = self.run_workspace(at, "--until-idle").wait()
        self.assertEqual((code, summary), (2, None))


if __name__ == "__main__":
    unittest.main()
