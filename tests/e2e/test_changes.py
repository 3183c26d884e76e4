#!/usr/bin/python3
"""Changes of an SQLite table, which other processes write: consent, order, and nothing lost whatever happens."""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

from changes_program import TABLE, SqliteTest
from coldframe_program import LONG, wait_for

# A program of somebody else: rows, each updated so often, in transactions of its own.
WRITER = '''
import sqlite3, sys
shop = sqlite3.connect(sys.argv[1], timeout=30)
first, rows, updates = map(int, sys.argv[2:])
for n in range(updates + 1):
    for row in range(first, first + rows):
        if n == 0:
            shop.execute("INSERT INTO orders VALUES (?, 'tea', 0)", (row,))
        else:
            shop.execute("UPDATE orders SET n = ? WHERE id = ?", (n, row))
        shop.commit()
'''


class SqliteChanges(SqliteTest):
    def test_insert_update_delete_come_in_order_with_old_and_new(self):
        self.made({"t": {}, "u": {"handler": "rows", "shape": "row", "events": ["modify"]}})
        self.database()
        self.install()
        run = self.run_workspace(self.at)
        self.write("INSERT INTO orders VALUES (1, 'tea', 2), (2, 'milk', 1)")
        wait_for(lambda: len(self.calls()) == 2, "two changes")
        self.write("UPDATE orders SET n = 3 WHERE id = 1", "DELETE FROM orders WHERE id = 2",
                   "INSERT OR REPLACE INTO orders VALUES (1, 'coffee', 1)")
        tea, tea3 = {"id": "1", "item": "tea", "n": "2"}, {"id": "1", "item": "tea", "n": "3"}
        milk, coffee = {"id": "2", "item": "milk", "n": "1"}, {"id": "1", "item": "coffee", "n": "1"}
        wait_for(lambda: len(self.calls()) >= 5, "five changes")
        self.assertEqual(self.calls(), [["INSERT", None, tea], ["INSERT", None, milk], ["MODIFY", tea, tea3],
                                        ["REMOVE", milk, None], ["MODIFY", tea3, coffee]])
        wait_for(lambda: len(self.calls("u")) >= 2, "the other trigger, too")
        self.assertEqual([call[2]["item"] for call in self.calls("u")], ["tea", "coffee"])
        wait_for(lambda: self.waiting() == 0, "what is done is taken off the log")
        run.stop()
        self.assertEqual(self.idle()[0]["events"], 0, "nothing comes again")

    def test_nothing_is_in_the_file_before_somebody_agrees(self):
        self.made({"t": {}})
        self.database("CREATE TABLE others(a)", "CREATE TRIGGER mine AFTER INSERT ON others BEGIN SELECT 1; END")
        before = self.schema()
        with open(self.file, "rb") as file:
            untouched = file.read()
        shown = self.coldframe("capture", self.at)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("t: orders in data/shop.db: not captured", shown.stdout)
        self.assertIn('CREATE TRIGGER "_coldframe_insert_orders" AFTER INSERT ON "orders"', shown.stdout)
        for answer in ["n\n", "", "yeah\n"]:
            refused = self.coldframe("capture", self.at, "t", "--install", stdin=answer)
            self.assertEqual(refused.returncode, 1, refused.stderr)
            self.assertIn("[y/N] nothing was changed", refused.stderr)
        _, said = self.idle()
        self.assertIn("orders in data/shop.db: changes are not captured yet", said)
        with open(self.file, "rb") as file:
            self.assertEqual(file.read(), untouched)

        self.assertEqual(self.coldframe("capture", self.at, "--install", stdin="y\n").returncode, 0)
        self.assertNotEqual(self.schema(), before)
        again = self.coldframe("capture", self.at, "--install")
        self.assertEqual((again.returncode, again.stdout), (0, "t: orders in data/shop.db: captured\n"))
        removed = self.coldframe("capture", self.at, "--remove", stdin="y\n")
        self.assertEqual(removed.returncode, 0, removed.stderr)
        self.assertEqual(self.schema(), before)
        unknown = self.coldframe("capture", self.at, "x")
        self.assertEqual((unknown.returncode, unknown.stderr),
                         (2, "coldframe: there is no changes trigger \"x\"; did you mean \"t\"?\n"))

    def test_it_is_installed_and_removed_while_running(self):
        self.made({"t": {"startingPosition": "LATEST"}})
        self.database("INSERT INTO orders VALUES (1, 'before', 0)")
        run = self.run_workspace(self.at)
        run.wait_for_line("not captured yet")
        self.install()
        self.write("INSERT INTO orders VALUES (2, 'after', 0)")
        wait_for(lambda: self.calls(), "the change that followed")
        run.wait_for_line("changes are captured now")
        self.assertEqual(self.calls()[0][2]["item"], "after")
        self.assertEqual(self.coldframe("capture", self.at, "--remove", "--yes").returncode, 0)
        wait_for(lambda: run.said.count("not captured yet") == 2, "it is told again")
        self.install()
        self.write("INSERT INTO orders VALUES (3, 'anew', 0)")
        wait_for(lambda: len(self.calls()) == 2, "a log made anew is read")
        run.stop()

    def test_latest_leaves_out_what_was_there(self):
        self.made({"t": {"startingPosition": "LATEST"}, "u": {}})
        self.database()
        self.install()
        self.write("INSERT INTO orders VALUES (1, 'before', 0)")
        self.idle()
        self.assertEqual((len(self.calls()), len(self.calls("u"))), (0, 1))
        self.write("INSERT INTO orders VALUES (2, 'while nothing ran', 0)")
        self.idle()
        self.assertEqual((len(self.calls()), len(self.calls("u"))), (1, 2))

    def test_killed_at_any_moment_nothing_is_lost(self):
        seed = random.randrange(1 << 32)
        print("seed", seed, flush=True)
        draw = random.Random(seed)
        kills, rows, updates = (60, 40, 100) if LONG else (6, 12, 20)
        self.made({"t": {"batchSize": 7, "parallelizationFactor": 3}, "u": {"batchSize": 50}})
        self.database(mode="wal" if draw.random() < 0.5 else "delete")
        self.install()
        writers = [subprocess.Popen([sys.executable, "-c", WRITER, self.file, str(first), str(rows), str(updates)])
                   for first in (1, 1_001)]
        run = self.run_workspace(self.at)
        for _ in range(kills):
            seen = len(self.calls())
            wait_for(lambda: len(self.calls()) > seen or all(w.poll() is not None for w in writers), "progress")
            time.sleep(draw.uniform(0, 0.15))
            run.stop(signal.SIGKILL)
            run = self.run_workspace(self.at)
        for writer in writers:
            self.assertEqual(writer.wait(60), 0)
        run.stop(signal.SIGKILL)
        self.idle()
        expected = {str(first + row): updates for first in (1, 1_001) for row in range(rows)}
        for function in ("t", "u"):
            calls = self.calls(function)
            self.assertEqual(self.in_order_per_row(calls), expected)
            print("%s: %d calls twice" % (function, len(calls) - 2 * rows * (updates + 1)), flush=True)

    def test_a_blocked_trigger_keeps_its_changes_and_others_go_on(self):
        self.made({"t": {"batchSize": 2}, "u": {"batchSize": 5, "handler": "careless"}})
        self.database()
        self.install()
        open(os.path.join(self.at, "poisoned"), "w").close()
        self.write("INSERT INTO orders VALUES (1, 'poison', 0)")
        run = self.run_workspace(self.at)
        for first in range(2, 402, 100):
            self.write(*["INSERT INTO orders VALUES (%d, 'tea', 0)" % row for row in range(first, first + 100)])
        wait_for(lambda: len(self.calls("u")) == 401, "all for the one that works")
        self.assertEqual(self.calls(), [])
        self.assertEqual(self.waiting(), 401, "the log keeps them for the other")
        run.stop()
        os.remove(os.path.join(self.at, "poisoned"))
        _, said = self.idle()
        self.assertEqual([int(call[2]["id"]) for call in self.calls()], list(range(1, 402)), said)
        self.assertEqual(len(self.calls("u")), 401)

    def test_what_fails_for_good_goes_to_its_destination_as_the_platform_does_it(self):
        self.made({"t": {"handler": "partly", "reportBatchItemFailures": True, "maximumRetryAttempts": 0,
                         "bisectBatchOnFunctionError": True,
                         "filter": {"dynamodb": {"NewImage": {"n": {"N": ["0"]}}}}}})
        self.change_workspace(stores={"out": {"kind": "folder", "path": "data/out"}},
                              functions={"t": {"runtime": "python", "code": "code", "handler": "app.partly",
                                               "onFailure": {"store": "out"}}})
        self.database()
        self.install()
        self.write("INSERT INTO orders VALUES (1, 'tea', 0), (2, 'poison', 0), (3, 'tea', 0), (4, 'tea', 1)")
        summary, _ = self.idle()
        self.assertEqual(summary["filteredOut"], 1)
        self.assertEqual(len(self.calls()), 2)
        (file,) = os.listdir(os.path.join(self.at, "data", "out"))
        with open(os.path.join(self.at, "data", "out", file)) as record:
            kept = json.load(record)
        self.assertEqual(kept["requestContext"]["condition"], "RetryAttemptsExhausted")
        self.assertEqual(kept["DDBStreamBatchInfo"]["batchSize"], 1)
        self.assertIn("table/orders/stream/", kept["DDBStreamBatchInfo"]["streamArn"])


