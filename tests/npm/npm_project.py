"""Packages of the npm registry in a temporary folder, for tests that are run only when asked for.

COLDFRAME_WITH_NPM=1 asks for them (./test --with-npm sets it). COLDFRAME_NPM_FOLDER names a folder
that keeps what was installed from one run to the next.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))

PATIENCE = 1500  # seconds; aws-lambda-ric compiles libcurl


def install(package, *tools):
    """The folder in which node finds `package`. Raises SkipTest when it was not asked for, or
    when a tool that its installation needs is missing."""
    if os.environ.get("COLDFRAME_WITH_NPM") != "1":
        raise unittest.SkipTest("not run: needs ./test --with-npm")
    missing = [tool for tool in ("node", "npm", *tools) if not shutil.which(tool)]
    if missing:
        raise unittest.SkipTest("not run: %s needs %s to install" % (package, ", ".join(missing)))
    kept = os.environ.get("COLDFRAME_NPM_FOLDER")
    folder = kept or tempfile.mkdtemp(prefix="coldframe-npm-")
    if not kept:
        unittest.addModuleCleanup(shutil.rmtree, folder, ignore_errors=True)
    if not os.path.isdir(os.path.join(folder, "node_modules", package)):
        os.makedirs(folder, exist_ok=True)
        done = subprocess.run(["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", package],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=PATIENCE)
        if done.returncode != 0:
            raise AssertionError("npm install %s failed:\n%s" % (package, done.stdout))
    return folder
