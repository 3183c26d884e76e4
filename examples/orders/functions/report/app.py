"""The day's report: what the table of totals holds, the best first."""
import os
import sqlite3


def handler(event, context):
    path = os.environ["COLDFRAME_STORE_FIGURES"]
    if not os.path.exists(path):
        return {"day": event["time"][:10], "items": []}
    figures = sqlite3.connect("file:%s?mode=ro" % path, uri=True, timeout=10)
    try:
        rows = figures.execute("SELECT item, orders, amount FROM totals ORDER BY amount DESC, item").fetchall()
    finally:
        figures.close()
    return {"day": event["time"][:10],
            "items": [{"item": item, "orders": orders, "amount": amount} for item, orders, amount in rows],
            "amount": sum(row[2] for row in rows)}