class Trouble(SqliteTest):
    def test_a_lock_of_seconds_a_file_that_goes_and_a_table_made_anew(self):
        self.made({"t": {}})
        self.database(mode="delete")
        self.install()
        run = self.run_workspace(self.at)
        self.write("INSERT INTO orders VALUES (1, 'tea', 0)")
        wait_for(lambda: len(self.calls()) == 1, "the first")
        locker = sqlite3.connect(self.file, isolation_level=None)
        locker.execute("BEGIN EXCLUSIVE")
        locker.execute("INSERT INTO orders VALUES (2, 'tea', 0)")
        run.wait_for_line("database is locked")
        locker.execute("COMMIT")
        locker.close()
        wait_for(lambda: len(self.calls()) == 2, "what was committed then")
        self.assertEqual(run.said.count("database is locked"), 1, "told once")

        os.rename(self.file, self.file + ".away")
        run.wait_for_line("the database file does not exist")
        os.rename(self.file + ".away", self.file)
        self.write("INSERT INTO orders VALUES (3, 'tea', 0)")
        wait_for(lambda: len(self.calls()) == 3, "the file is back")

        self.write("ALTER TABLE orders ADD COLUMN price")
        run.wait_for_line('column "price" is new and not captured')
        self.write("INSERT INTO orders VALUES (4, 'tea', 0, 5)")
        wait_for(lambda: len(self.calls()) == 4, "the other columns still come")
        self.install()
        self.write("INSERT INTO orders VALUES (5, 'tea', 0, 5)")
        wait_for(lambda: len(self.calls()) == 5, "repaired")
        self.assertEqual(self.calls()[4][2]["price"], "5")

        self.write("DROP TABLE orders", TABLE)
        run.wait_for_line("is missing: the table was dropped and created anew")
        state = json.loads(self.coldframe("capture", self.at, "--json").stdout)["captures"][0]
        self.assertEqual(state["state"], "broken")
        self.install()
        self.write("INSERT INTO orders VALUES (1, 'anew', 0)")
        wait_for(lambda: len(self.calls()) == 6, "captured again")
        run.stop()

    def test_a_database_put_back_from_a_copy_is_read_again(self):
        self.made({"t": {}})
        self.database(mode="delete")
        self.install()
        shutil.copy(self.file, self.file + ".copy")
        self.write("INSERT INTO orders VALUES (1, 'tea', 0), (2, 'tea', 0)")
        self.idle()
        os.rename(self.file + ".copy", self.file)
        self.write("INSERT INTO orders VALUES (1, 'coffee', 0)")
        _, said = self.idle()
        self.assertIn("put back from a copy", said)
        self.assertEqual([call[2]["item"] for call in self.calls()], ["tea", "tea", "coffee"])

    def test_another_workspace_must_take_the_place_of_the_first(self):
        self.made({"t": {}})
        self.database()
        self.install()
        copy = self.at + "-copy"
        shutil.copytree(self.at, copy)
        self.file = os.path.join(copy, "data", "shop.db")
        self.write("INSERT INTO orders VALUES (1, 'tea', 0)")
        self.at = copy
        _, said = self.idle()
        self.assertIn("captured for", said)
        self.assertEqual(self.calls(), [])
        self.install()
        self.idle()
        self.assertEqual(len(self.calls()), 1)


if __name__ == "__main__":
    unittest.main()
