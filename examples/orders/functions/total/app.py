"""Counts the orders of one item as they are now. It may be asked twice, or late: the answer is right all the same."""
import os
import sqlite3


def handler(event, context):
    shop = sqlite3.connect("file:%s?mode=ro" % os.environ["COLDFRAME_STORE_SHOP"], uri=True, timeout=10)
    try:
        orders, amount = shop.execute("SELECT count(*), coalesce(sum(amount), 0) FROM orders WHERE item = ?",
                                      (event["item"],)).fetchone()
    finally:
        shop.close()
    return {"item": event["item"], "orders": orders, "amount": amount}
