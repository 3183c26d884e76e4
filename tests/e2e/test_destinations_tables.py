#!/usr/bin/python3
"""Results as rows of tables."""
import contextlib
import json
import os
import re
import shutil
import sqlite3
import unittest

from coldframe_program import journaled, wait_for, write
from destinations_program import DROP, ORDERS, Destinations
from small_disk import SmallDisk


class Table(Destinations):
    TOTALS = {"store": "orders", "table": "totals", "columns": {"id": "payload.id", "total": "payload.total"},
              "key": ["id"], "create": True}

    def ask(self, sql):
        with contextlib.closing(sqlite3.connect(os.path.join(self.at, "data", "orders.db"))) as database:
            return database.execute(sql).fetchall()

    def test_rows_by_key_of_results_and_of_lists(self):
        self.make(self.TOTALS, more_stores=ORDERS)
        for _ in range(2):  # a result that comes again replaces its row
            run, code, _ = self.process([1, 2])
            self.assertEqual(code, 0, run.said)
        self.assertEqual(self.ask("SELECT id, total FROM totals ORDER BY id"), [(1, 1.5), (2, 3.0)])
        self.change(lambda document: document["functions"]["f"].update(
            handler="app.rows", onSuccess={"store": "orders", "table": "lines", "create": True,
                                           "columns": {"request": "requestId", "n": "index", "sku": "payload.sku"},
                                           "key": ["request", "n"]}))
        run, code, _ = self.process([3], rows=[{"sku": "a"}, {"sku": "b"}, {}])
        self.assertEqual(code, 0, run.said)
        self.assertIn(("b",), self.ask("SELECT sku FROM lines WHERE n = 1"))

    def test_one_json_column_and_the_path_in_the_environment(self):
        self.make({"store": "orders", "table": "results", "create": True}, handler="app.where",
                  more_stores=ORDERS)
        write(os.path.join(self.at, "code", "app.py"),
              "import os\ndef where(event, context):\n    return {'file': os.environ['COLDFRAME_STORE_ORDERS']}\n")
        run, code, _ = self.process([1])
        self.assertEqual(code, 0, run.said)
        self.assertEqual(json.loads(self.ask("SELECT json FROM results")[0][0]),
                         {"file": os.path.join(self.at, "data", "orders.db")})

    def test_a_locked_database_is_waited_for(self):
        self.make(self.TOTALS, more_stores=ORDERS)
        other = sqlite3.connect(os.path.join(self.at, "data", "orders.db"), isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN EXCLUSIVE")
        self.drop(range(10))
        run = self.run_workspace(self.at, "--backfill", "in")
        run.wait_for_line(r'(?m)^error: .*/data/orders\.db: table "totals": database is locked; another program keeps it '
                          r"locked: end its transaction; results wait until then$")
        wait_for(lambda: journaled(os.path.join(self.at, ".coldframe")) == 10, "all wait in the journal")
        other.execute("COMMIT")
        run.wait_for_line(r"orders: results are stored again")
        wait_for(lambda: journaled(os.path.join(self.at, ".coldframe")) == 0, "the journal is empty")
        self.assertEqual(self.ask("SELECT count(*) FROM totals"), [(10,)])
        run.stop()
        self.assertEqual(run.said.count("database is locked"), 1, run.said)

    def test_a_wrong_table_waits_until_it_is_put_right(self):
        self.make({**self.TOTALS, "create": False}, more_stores=ORDERS)
        with contextlib.closing(sqlite3.connect(os.path.join(self.at, "data", "orders.db"))) as other:
            other.execute("CREATE TABLE totals(id INTEGER PRIMARY KEY)")
            self.drop([1])
            run = self.run_workspace(self.at, "--backfill", "in")
            run.wait_for_line(r'table "totals": table totals has no column named total; add it with ALTER TABLE "totals" '
                              r'ADD COLUMN')
            other.execute("ALTER TABLE totals ADD COLUMN total")
        run.wait_for_line(r"orders: results are stored again")
        self.assertEqual(self.ask("SELECT id, total FROM totals"), [(1, 1.5)])
        run.stop()

    def test_a_destination_that_is_corrected_is_taken_at_the_next_try(self):
        self.make({**self.TOTALS, "create": False}, more_stores=ORDERS)
        self.drop([1])
        run = self.run_workspace(self.at, "--backfill", "in")
        run.wait_for_line(r'table "totals": unable to open database file; make the database, or add "create": true')
        self.change(lambda document: document["functions"]["f"]["onSuccess"].update(create=True))
        run.wait_for_line(r"orders: results are stored again")
        self.assertEqual(self.ask("SELECT id, total FROM totals"), [(1, 1.5)])
        run.stop()

    def test_a_full_disk_is_waited_for(self):
        disk = SmallDisk(os.path.join(self.folder, "disk"), "1m")
        self.addCleanup(disk.close)
        self.make({**self.TOTALS, "columns": {"id": "payload.id", "padding": "payload.padding"}},
                  more_stores={"orders": {"kind": "sqlite", "path": os.path.join(disk.folder, "orders.db")},
                               "lines": {"kind": "folder", "path": os.path.join(disk.folder, "lines")}})
        self.change(lambda document: (
            document["functions"].update(g={**document["functions"]["f"], "onSuccess": {
                "store": "lines", "key": "all.jsonl", "append": True}}),
            document["triggers"].update(other={**DROP, "function": "g"})))
        self.drop(range(10), padding=200_000)
        run = self.run_workspace(self.at, "--backfill", "in", "--backfill", "other", before=disk.before)
        run.wait_for_line(r'/orders\.db: table "totals": database or disk is full; free some space there; results wait')
        run.wait_for_line(r"/lines/all\.jsonl: cannot append to the file: No space left on device; free some space there")
        disk.resize("20m")
        run.wait_for_line(r"orders: results are stored again")
        run.wait_for_line(r"lines: results are stored again")
        wait_for(lambda: journaled(os.path.join(self.at, ".coldframe")) == 0, "the journal is empty")
        with open(os.path.join(disk.seen, "lines", "all.jsonl")) as file:
            self.assertEqual(sorted(json.loads(line)["id"] for line in file), list(range(10)))
        shutil.copy(os.path.join(disk.seen, "orders.db"), os.path.join(self.at, "data", "orders.db"))
        self.assertEqual(self.ask("SELECT count(*), min(length(padding)) FROM totals"), [(10, 200_000)])
        run.stop()

    def test_a_test_works_on_a_copy(self):
        self.make({"store": "out"}, handler="app.add", more_stores=ORDERS)
        write(os.path.join(self.at, "code", "app.py"),
              "import os, sqlite3\n"
              "def add(event, context):\n"
              "    with sqlite3.connect(os.environ['COLDFRAME_STORE_ORDERS']) as orders:\n"
              "        orders.execute('INSERT INTO totals VALUES (2)')\n"
              "        return orders.execute('SELECT count(*) FROM totals').fetchone()[0]\n")
        with contextlib.closing(sqlite3.connect(os.path.join(self.at, "data", "orders.db"))) as other:
            other.executescript("PRAGMA journal_mode=WAL; CREATE TABLE totals(id); INSERT INTO totals VALUES (1)")
            write(os.path.join(self.at, "events", "add.json"), "{}")
            write(os.path.join(self.at, "events", "add.expect.json"),
                  json.dumps({"function": "f", "result": 2}))
            said = self.coldframe("test", self.at)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        self.assertEqual(self.ask("SELECT id FROM totals"), [(1,)])

    def test_a_row_that_does_not_fit_is_kept_beside(self):
        self.make({**self.TOTALS, "columns": {"id": "payload.nothing"}}, more_stores=ORDERS)
        run, code, _ = self.process([1])
        self.assertEqual(code, 0, run.said)
        told = re.search(r'(?m)^error: table "totals": row 1 has no payload\.nothing, which the key column "id" needs '
                         r"\(request ([0-9a-f-]{36}) of f\); let the function return it, or choose another key; the "
                         r"record is kept in (.*)$", run.said)
        self.assertTrue(told, run.said)
        self.assertEqual(told.group(2), os.path.join(self.at, ".coldframe", "undelivered", "f-%s.json" % told.group(1)))
        with open(told.group(2)) as file:
            self.assertEqual(json.load(file)["responsePayload"]["total"], 1.5)
        self.assertEqual(journaled(os.path.join(self.at, ".coldframe")), 0)


if __name__ == "__main__":
    unittest.main()
