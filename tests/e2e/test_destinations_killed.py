#!/usr/bin/python3
"""Nothing of what is stored is lost or torn when the program is killed."""
import contextlib
import glob
import os
import random
import signal
import sqlite3
import time
import unittest

from coldframe_program import wait_for
from destinations_program import ORDERS, Destinations


class Killed(Destinations):
    """SIGKILL at seeded moments. COLDFRAME_SEED repeats a run that failed."""
    EVENTS = 500
    KILLS = 5

    def kill_and_finish(self, stored):
        seed = int(os.environ.get("COLDFRAME_SEED") or random.randrange(1 << 31))
        print("COLDFRAME_SEED=%d" % seed)
        chance = random.Random(seed)
        self.drop(range(self.EVENTS), padding=100_000)
        removed = kills = 0
        for kill in range(self.KILLS):
            run = self.run_workspace(self.at, "--no-record", *(["--backfill", "in"] if kill == 0 else []))
            wanted = min(self.EVENTS - 20, (kill + 1) * self.EVENTS // (self.KILLS + 1) + chance.randrange(40))
            wait_for(lambda: stored() >= wanted or run.process.poll() is not None, "%d are stored" % wanted)
            time.sleep(chance.random() * 0.01)  # not at the moment that was just seen
            self.assertIsNone(run.process.poll(), run.said)
            run.process.send_signal(signal.SIGKILL)
            run.process.wait()
            kills += 1
            run.discard()
            removed += run.said.count("a torn line of")
        run = self.run_workspace(self.at, "--no-record", "--until-idle")
        code, _ = run.wait()
        self.assertEqual(code, 0, run.said)
        print("%d kills, %d stored, %d torn lines repaired" % (
            kills, stored(), removed + run.said.count("a torn line of")))

    def test_lines(self):
        self.make({"store": "out", "key": "{minute}.jsonl", "append": True, "rotateMb": 2})

        def stored():
            count = 0
            for path in glob.glob(os.path.join(self.at, "data", "out", "*.jsonl")):
                try:
                    with open(path, "rb") as file:
                        count += file.read().count(b"\n")
                except FileNotFoundError:  # it was rotated meanwhile
                    return 0
            return count
        self.kill_and_finish(stored)
        found = self.lines()
        self.assertEqual({line["id"] for line in found}, set(range(self.EVENTS)))
        self.assertTrue(all(len(line["padding"]) == 100_000 for line in found))
        self.assertLess(len(found), self.EVENTS * 1.5, "most are stored once")

    def test_rows(self):
        """By key each is there once, however often it was delivered."""
        self.make({"store": "orders", "table": "totals", "create": True, "key": ["id"],
                   "columns": {"id": "payload.id", "request": "requestId", "padding": "payload.padding"}},
                  more_stores=ORDERS)
        path = os.path.join(self.at, "data", "orders.db")

        def ask(sql):
            with contextlib.closing(sqlite3.connect(path, timeout=10)) as database:
                return database.execute(sql).fetchall()

        def stored():
            try:
                return ask("SELECT count(*) FROM totals")[0][0] if os.path.exists(path) else 0
            except sqlite3.OperationalError:  # no table yet
                return 0
        self.kill_and_finish(stored)
        self.assertEqual(ask("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual([row for row, in ask("SELECT id FROM totals ORDER BY id")], list(range(self.EVENTS)))
        self.assertEqual(ask("SELECT count(DISTINCT request) FROM totals"), [(self.EVENTS,)])
        self.assertEqual(ask("SELECT DISTINCT length(padding) FROM totals"), [(100_000,)])


if __name__ == "__main__":
    unittest.main()
