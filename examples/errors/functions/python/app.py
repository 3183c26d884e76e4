"""One handler per way to fail."""
import os
import signal
import sys
import time


def exception(event, context):
    raise ValueError("order %s has no customer" % event.get("order"))


def not_serialisable(event, context):
    return {"tags": {"a", "b"}}


def sys_exit(event, context):
    sys.exit(4)


def os_exit(event, context):
    os._exit(3)


def segfault(event, context):
    os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(1)


def too_slow(event, context):
    print("going to wait for 30 seconds")
    time.sleep(30)


def too_much_memory(event, context):
    kept = []
    for step in range(40):
        kept.append(b"\x01" * (10 << 20))
    print("holding", sum(map(len, kept)) >> 20, "MB")
    time.sleep(5)  # time enough for a watcher to see it
    return "this should not have been possible"


def large_response(event, context):
    return "x" * (6 * 1024 * 1024 + 200)
