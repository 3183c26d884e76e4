#!/usr/bin/env python3
"""Makes 200 CSV files of orders, about 4 % of their rows bad, and expected.json: what cleaning them must give.

    python3 make_data.py [--out samples] [--count 200] [--seed 7]

The totals are summed while the rows are made, not by reading the files again.
"""
import argparse
import datetime
import json
import os
import random

HEADER = "order_id,date,customer,country,quantity,unit_price"
CUSTOMERS = ["Harbour Books", "Café Lumière", "Nordic Sails", "Grün & Söhne", "Plaza, Mercado", "Oak Street Bikes"]
COUNTRIES = ["FR", "DE", "ES", "SE", "PT", "NL"]


def text(value):
    return '"%s"' % value if "," in value else value


def row(rng, order):
    """(line, cents): cents is None when the row is bad."""
    day = (datetime.date(2026, 1, 1) + datetime.timedelta(days=rng.randrange(365))).isoformat()
    customer, country = text(rng.choice(CUSTOMERS)), rng.choice(COUNTRIES)
    quantity, cents = rng.randint(1, 40), rng.randint(99, 25000)
    price = "%d.%02d" % divmod(cents, 100)
    if rng.random() < 0.04:
        bad = rng.choice([
            "%d,%s,,%s,%d,%s" % (order, day, country, quantity, price),
            "%d,%s,%s,%s,n/a,%s" % (order, day, customer, country, price),
            "%d,2026-02-31,%s,%s,%d,%s" % (order, customer, country, quantity, price),
            "%d,%s,%s,%s,%d,-%s" % (order, day, customer, country, quantity, price),
            "%d,%s,%s" % (order, day, customer),
            "x%d,%s,%s,%s,%d,%s" % (order, day, customer, country, quantity, price),
        ])
        return bad, None
    if rng.random() < 0.2:  # good, only untidy
        country, price = " %s " % country.lower(), "  " + price
    return "%d,%s,%s,%s,%d,%s" % (order, day, customer, country, quantity, price), quantity * cents


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--out", default=os.path.join(here, "samples"))
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    os.makedirs(options.out, exist_ok=True)
    files, order = {}, 1000
    for number in range(1, options.count + 1):
        name = "orders-%03d.csv" % number if number % 20 else "orders %03d + late.csv" % number
        rows, kept, total, lines = rng.randint(40, 60), 0, 0, [HEADER]
        for _ in range(rows):
            order += 1
            line, cents = row(rng, order)
            lines.append(line)
            if cents is not None:
                kept, total = kept + 1, total + cents
        with open(os.path.join(options.out, name), "w", encoding="utf-8", newline="") as out:
            out.write("\r\n".join(lines) + "\r\n")
        files[name] = {"file": name, "rows": rows, "kept": kept, "dropped": rows - kept, "totalCents": total}
    totals = {key: sum(f[key] for f in files.values()) for key in ("rows", "kept", "dropped", "totalCents")}
    with open(os.path.join(options.out, "expected.json"), "w", encoding="utf-8") as out:
        json.dump({"totals": totals, "files": files}, out, indent=1)
        out.write("\n")
    print("%d files in %s: %d rows, %d of them bad" % (len(files), options.out, totals["rows"], totals["dropped"]))


if __name__ == "__main__":
    main()
