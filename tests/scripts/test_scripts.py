"""The scripts behind ./run and ./test: packages, rules of the sources, what was not run."""
import os
import shlex
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
SCRIPTS = os.path.join(ROOT, "scripts")

GOOGLE_LOG = """\
[ RUN      ] Store.FullDisk
/src/tests/unit/stores/tst_store.cpp:57: Skipped
not run: this system lets the test mount nothing

[  SKIPPED ] Store.FullDisk (0 ms)
[ RUN      ] Store.Writes
[       OK ] Store.Writes (3 ms)
[ RUN      ] Amount.DecimalComma
/src/tests/unit/app/tst_amount.cpp:117: Skipped
no locale with a decimal comma is installed

[  SKIPPED ] Amount.DecimalComma (1 ms)
[  SKIPPED ] 2 tests, listed below:
[  SKIPPED ] Store.FullDisk
[  SKIPPED ] Amount.DecimalComma
"""
QT_LOG = """\
PASS   : TestColumn::initTestCase()
SKIP   : TestColumn::pictures() COLDFRAME_PICTURES names no folder
   Loc: [/src/tests/ui/tst_column.cpp(179)]
"""
UNITTEST_LOG = """\
test_fine (test_examples.Errors.test_fine) ... ok
test_node (test_examples.Errors.test_node) ... skipped 'not run: node is missing'
test_venv (test_python.Interpreter.test_venv)
A virtual environment of its own. ... skipped "not run: venv's missing"
"""


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="coldframe-scripts-")
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, path, text):
        path = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path


class NotRun(Case):
    def check(self, log, *lines):
        got = subprocess.run([os.path.join(SCRIPTS, "not_run"), self.write("log", log)], capture_output=True, text=True, check=True)
        self.assertEqual(got.stdout.splitlines(), list(lines))

    def test_google_test(self):
        self.check(GOOGLE_LOG, "Store.FullDisk: this system lets the test mount nothing",
                   "Amount.DecimalComma: no locale with a decimal comma is installed")

    def test_qt_test(self):
        self.check(QT_LOG, "TestColumn::pictures: COLDFRAME_PICTURES names no folder")

    def test_unittest_with_and_without_docstring(self):
        self.check(UNITTEST_LOG, "test_examples.Errors.test_node: node is missing",
                   "test_python.Interpreter.test_venv: venv's missing")

    def test_no_log_because_nothing_matched(self):
        got = subprocess.run([os.path.join(SCRIPTS, "not_run"), os.path.join(self.folder, "none")], capture_output=True, text=True, check=True)
        self.assertEqual(got.stdout, "")


class CheckSources(Case):
    def setUp(self):
        super().setUp()
        for room in ("core", "ui", "app/coldframe", "app/instance", "tests"):
            self.write(f"{room}/fine.h", "#pragma once\n")
        self.write("scripts/check_sources", "")
        shutil.copy(os.path.join(SCRIPTS, "check_sources"), os.path.join(self.folder, "scripts"))
        subprocess.run(["git", "init", "-q", self.folder], check=True)

    def check(self, path, text, *breaches):
        self.write(path, text)
        got = subprocess.run([os.path.join(self.folder, "scripts", "check_sources")], capture_output=True, text=True, check=False)
        self.assertEqual(got.stderr.splitlines(), list(breaches))
        self.assertEqual(got.returncode, 1 if breaches else 0)

    def test_clean(self):
        self.check("core/pool.cpp", '#include "engine/pool.h"\n')

    def test_long_file(self):
        self.check("ui/long.cpp", "// line\n" * 401, "no file over 400 lines: ui/long.cpp has 401")

    def test_qt_in_the_core(self):
        self.check("core/a.cpp", "#include <QString>\n", "no Qt outside the window: core/a.cpp:1:#include <QString>")

    def test_beast_outside_its_room(self):
        self.check("core/live/a.cpp", "#include <boost/beast/http.hpp>\n",
                   "Beast serves HTTP in core/http only: core/live/a.cpp:1:#include <boost/beast/http.hpp>")

    def test_charts_outside_their_room(self):
        self.check("ui/shell/a.cpp", "#include <QChartView>\n",
                   "Qt Charts in ui/charts only: ui/shell/a.cpp:1:#include <QChartView>")

    def test_json_in_a_header(self):
        self.check("core/a.h", "#pragma once\n#include <nlohmann/json.hpp>\n",
                   "headers include <nlohmann/json_fwd.hpp> at most: core/a.h:2:#include <nlohmann/json.hpp>")

    def test_path_of_a_machine(self):
        path = "/" + "home/grace/build"
        self.check("docs/x.md", f"see {path}\n", f"no path of a certain machine: docs/x.md:1:see {path}")


