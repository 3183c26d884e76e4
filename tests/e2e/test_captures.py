#!/usr/bin/python3
"""What captures an SQLite table, over renamings, removals and readers that share a file: told, and nothing lost."""
import json
import os
import sqlite3
import time
import unittest

from changes_program import SqliteTest
from coldframe_program import wait_for


class CapturesTest(SqliteTest):
    def captured(self, *words):
        """What `capture --json` says of the first trigger that is meant."""
        done = self.coldframe("capture", self.at, *words, "--json")
        return done, json.loads(done.stdout)["captures"][0]

    def follow(self, table, *triggers):
        """The triggers name another table."""
        path = os.path.join(self.at, "coldframe.json")
        with open(path) as file:
            document = json.load(file)
        for name in triggers or document["triggers"]:
            document["triggers"][name]["table"] = table
        with open(path, "w") as file:
            json.dump(document, file)

    def ours(self):
        return [name for _, name, _ in self.schema() if name.startswith("_coldframe_")]

    def ids(self, function="t"):
        return [int(call[2]["id"]) for call in self.calls(function)]


class Renamed(CapturesTest):
    def test_a_table_renamed_while_running_is_told_and_still_read(self):
        self.made({"t": {}})
        self.database()
        self.install()
        run = self.run_workspace(self.at)
        self.write("INSERT INTO orders VALUES (1, 'tea', 0)")
        wait_for(lambda: self.ids() == [1], "the first")
        self.write("ALTER TABLE orders RENAME TO orders9", "INSERT INTO orders9 VALUES (2, 'tea', 0)")
        run.wait_for_line('the table was renamed to "orders9"')
        wait_for(lambda: self.ids() == [1, 2], "under the old name")
        run.stop()

    def test_installed_for_the_new_name_all_that_was_captured_comes_once(self):
        self.made({"t": {"startingPosition": "LATEST"}, "u": {}})
        self.database("INSERT INTO orders VALUES (1, 'before', 0)")
        self.install()
        self.idle()
        open(os.path.join(self.at, "poisoned"), "w").close()
        self.write("INSERT INTO orders VALUES (2, 'poison', 0)")
        self.write("INSERT INTO orders VALUES (3, 'tea', 0)")
        self.write("ALTER TABLE orders RENAME TO orders9", "INSERT INTO orders9 VALUES (4, 'tea', 0)")
        done, state = self.captured("t")
        self.assertEqual((done.returncode, state["state"]), (0, "renamed"))
        self.assertIn('renamed to "orders9"', state["reasons"][0])
        for trigger in ("t", "u"):
            refused = self.coldframe("capture", self.at, trigger, "--install", "--yes")
            self.assertEqual(refused.returncode, 2)
            self.assertIn('the table "orders" was renamed to "orders9"', refused.stderr)

        self.follow("orders9")
        _, said = self.idle()
        self.assertIn('was "orders" when its capture was installed', said)
        self.assertEqual((self.ids("t"), self.ids("u")), ([], []), "not before somebody agrees")
        _, state = self.captured("t")
        self.assertEqual((state["state"], state["waiting"]), ("renamed", 3))
        installed = self.coldframe("capture", self.at, "--install", stdin="y\n")
        self.assertEqual(installed.returncode, 0, installed.stderr)
        self.assertIn("is taken over with 3 changes in it", installed.stderr)
        os.remove(os.path.join(self.at, "poisoned"))
        self.write("INSERT INTO orders9 VALUES (5, 'tea', 0)")
        self.idle()
        self.assertEqual((self.ids("t"), self.ids("u")), ([2, 3, 4, 5], [2, 3, 4, 5]))
        self.assertEqual(self.waiting(), 0)

    def test_a_trigger_goes_on_where_it_was_under_the_old_name(self):
        self.made({"t": {}, "u": {"handler": "changes"}})
        self.database()
        self.install()
        self.write("INSERT INTO orders VALUES (1, 'tea', 0)")
        run = self.run_workspace(self.at)
        wait_for(lambda: self.ids("t") == self.ids("u") == [1], "both have the first")
        run.stop()
        self.disable("u")
        self.write("INSERT INTO orders VALUES (2, 'tea', 0)")
        self.idle()
        self.assertEqual((self.ids("t"), self.waiting()), ([1, 2], 1), "the log keeps it for the other")
        self.write("ALTER TABLE orders RENAME TO orders9")
        self.follow("orders9")
        self.install()
        self.idle()
        self.assertEqual(self.ids("t"), [1, 2], "nothing comes again")
        self.disable("u", False)
        self.idle()
        self.assertEqual((self.ids("t"), self.ids("u")), ([1, 2], [1, 2]))

    def disable(self, trigger, disabled=True):
        path = os.path.join(self.at, "coldframe.json")
        with open(path) as file:
            document = json.load(file)
        document["triggers"][trigger]["enabled"] = not disabled
        with open(path, "w") as file:
            json.dump(document, file)

    def test_removed_under_either_name_the_file_is_clean(self):
        self.made({"a": {"table": "a"}, "b": {"table": "b"}, "c": {"table": "c"}})
        self.database()
        for names in (["a"], ["b", "c", "a"], ["c", "b", "a"], []):
            for table in "abc":
                self.write("CREATE TABLE IF NOT EXISTS %s(id INTEGER PRIMARY KEY, n)" % table)
            before = [row for row in self.schema() if row[1] not in ("a", "b", "c")]
            self.install()
            self.write(*["INSERT INTO %s(n) VALUES (1)" % table for table in "abc"])
            self.write("ALTER TABLE a RENAME TO a2", "DROP TABLE b", "ALTER TABLE c RENAME TO b",
                       "INSERT INTO a2(n) VALUES (2)", "INSERT INTO b(n) VALUES (2)")
            if names == ["a"]:  # the one that is left is removed by the others' names
                removed = self.coldframe("capture", self.at, "a", "--remove", "--yes")
                self.assertEqual(removed.returncode, 0, removed.stderr)
                self.assertIn("_coldframe_insert_c", self.ours())
                self.assertNotIn("_coldframe_insert_a", self.ours())
                names = ["b"]
            for name in names:
                removed = self.coldframe("capture", self.at, name, "--remove", "--yes")
                self.assertEqual(removed.returncode, 0, removed.stderr)
            if not names:
                self.coldframe("capture", self.at, "--remove", "--yes")
            self.assertEqual(self.ours(), [], names)
            self.write("DROP TABLE a2", "DROP TABLE b")
            self.assertEqual(self.schema(), before)


