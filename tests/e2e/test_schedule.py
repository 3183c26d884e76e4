#!/usr/bin/python3
"""Schedules fire when the wall clock says so, in their own time zone."""
import datetime
import os
import unittest
import zoneinfo

from coldframe_program import LONG, ProgramTest, read_json, wait_for


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
            wait_for(lambda: os.listdir(folder), name + " fires\n" + run.said, 200)
            self.assertEqual(read_json(os.path.join(folder, os.listdir(folder)[0])), {"said": name})
        _, summary = run.stop()
        self.assertLessEqual(summary["events"], 3)


if __name__ == "__main__":
    unittest.main()
