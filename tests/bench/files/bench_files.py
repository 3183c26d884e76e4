#!/usr/bin/env python3
"""Files dropped into a watched folder until the last result is stored, beside bare inotify in the same run.

    bench_files.py COLDFRAME [FILES]

The limit is what the kernel tells a program that does nothing else: each file's close, and the bytes read.
"""
import ctypes
import json
import os
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

RUNS = 3
CLOSED_AFTER_WRITING = 0x8
CODE = "def handler(event, context):\n    return event\n"


def drop(folder, count):
    for number in range(count):
        with open(os.path.join(folder, "%05d.json" % number), "w", encoding="ascii") as file:
            file.write('{"number": %d}' % number)


def bare(count):
    """Seconds until all files were heard of and read."""
    libc = ctypes.CDLL(None, use_errno=True)
    with tempfile.TemporaryDirectory() as folder:
        queue = libc.inotify_init1(os.O_CLOEXEC)
        if queue < 0 or libc.inotify_add_watch(queue, folder.encode(), CLOSED_AFTER_WRITING) < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        began = time.perf_counter()
        writer = threading.Thread(target=drop, args=(folder, count))
        writer.start()
        heard = 0
        while heard < count:
            if not select.select([queue], [], [], 10)[0]:
                raise RuntimeError("%d of %d files were heard of" % (heard, count))
            events, at = os.read(queue, 1 << 16), 0
            while at < len(events):
                length = struct.unpack_from("iIII", events, at)[3]
                name = events[at + 16:at + 16 + length].rstrip(b"\0").decode()
                with open(os.path.join(folder, name), "rb") as file:
                    file.read()
                heard += 1
                at += 16 + length
        seconds = time.perf_counter() - began
        writer.join()
        os.close(queue)
        return seconds


def through_coldframe(coldframe, count):
    """Seconds from the first file until the last result lies in its store."""
    with tempfile.TemporaryDirectory() as at:
        for folder in ("code", "data/in", "data/out"):
            os.makedirs(os.path.join(at, folder))
        with open(os.path.join(at, "code", "app.py"), "w", encoding="ascii") as file:
            file.write(CODE)
        with open(os.path.join(at, "coldframe.json"), "w", encoding="ascii") as file:
            json.dump({"format": 1, "name": "bench",
                       "functions": {"f": {"runtime": "python", "code": "code", "handler": "app.handler",
                                           "reservedConcurrency": 4, "onSuccess": {"store": "out"}}},
                       "stores": {name: {"kind": "folder", "path": "data/" + name} for name in ("in", "out")},
                       "triggers": {"drop": {"kind": "file", "store": "in", "shape": "content", "function": "f"}}}, file)
        process = subprocess.Popen([coldframe, "run", at], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        threading.Thread(target=process.stderr.read, daemon=True).start()
        out = os.path.join(at, "data", "out")

        def results():
            return sum(not name.startswith(".") for name in os.listdir(out))

        def until(wanted):
            end = time.monotonic() + 120
            while results() < wanted:
                if time.monotonic() > end:
                    raise RuntimeError("%d of %d results" % (results(), wanted))
                time.sleep(0.005)

        warm = 0
        while results() == 0: # it is watching once one of these has come, and the instance is warm
            with open(os.path.join(at, "data", "in", "warm%d.json" % warm), "w", encoding="ascii") as file:
                file.write("{}")
            warm += 1
            time.sleep(0.2)
        time.sleep(1)
        before = results()
        began = time.perf_counter()
        drop(os.path.join(at, "data", "in"), count)
        until(before + count)
        seconds = time.perf_counter() - began
        process.send_signal(signal.SIGINT)
        process.wait()
        return seconds


def main():
    coldframe = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    limits, times = [], []
    for _ in range(RUNS): # in turns: both see the same machine
        limits.append(bare(count))
        times.append(through_coldframe(coldframe, count))
    limit, ours = statistics.median(limits), statistics.median(times)
    print("%d files through a function: %.1f s, heard of and read by bare inotify: %.2f s, %.1f times; medians of %d"
          % (count, ours, limit, ours / limit, RUNS))


if __name__ == "__main__":
    main()
