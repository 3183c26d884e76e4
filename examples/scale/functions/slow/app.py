"""Waits as for a slow partner: no work for the processor, but an instance is busy for that long."""
import time


def handler(event, context):
    wait_ms = int(event.get("waitMs", 800))
    time.sleep(wait_ms / 1000)
    return {"order": event.get("order"), "waitedMs": wait_ms}
