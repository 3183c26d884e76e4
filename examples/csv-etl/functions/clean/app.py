"""Cleans one CSV of orders: JSON lines into the store `clean`, a summary as the result."""
import csv
import datetime
import decimal
import json
import os
from urllib.parse import unquote_plus

COLUMNS = ["order_id", "date", "customer", "country", "quantity", "unit_price"]


class BadRow(ValueError):
    pass


def cents(text):
    price = decimal.Decimal(text)
    if not price.is_finite() or price < 0 or price != price.quantize(decimal.Decimal("0.01")):
        raise BadRow("price %s" % text)
    return int(price * 100)


def clean(row):
    """One typed record, or BadRow / ValueError / ArithmeticError."""
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    missing = [name for name in COLUMNS if not values[name]]
    if missing:
        raise BadRow("no " + ", ".join(missing))
    quantity = int(values["quantity"])
    if quantity <= 0:
        raise BadRow("quantity %d" % quantity)
    price = cents(values["unit_price"])
    return {
        "orderId": int(values["order_id"]),
        "date": datetime.date.fromisoformat(values["date"]).isoformat(),
        "customer": " ".join(values["customer"].split()),
        "country": values["country"].upper(),
        "quantity": quantity,
        "unitPriceCents": price,
        "amountCents": quantity * price,
    }


def handler(event, context):
    key = unquote_plus(event["Records"][0]["s3"]["object"]["key"])
    target = os.path.join(os.environ["COLDFRAME_STORE_CLEAN"], os.path.splitext(key)[0] + ".jsonl")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    rows, kept, total = 0, 0, 0
    with open(os.path.join(os.environ["COLDFRAME_STORE_IN"], key), newline="", encoding="utf-8-sig") as source, \
            open(target + ".part", "w", encoding="utf-8") as lines:
        for row in csv.DictReader(source):
            rows += 1
            try:
                record = clean(row)
            except (ValueError, ArithmeticError) as reason:
                print("%s row %d dropped: %s" % (key, rows, reason))
                continue
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
            kept += 1
            total += record["amountCents"]
    os.replace(target + ".part", target)
    return {"file": key, "rows": rows, "kept": kept, "dropped": rows - kept, "totalCents": total}
