"""Lets a debugger attach before the handler is called. Loaded by coldframe_runtime.py for such an event only.

Tells the Runtime API's own host how it goes: POST /coldframe/debug/listening, /attached or /failed, and asks it with
GET /coldframe/debug/release, which is answered when the event is to go on without a debugger.
"""
import http.client
import json
import os
import sys
import threading

INSTALL = (
    "%s has no debugpy. Install it for this interpreter, `%s -m pip install debugpy`, "
    "or on Debian's own Python `apt install python3-debugpy`"
)


def wait_for_debugger(address, port):
    """Returns once a debugger is attached (True), or the event has been released (False)."""
    # It warns of modules frozen into Python 3.11, none of which is the function's.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    try:
        import debugpy

        debugpy.listen(("127.0.0.1", port))
    except ImportError:
        tell(address, "failed", {"message": INSTALL % (sys.executable, sys.executable)})
        return until_released(address)
    except Exception as error:
        tell(address, "failed", {"message": "debugpy cannot listen on port %d: %s" % (port, error)})
        return until_released(address)
    tell(address, "listening", {"port": port})
    released, over = threading.Event(), threading.Event()

    def go_on():
        until_released(address)
        released.set()
        while not over.wait(0.02):  # it may not have begun to wait yet, and then there is nothing to cancel
            getattr(debugpy.wait_for_client, "cancel", int)()

    waiter = threading.Thread(target=go_on, daemon=True, name="coldframe")
    waiter.pydev_do_not_trace = waiter.is_pydev_daemon_thread = True  # none of the function's threads
    waiter.start()
    debugpy.wait_for_client()
    over.set()
    if released.is_set():
        return False
    tell(address, "attached")
    return True


def tell(address, state, details=None):
    ask(address, "POST", "/coldframe/debug/" + state, json.dumps(details or {}))


def until_released(address):
    ask(address, "GET", "/coldframe/debug/release")
    return False


def ask(address, method, path, body=None):
    try:
        connection = http.client.HTTPConnection(address)
        connection.request(method, path, body, {"Content-Type": "application/json"})
        connection.getresponse().read()
        connection.close()
    except OSError:  # whoever would answer has gone, and this process ends soon
        pass
