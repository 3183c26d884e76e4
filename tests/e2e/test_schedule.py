#!/usr/bin/python3
"""Schedules fire when the wall clock says so, in their own time zone."""
import datetime
import os
import signal
import subprocess
import unittest
import zoneinfo

from coldframe_program import LONG, ProgramTest, objects, read_json, wait_for, write


class Schedule(ProgramTest):
    @unittest.skipUnless(LONG, "not run: takes a minute; ./test --long")
    def test_cron_in_a_time_zone_of_half_hours_and_rate(self):
        zone = "Asia/Kolkata"
        due = datetime.datetime.now(zoneinfo.ZoneInfo(zone)) + datetime.timedelta(seconds=75)
        at = self.workspace(
            {name: {"handler": "app.f", "onSuccess": {"store": name}} for name in ("cron", "rate")},
            "def f(event, context):\n    return event\n", ["cron", "rate"],
            {"at": {"kind": "schedule", "function": "cron", "timezone": zone, "event": {"said": "cron"},
                    "expression": "cron(%d %d * * ? *)" % (due.minute, due.hour)},
             "every": {"kind": "schedule", "function": "rate", "event": {"said": "rate"},
                       "expression": "rate(1 minute)"}})
        run = self.run_workspace(at)
        for name in ("cron", "rate"):
            folder = os.path.join(at, "data", name)
            wait_for(lambda: objects(folder), name + " fires\n" + run.said, 200)
            self.assertEqual(read_json(os.path.join(folder, objects(folder)[0])), {"said": name})
        _, summary = run.stop()
        self.assertLessEqual(summary["events"], 3)


BROKEN = """
import datetime
from app_log import note

def f(event, context):
    note(event["time"], context.get_remaining_time_in_millis())
    raise ValueError("it always does")

def g(event, context):
    return event
"""
NOTES = """
import os
def note(*what):
    with open(os.path.join(os.path.dirname(__file__), "notes"), "a") as file:
        print(*what, file=file)
"""


