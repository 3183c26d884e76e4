#!/usr/bin/env python3
"""The shop: a program of its own that knows nothing of Coldframe. Makes the database, and places orders.

    python3 shop.py [HOW MANY]
"""
import os
import random
import sqlite3
import sys

ITEMS = {"tea": 4, "coffee": 6, "cake": 9, "milk": 2}


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "shop.db")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    shop = sqlite3.connect(path, timeout=10)
    shop.execute("CREATE TABLE IF NOT EXISTS orders(id INTEGER PRIMARY KEY, item TEXT NOT NULL, amount INTEGER NOT NULL)")
    shop.commit()
    for _ in range(count):
        item = random.choice(list(ITEMS))
        shop.execute("INSERT INTO orders(item, amount) VALUES (?, ?)", (item, ITEMS[item] * random.randint(1, 3)))
        shop.commit()
    if count > 4:  # somebody changes their mind
        shop.execute("DELETE FROM orders WHERE id = (SELECT max(id) FROM orders)")
        shop.execute("UPDATE orders SET item = 'cake', amount = 9 WHERE id = (SELECT max(id) FROM orders)")
        shop.commit()
    print(shop.execute("SELECT count(*) FROM orders").fetchone()[0], "orders in", path)


if __name__ == "__main__":
    main()