class Readers(CapturesTest):
    def test_two_state_folders_of_one_workspace_do_not_share_changes(self):
        self.made({"t": {}})
        self.database()
        second = os.path.join(self.at, "..", "second-state")
        self.install()
        with sqlite3.connect(self.file) as shop:
            self.assertEqual(shop.execute("SELECT owner FROM _coldframe_captures").fetchone()[0], self.at,
                             "as it has always been")
        self.write("INSERT INTO orders VALUES (1, 'tea', 0), (2, 'tea', 0)")
        _, said = self.idle("--state", second)
        self.assertIn("captured for another reader", said)
        self.assertEqual(self.calls(), [])
        shown = self.coldframe("capture", self.at, "--state", second)
        self.assertIn("captured for another reader: this workspace without --state", shown.stdout)

        taken = self.coldframe("capture", self.at, "--state", second, "--install", "--yes", "--json")
        self.assertEqual(taken.returncode, 0, taken.stderr)
        self.assertIn('note: the changes were captured for "%s"' % self.at, taken.stderr)
        (told,) = json.loads(taken.stdout)["captures"]
        self.assertEqual((told["takenFrom"], told["done"], told["state"]), (self.at, "installed", "ready"))
        self.assertTrue(any("CREATE TRIGGER" in sql for sql in told["ran"]["statements"]))
        self.assertTrue(any(self.at in note for note in told["ran"]["warnings"]))
        self.assertEqual(told["owner"], "--state " + os.path.realpath(second))
        _, said = self.idle()
        self.assertIn("captured for another reader", said)
        self.assertEqual(self.calls(), [])
        self.idle("--state", os.path.realpath(second) + "/")
        self.assertEqual(self.ids(), [1, 2])

    def test_what_is_agreed_to_in_advance_is_shown_all_the_same(self):
        self.made({"t": {}})
        self.database()
        asked = self.coldframe("capture", self.at, "--install", stdin="n\n")
        installed = self.coldframe("capture", self.at, "--install", "--yes")
        self.assertEqual(installed.returncode, 0)
        self.assertEqual(installed.stderr, asked.stderr[:asked.stderr.index("Install this")], "as with the question")
        self.assertIn('CREATE TRIGGER "_coldframe_insert_orders"', installed.stderr)
        self.assertEqual(installed.stdout, "t: orders in data/shop.db: captured\n")
        self.write("INSERT INTO orders VALUES (1, 'tea', 0), (2, 'tea', 0)")
        _, state = self.captured()
        self.assertEqual(state["waiting"], 2)
        removed = self.coldframe("capture", self.at, "--remove", "--yes")
        self.assertIn('DROP TRIGGER "_coldframe_insert_orders"', removed.stderr)
        self.assertIn("note: 2 changes that nobody has read are lost", removed.stderr)

    def test_a_table_that_is_gone_cannot_be_installed_for(self):
        self.made({"t": {}})
        self.database()
        self.install()
        self.write("INSERT INTO orders VALUES (1, 'tea', 0)", "DROP TABLE orders")
        shown = self.coldframe("capture", self.at)
        self.assertIn('broken: there is no table "orders" in the database\n  note: create it', shown.stdout)
        refused = self.coldframe("capture", self.at, "--install", "--yes")
        self.assertEqual(refused.returncode, 2)
        self.assertIn('there is no table "orders" in the database', refused.stderr)
        self.idle()
        self.assertEqual(self.ids(), [1], "what was captured comes")
        self.assertEqual(self.coldframe("capture", self.at, "--remove", "--yes").returncode, 0)
        self.assertEqual(self.ours(), [])


