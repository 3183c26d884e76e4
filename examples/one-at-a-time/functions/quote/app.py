"""Asks a partner for a price, then enters it in a ledger that lets one writer in at a time."""
import fcntl
import time


def handler(event, context):
    time.sleep(int(event.get("partnerMs", 60)) / 1000)  # each instance on its own
    with open(__file__) as ledger:
        fcntl.flock(ledger, fcntl.LOCK_EX)  # all instances, one after the other
        time.sleep(int(event.get("ledgerMs", 20)) / 1000)
    return {"item": event.get("item"), "booked": True}
