#!/usr/bin/python3
"""Changes of a PostgreSQL table, from a real server: order, restarts of either side, passwords, removal."""
import os
import random
import signal
import time
import unittest

from changes_program import ChangesTest
from coldframe_program import wait_for, write
from postgres_server import PASSWORD, PostgresServer


def setUpModule():
    global server
    server = PostgresServer()
    unittest.addModuleCleanup(server.remove)


class PostgresChanges(ChangesTest):
    def setUp(self):
        super().setUp()
        self.STORE = {"kind": "postgres", "connection": "host=127.0.0.1 port=%d user=postgres dbname=postgres "
                      "password='${env:SHOP_PASSWORD}'" % server.port}
        server.sql("DROP TABLE IF EXISTS orders",
                   "CREATE TABLE orders(id int PRIMARY KEY, item text, n int)")
        self.addCleanup(lambda: self.coldframe("capture", self.at, "--remove", "--yes"))

    def made(self, triggers, **settings):
        super().made(triggers, **settings)
        self.secret(PASSWORD)

    def secret(self, password):
        write(os.path.join(self.at, "secrets.env"), "SHOP_PASSWORD='%s'\n" % password)

    def installed(self):
        return server.sql("SELECT (SELECT count(*) FROM pg_replication_slots) + (SELECT count(*) FROM pg_publication)"
                          " || ' ' || relreplident::text FROM pg_class WHERE relname = 'orders'")

    def test_changes_come_in_order_and_removal_leaves_nothing(self):
        self.made({"t": {}, "u": {"handler": "rows", "shape": "row", "table": "public.orders"}})
        self.assertEqual(self.installed(), "0 d")
        refused = self.coldframe("capture", self.at, "--install", stdin="n\nn\n")
        self.assertEqual(refused.returncode, 1, refused.stderr)
        self.assertIn('CREATE PUBLICATION "coldframe_orders_', refused.stderr)
        self.assertNotIn(PASSWORD, refused.stdout + refused.stderr)
        self.assertEqual(self.installed(), "0 d")
        self.install("t")
        self.assertEqual(self.installed(), "2 f")
        run = self.run_workspace(self.at)
        run.wait_for_line("changes are not captured yet")
        self.install("u")
        server.sql("INSERT INTO orders VALUES (1, 'tea', 2), (2, 'milk', 1)", "UPDATE orders SET n = 3 WHERE id = 1",
                   "DELETE FROM orders WHERE id = 2")
        wait_for(lambda: len(self.calls()) == 4, "four changes")
        tea, tea3, milk = ({"id": "1", "item": "tea", "n": "2"}, {"id": "1", "item": "tea", "n": "3"},
                           {"id": "2", "item": "milk", "n": "1"})
        self.assertEqual(self.calls(), [["INSERT", None, tea], ["INSERT", None, milk], ["MODIFY", tea, tea3],
                                        ["REMOVE", milk, None]])
        wait_for(lambda: len(self.calls("u")) == 4, "the other trigger's")
        self.assertEqual(self.calls("u")[3], ["remove", {"id": 2, "item": "milk", "n": 1}, None])
        run.stop()
        self.assertEqual(self.idle()[0]["events"], 0, "nothing comes again")
        for trigger, left in (("t", "2 f"), ("u", "0 d")):
            removed = self.coldframe("capture", self.at, trigger, "--remove", "--yes")
            self.assertEqual(removed.returncode, 0, removed.stderr)
            self.assertEqual(self.installed(), left, "the old row is told as long as somebody wants it")

    def test_what_the_server_keeps_goes_once_it_is_done(self):
        self.made({"t": {}})
        self.install()
        run = self.run_workspace(self.at)
        server.sql("INSERT INTO orders VALUES (1, 'tea', 0)")
        wait_for(self.calls, "the change")
        end = server.sql("SELECT pg_current_wal_flush_lsn()")
        wait_for(lambda: server.sql("SELECT confirmed_flush_lsn >= '%s' FROM pg_replication_slots" % end) == "t",
                 "the slot moves past it")
        run.stop()

    def test_the_server_restarts_and_the_program_is_killed(self):
        seed = random.randrange(1 << 32)
        print("seed", seed, flush=True)
        draw = random.Random(seed)
        rows, updates = 10, 15
        self.made({"t": {"batchSize": 7, "parallelizationFactor": 2}})
        self.install()
        run = self.run_workspace(self.at)
        for n in range(updates + 1):
            server.sql(*("INSERT INTO orders VALUES (%d, 'tea', 0)" % row if n == 0
                         else "UPDATE orders SET n = %d WHERE id = %d" % (n, row) for row in range(rows)))
            if n in (4, 8):
                server.stop(draw.choice([signal.SIGINT, signal.SIGQUIT]))
                if n == 8:
                    run.wait_for_line("cannot connect")
                server.start()
            if n in (6, 11):
                time.sleep(draw.uniform(0, 0.1))
                run.stop(signal.SIGKILL)
                run = self.run_workspace(self.at)
        run.stop(signal.SIGKILL)
        self.idle()
        self.assertEqual(self.in_order_per_row(self.calls()), {str(row): updates for row in range(rows)})
        print("%d calls twice" % (len(self.calls()) - rows * (updates + 1)), flush=True)

    def test_a_large_transaction_and_a_blocked_trigger_beside_one_that_works(self):
        self.made({"t": {"batchSize": 10}, "u": {"handler": "careless", "batchSize": 30}})
        self.install()
        open(os.path.join(self.at, "poisoned"), "w").close()
        run = self.run_workspace(self.at)
        server.sql("INSERT INTO orders SELECT i, CASE WHEN i = 15 THEN 'poison' ELSE 'tea' END, 0 "
                   "FROM generate_series(1, 500) i")
        server.sql("INSERT INTO orders SELECT i, 'tea', 0 FROM generate_series(501, 600) i")
        wait_for(lambda: len(self.calls("u")) >= 600, "all for the one that works")
        self.assertEqual([int(call[2]["id"]) for call in self.calls("u")], list(range(1, 601)))
        wait_for(lambda: len(self.calls()) >= 10, "what comes before the poison")
        self.assertEqual(len(self.calls()), 10)
        os.remove(os.path.join(self.at, "poisoned"))
        wait_for(lambda: len(self.calls()) >= 600, "all for the other")
        self.assertEqual([int(call[2]["id"]) for call in self.calls()], list(range(1, 601)))
        run.stop()

    def test_a_wrong_password_is_told_and_a_right_one_taken(self):
        self.made({"t": {}})
        self.install()
        server.sql("INSERT INTO orders VALUES (1, 'tea', 0)")
        self.secret("mistaken battery")
        shown = self.coldframe("capture", self.at)
        self.assertEqual(shown.returncode, 2)
        self.assertIn("password authentication failed", shown.stdout)
        run = self.run_workspace(self.at)
        run.wait_for_line("password authentication failed")
        self.assertEqual(self.calls(), [])
        self.secret(PASSWORD)
        wait_for(self.calls, "the change")
        run.wait_for_line("changes are read again")
        self.assertEqual(run.said.count("password authentication failed"), 1, "told once")
        self.assertNotIn("mistaken battery", run.said + shown.stdout)
        run.stop()

    def test_a_table_created_anew_is_told_and_repaired(self):
        self.made({"t": {}})
        self.install()
        run = self.run_workspace(self.at)
        server.sql("INSERT INTO orders VALUES (1, 'tea', 0)")
        wait_for(self.calls, "the first")
        server.sql("TRUNCATE orders", "ALTER TABLE orders ADD COLUMN price numeric",
                   "INSERT INTO orders VALUES (2, 'tea', 0, 12.50)")
        run.wait_for_line("emptied by TRUNCATE")
        wait_for(lambda: len(self.calls()) == 2, "the second")
        self.assertEqual(self.calls()[1][2]["price"], "12.50")
        server.sql("DROP TABLE orders", "CREATE TABLE orders(id int PRIMARY KEY, item text)")
        run.wait_for_line("the table is not in its publication")
        self.install()
        server.sql("INSERT INTO orders VALUES (3, 'anew')")
        wait_for(lambda: len(self.calls()) == 3, "captured again")
        run.stop()

    def test_results_become_rows_over_a_restart_of_the_server(self):
        self.made({"t": {"handler": "totals", "batchSize": 1}}, onSuccess={
            "store": "shop", "table": "public.totals", "create": True, "key": ["id"],
            "columns": {"id": "payload.id", "n": "payload.n", "share": "payload.share", "what": "payload.what",
                        "at": "time"}})
        server.sql("DROP TABLE IF EXISTS totals")
        self.install()
        run = self.run_workspace(self.at)
        server.sql("INSERT INTO orders VALUES (1, 'tea', 1), (2, 'it''s \u2615', 2)")
        wait_for(lambda: server.try_sql("SELECT count(*) FROM totals") == "2", "rows, in a table that was made")
        self.assertEqual(server.sql("SELECT id, n, share, what FROM totals ORDER BY id"),
                         "1|1|0.5|{\"item\":\"tea\"}\n2|2|1|{\"item\":\"it's \u2615\"}")
        server.sql("UPDATE orders SET n = 7 WHERE id = 2")
        wait_for(lambda: server.sql("SELECT n FROM totals WHERE id = 2") == "7", "the row is updated by its key")
        server.sql("ALTER TABLE totals RENAME TO hidden", "CREATE VIEW totals AS SELECT 1 AS one",
                   "UPDATE orders SET n = 8 WHERE id = 2")
        run.wait_for_line("column|view")
        server.stop(signal.SIGINT)
        run.wait_for_line("cannot connect|ended the connection|terminating connection")
        server.start()
        server.sql("DROP VIEW totals", "ALTER TABLE hidden RENAME TO totals")
        wait_for(lambda: server.sql("SELECT n FROM totals WHERE id = 2") == "8", "what waited is written")
        run.stop()


if __name__ == "__main__":
    unittest.main()
