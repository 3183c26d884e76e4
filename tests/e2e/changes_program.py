"""What tests of changes of tables have in common: a function that notes the records it gets, and what comes of them."""
import json
import os
import sqlite3
import subprocess
import sys

from coldframe_program import ProgramTest, write

TABLE = "CREATE TABLE orders(id INTEGER PRIMARY KEY, item TEXT, n INTEGER)"

# Each record is a line of the file calls-FUNCTION, in the order in which calls end.
NOTING = '''
import json, os

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

def plain(row):
    return {name: next(iter(value.values())) for name, value in row.items()} if row else None

def note(name, lines):
    with open(os.path.join(HERE, "calls-" + name), "ab", buffering=0) as file:
        file.write(b"".join(json.dumps(line).encode() + b"\\n" for line in lines))

def careless(event, context):
    changes(event, context, False)

def changes(event, context, careful=True):
    poisoned = careful and os.path.exists(os.path.join(HERE, "poisoned"))
    lines = []
    for record in event["Records"]:
        image = record["dynamodb"]
        lines.append([record["eventName"], plain(image.get("OldImage")), plain(image.get("NewImage"))])
        if poisoned and (image.get("NewImage") or {}).get("item") == {"S": "poison"}:
            raise ValueError("poison")
    note(context.function_name, lines)

def rows(event, context):
    note(context.function_name, [[one["op"], one["old"], one["new"]] for one in event])

def labels(event, context):
    note(context.function_name, [record["eventSourceARN"] for record in event["Records"]])

def named(event, context):
    failed = [{"itemIdentifier": one["sequence"]} for one in event if one["new"]["item"] == "poison"]
    note(context.function_name, [[one["sequence"], one["new"]["item"]] for one in event])
    return {"batchItemFailures": failed}

def totals(event, context):
    new = [plain(record["dynamodb"]["NewImage"]) for record in event["Records"]]
    return [{"id": int(row["id"]), "n": int(row["n"]), "share": int(row["n"]) / 2, "what": {"item": row["item"]}}
            for row in new]

def partly(event, context):
    failures = []
    for record in event["Records"]:
        if (record["dynamodb"].get("NewImage") or {}).get("item") == {"S": "poison"}:
            return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
        note(context.function_name, [[record["eventName"]]])
'''


class ChangesTest(ProgramTest):
    STORE = {}

    def made(self, triggers, handler="changes", **settings):
        """A workspace with a function for each trigger, of the same name."""
        functions = {name: {"handler": "app." + trigger.pop("handler", handler), "memoryMb": 256,
                            "timeoutMs": 60_000, **settings}
                     for name, trigger in triggers.items()}
        self.at = self.workspace(functions, NOTING, (), {
            name: {"kind": "changes", "store": "shop", "table": "orders", "function": name, **trigger}
            for name, trigger in triggers.items()})
        self.change_workspace(stores={"shop": self.STORE})
        return self.at

    def change_workspace(self, **members):
        path = os.path.join(self.at, "coldframe.json")
        with open(path) as file:
            document = json.load(file)
        for name, value in members.items():
            document.setdefault(name, {}).update(value)
        write(path, json.dumps(document, indent=2))

    def calls(self, function="t"):
        try:
            with open(os.path.join(self.at, "calls-" + function)) as file:
                return [json.loads(line) for line in file if line.endswith("\n")]
        except FileNotFoundError:
            return []

    def install(self, *trigger):
        done = self.coldframe("capture", self.at, *trigger, "--install", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)

    def idle(self, *options):
        """Runs until nothing is left to do."""
        run = self.run_workspace(self.at, "--until-idle", *options)
        code, summary = run.wait()
        self.assertEqual(code, 0, run.said)
        return summary, run.said

    def in_order_per_row(self, calls):
        """Of rows whose `n` counts their updates: each number after the one before; where one comes again, so do those
        after it. What came last."""
        last = {}
        for _, old, new in calls:
            key, n = new["id"], int(new["n"])
            self.assertLessEqual(n, last.get(key, -1) + 1, "row %s skips to %d" % (key, n))
            last[key] = n
        return last


class SqliteTest(ChangesTest):
    STORE = {"kind": "sqlite", "path": "data/shop.db"}

    def database(self, *statements, mode="wal"):
        self.file = os.path.join(self.at, "data", "shop.db")
        os.makedirs(os.path.dirname(self.file), exist_ok=True)
        with sqlite3.connect(self.file) as shop:
            shop.execute("PRAGMA journal_mode = " + mode)
        self.write(TABLE, *statements)

    def write(self, *statements):
        """In one transaction, by a process of its own."""
        subprocess.run([sys.executable, "-c", "import sqlite3, sys\nshop = sqlite3.connect(sys.argv[1], timeout=30)\n"
                        "for statement in sys.argv[2:]: shop.execute(statement)\nshop.commit()",
                        self.file, *statements], check=True)

    def schema(self):
        with sqlite3.connect(self.file) as shop:
            return shop.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()

    def waiting(self):
        with sqlite3.connect(self.file) as shop:
            return shop.execute("SELECT count(*) FROM _coldframe_changes WHERE op > 0").fetchone()[0]