class SkipIdle(ProgramTest):
    """Functions run for real; the time between them does not pass."""

    def setUp(self):
        super().setUp()
        self.at = self.workspace(
            {"f": {"handler": "app.f", "timeoutMs": 30_000, "onFailure": {"store": "dead"}}},
            BROKEN, ["dead"],
            {"often": {"kind": "schedule", "function": "f", "expression": "rate(15 minutes)"}})
        write(os.path.join(self.at, "code", "app_log.py"), NOTES)

    def recording(self):
        folder = os.path.join(self.at, ".coldframe", "recordings")
        return os.path.join(folder, sorted(objects(folder))[-1])

    def assert_replays_equal(self):
        check = subprocess.run([os.environ["COLDFRAME_REPLAY_CHECK"], self.recording()], capture_output=True, text=True)
        self.assertEqual(check.returncode, 0, check.stdout + check.stderr)
        self.assertIn(", complete", check.stdout)

    def test_a_day_of_a_function_that_fails(self):
        run = self.run_workspace(self.at, "--skip-idle", "--for", "24h")
        code, summary = run.wait()
        self.assertEqual(code, 0, run.said)
        # From minute 15 to minute 1425; each kept for 7 minutes at most after its last retry.
        counts = {key: summary[key] for key in ("events", "invocations", "failed", "throttled", "coldStarts")}
        self.assertEqual(counts, {"events": 95, "invocations": 95, "failed": 95, "throttled": 0, "coldStarts": 95})
        self.assertEqual(summary["livedS"], 86_400)
        self.assertLess(summary["functionsS"], summary["tookS"])
        self.assertGreaterEqual(summary["skippedS"], 86_400 - summary["tookS"])
        self.assertEqual(len(objects(os.path.join(self.at, "data", "dead"))), 95)
        with open(os.path.join(self.at, "code", "notes")) as file:
            notes = [line.split() for line in file]
        self.assertEqual(len(notes), 3 * 95)
        times = [datetime.datetime.fromisoformat(time.rstrip("Z")) for time, _ in notes]
        self.assertEqual(times[-1] - times[0], datetime.timedelta(minutes=94 * 15))
        left = [int(ms) for _, ms in notes]
        self.assertTrue(all(5_000 < ms <= 30_000 for ms in left), "by the process's own clock: %s" % left)
        self.assert_replays_equal()

    def test_what_comes_from_outside_is_refused(self):
        outside = self.workspace({"f": {"handler": "app.f"}}, BROKEN, ["in"],
                                 {"drop": {"kind": "file", "store": "in", "events": ["created"], "function": "f"}},
                                 name="outside")
        file = os.path.join(outside, "coldframe.json")
        for at, options, said in (
                (outside, ("--for", "1h"),
                 "%s: idle time cannot be skipped: trigger drop waits for files in store in, and those come by the "
                 "clock on the wall; process the files that are there with --backfill drop, or set "
                 '"enabled": false in the trigger, or run without --skip-idle\n' % file),
                (self.at, ("--for", "1h", "--serve", "0"),
                 "--skip-idle does not go with --serve: callers from outside go by the clock on the wall; "
                 "leave one of the two out\n"),
                (self.at, ("--for", "1h", "--serve-s3", "0"),
                 "--skip-idle does not go with --serve-s3: callers from outside go by the clock on the wall; "
                 "leave one of the two out\n"),
                (self.at, (),
                 "--skip-idle needs an end: without waiting, years pass in minutes; "
                 "add --for 24h, or --until-idle\n")):
            with self.subTest(options=options):
                done = self.coldframe("run", at, "--skip-idle", *options)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (2, "", "coldframe: " + said))

    def test_interrupted_it_ends_and_leaves_a_whole_recording(self):
        run = self.run_workspace(self.at, "--skip-idle", "--for", "1000h")
        wait_for(lambda: len(objects(os.path.join(self.at, "data", "dead"))) > 2, "some have failed for good")
        code, summary = run.stop(signal.SIGINT)
        self.assertEqual(code, 0, run.said)
        self.assertGreater(summary["events"], 2)
        self.assertLess(summary["livedS"], 3_600_000)
        self.assert_replays_equal()
        self.assertFalse(os.path.exists(os.path.join(self.at, ".coldframe", "skipped.db")))

    def test_the_day_the_clocks_change(self):
        """Paris has no 02:30 on 2026-03-29; 03:15 there is 01:15 in UTC, an hour earlier than the day before."""
        at = self.workspace({"g": {"handler": "app.g", "onSuccess": {"store": "out"}}}, BROKEN, ["out"],
                            {"early": {"kind": "schedule", "function": "g", "timezone": "Europe/Paris",
                                       "expression": "cron(15 3 * * ? *)"}}, name="clocks")
        write(os.path.join(at, "code", "app_log.py"), NOTES)
        code, summary = self.run_workspace(at, "--skip-idle", "--for", "48h", "--from", "2026-03-28T00:00:00Z").wait()
        self.assertEqual((code, summary["events"], summary["coldStarts"], summary["livedS"]), (0, 2, 2, 172_800))
        out = os.path.join(at, "data", "out")
        self.assertEqual(sorted(read_json(os.path.join(out, name))["time"] for name in objects(out)),
                         ["2026-03-28T02:15:00Z", "2026-03-29T01:15:00Z"])

    def test_files_that_are_there_and_their_retries(self):
        at = self.example("uppercase")
        write(os.path.join(at, "data", "uploads", "one.json"), '{"body": {"name": "ada"}}')
        run = self.run_workspace(at, "--skip-idle", "--for", "24h", "--backfill", "on-upload")
        code, summary = run.wait()
        self.assertEqual((code, summary["events"], summary["succeeded"]), (0, 2, 2), run.said)
        self.assertLess(summary["tookS"], 60)


if __name__ == "__main__":
    unittest.main()
