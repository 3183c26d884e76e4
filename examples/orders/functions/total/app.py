"""Counts anew the orders of each item that a batch of changes concerns, as they are now: one row an item.

A batch may come twice, after a crash: what is counted, not added up, is right all the same.
"""
import os
import sqlite3


def handler(event, context):
    items = set()
    for record in event["Records"]:
        for image in ("OldImage", "NewImage"):
            if image in record["dynamodb"]:
                items.add(record["dynamodb"][image]["item"]["S"])
    shop = sqlite3.connect("file:%s?mode=ro" % os.environ["COLDFRAME_STORE_SHOP"], uri=True, timeout=10)
    try:
        return [count(shop, item) for item in sorted(items)]
    finally:
        shop.close()


def count(shop, item):
    orders, amount = shop.execute("SELECT count(*), coalesce(sum(amount), 0) FROM orders WHERE item = ?",
                                  (item,)).fetchone()
    return {"item": item, "orders": orders, "amount": amount}