class Packages(Case):
    def run_lib(self, command, path=os.environ.get("PATH", "")):
        return subprocess.run(["/bin/sh", "-c", f'root={shlex.quote(ROOT)}; . "$root/scripts/lib.sh"; {command}'], capture_output=True,
                              text=True, check=False, stdin=subprocess.DEVNULL, env={"PATH": path})

    def tools(self, *names):
        """A PATH with these programs alone."""
        for name in names:
            os.makedirs(os.path.join(self.folder, "bin"), exist_ok=True)
            os.symlink(shutil.which(name), os.path.join(self.folder, "bin", name))
        return os.path.join(self.folder, "bin")

    def test_sections(self):
        self.assertIn("cmake\n", self.run_lib("packages build").stdout)
        self.assertNotIn("qt6", self.run_lib("packages build tests ui-tests").stdout)
        self.assertIn("qt6-base-dev\n", self.run_lib("packages build ui").stdout)

    def test_program_from_elsewhere_replaces_a_package(self):
        with_awk = self.tools("awk")
        self.assertIn("nodejs\n", self.run_lib("packages tests", with_awk).stdout)
        os.symlink("/bin/true", os.path.join(with_awk, "node"))
        self.assertNotIn("nodejs", self.run_lib("packages tests", with_awk).stdout)

    def test_no_debian(self):
        got = self.run_lib("need_packages ui-tests", self.tools("awk", "tr", "basename"))
        self.assertEqual(got.returncode, 2)
        self.assertIn("this is no Debian system", got.stderr)
        self.assertIn("xdotool", got.stderr)

    def stub(self, name, script):
        path = self.write("bin/" + name, "#!/bin/sh\n" + script)
        os.chmod(path, 0o755)

    def debian(self, apt):
        """A Debian with nothing installed, whose apt-get is this script; what it is called with lands in calls."""
        path = self.tools("awk", "tr", "basename", "sed", "id", "env", "sh")
        self.stub("dpkg-query", "exit 1\n")
        self.stub("apt-get", f'echo "$@" >>{shlex.quote(os.path.join(self.folder, "calls"))}\n{apt}')
        self.stub("sudo", 'while [ "${1#-}" != "$1" ]; do shift; done; exec "$@"\n')
        return path

    def test_missing_packages_are_named_and_installed_without_a_question(self):
        got = self.run_lib("need_packages build; echo went on", self.debian("exit 0"))
        self.assertEqual(got.returncode, 0, got.stderr)
        said, last = got.stdout.splitlines()
        self.assertRegex(said, "^Debian packages that are missing: .*cmake")
        self.assertEqual(last, "went on")
        with open(os.path.join(self.folder, "calls"), encoding="utf-8") as file:
            update, install = file.read().splitlines()
        self.assertEqual(update, "update -qq")
        self.assertRegex(install, "^install -y .*cmake")
        self.assertNotIn("qt6", install)

    def test_an_installation_that_fails_says_what_to_do(self):
        got = self.run_lib("need_packages build; echo went on", self.debian("exit 100"))
        self.assertEqual((got.returncode, "went on" in got.stdout), (2, False))
        self.assertIn("As root, run: apt-get install", got.stderr)

    def test_trusted_to_be_there(self):
        got = self.run_lib("COLDFRAME_NO_INSTALL=1; need_packages build; echo went on", self.tools("awk"))
        self.assertEqual(got.stdout, "went on\n")


class RunSamples(Case):
    """scripts/run_samples, with a `coldframe` that upper-cases in its own way."""

    def run_samples(self, convert, code=0):
        workspace = os.path.join(self.folder, "workspace")
        shutil.copytree(os.path.join(ROOT, "examples", "uppercase", "samples"), os.path.join(workspace, "samples"))
        program = self.write("coldframe", f"""#!/usr/bin/env python3
import os, shutil, sys
data = os.path.join(sys.argv[2], "data")
for name in os.listdir(os.path.join(data, "uploads")):
    {convert}
sys.exit({code})
""")
        os.chmod(program, 0o755)
        return subprocess.run([os.path.join(SCRIPTS, "run_samples"), program, workspace], capture_output=True, text=True,
                              check=False, cwd=self.folder)

    EXPECTED = 'shutil.copy(os.path.join(sys.argv[2], "samples", "expected", name), os.path.join(data, "results", name))'

    def test_all_as_expected(self):
        got = self.run_samples(self.EXPECTED)
        self.assertEqual(got.returncode, 0, got.stdout + got.stderr)
        self.assertIn("5 of 5 samples ended with their expected output.", got.stdout)

    def test_one_is_not_as_expected(self):
        got = self.run_samples('open(os.path.join(data, "results", name), "w").write("1") if name == "seed.json" else '
                               + self.EXPECTED)
        self.assertEqual(got.returncode, 1)
        self.assertIn("4 of 5 samples", got.stdout)
        self.assertRegex(got.stdout, "seed.json +NOT EXPECTED")

    def test_one_has_no_result(self):
        got = self.run_samples('name == "seed.json" or ' + self.EXPECTED)
        self.assertEqual(got.returncode, 1)
        self.assertRegex(got.stdout, "seed.json +NO RESULT .*failed")

    def test_the_run_itself_fails(self):
        self.assertEqual(self.run_samples(self.EXPECTED, 3).returncode, 3)


class Run(Case):
    """./run itself, where it can be built: the project's own tree."""

    def run_it(self, *arguments, **environment):
        return subprocess.run([os.path.join(ROOT, "run"), *arguments], capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, env={**os.environ, "COLDFRAME_NO_INSTALL": "1", **environment})

    def test_help(self):
        got = self.run_it("--help")
        self.assertEqual(got.returncode, 0)
        self.assertIn("--headless", got.stdout)

    def test_an_option_it_does_not_know(self):
        got = self.run_it("--fast")
        self.assertEqual((got.returncode, got.stdout), (2, ""))
        self.assertIn("--headless", got.stderr)

    def test_a_folder_without_a_workspace(self):
        got = self.run_it(self.folder)
        self.assertEqual(got.returncode, 2)
        self.assertIn("there is no coldframe.json in " + self.folder, got.stderr)
        self.assertIn("coldframe init", got.stderr)


if __name__ == "__main__":
    unittest.main()