class Events(CapturesTest):
    def test_the_stream_is_labelled_with_the_time_of_the_capture(self):
        self.made({"t": {"handler": "labels"}})
        self.database()
        begun = time.time()
        self.install()
        self.write("INSERT INTO orders VALUES (1, 'tea', 0)")
        self.idle()
        (arn,) = self.calls()
        head, label = arn.rsplit("/", 1)
        self.assertEqual(head, "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream")
        with sqlite3.connect(self.file) as shop:
            (since,) = shop.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', since) FROM _coldframe_captures").fetchone()
        self.assertEqual(label, since)
        self.assertGreaterEqual(label[:19], time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(begun)))
        self.write("ALTER TABLE orders ADD COLUMN price", "INSERT INTO orders VALUES (2, 'tea', 0, 1)")
        self.install()
        self.idle()
        self.assertEqual(self.calls(), [arn, arn], "a repaired capture is the same stream")

    def test_plain_rows_have_a_number_to_be_named_by(self):
        self.made({"t": {"handler": "named", "shape": "row", "reportBatchItemFailures": True,
                         "maximumRetryAttempts": 0}})
        self.database()
        self.install()
        self.write("INSERT INTO orders VALUES (1, 'tea', 0), (2, 'poison', 0), (3, 'milk', 0)")
        self.idle()
        numbers = [call[0] for call in self.calls()]
        self.assertEqual([call[1] for call in self.calls()][-1], "milk")
        self.assertEqual(sum(call[1] == "tea" for call in self.calls()), 1, "what came before the failure is done")
        self.assertEqual(numbers[:3], sorted(set(numbers[:3])))


if __name__ == "__main__":
    unittest.main()
