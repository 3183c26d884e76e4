"""Cleans one CSV of orders: JSON lines into the bucket `clean`, a summary as the result."""
import csv
import datetime
import decimal
import io
import json
import os
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")

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
    told = event["Records"][0]["s3"]
    bucket, key = told["bucket"]["name"], unquote_plus(told["object"]["key"])
    text = s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8-sig")
    records, rows = [], 0
    for row in csv.DictReader(io.StringIO(text, newline="")):
        rows += 1
        try:
            records.append(clean(row))
        except (ValueError, ArithmeticError) as reason:
            print("%s row %d dropped: %s" % (key, rows, reason))
    s3.put_object(
        Bucket=os.environ["CLEAN_BUCKET"],
        Key=os.path.splitext(key)[0] + ".jsonl",
        Body="".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode(),
        ContentType="application/x-ndjson",
    )
    total = sum(record["amountCents"] for record in records)
    return {"file": key, "rows": rows, "kept": len(records), "dropped": rows - len(records), "totalCents": total}
