#include <QTest>

#include "ui/support/editor_command.h"
#include "ui/support/source_links.h"

using namespace coldframe::ui;

/// Places of source files in what a function printed, and the commands that open them.
class TestSourceLinks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void finds_data();
    void finds();
    void coversFileAndLine();
    void stopsAtTheLimit();
    void command_data();
    void command();
    void aMissingFileIsSaid();
};

void TestSourceLinks::finds_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("places"); // file|line|column
    QTest::newRow("Python traceback")
        << QStringLiteral("Traceback (most recent call last):\n"
                          "  File \"/w/app.py\", line 12, in handler\n    raise ValueError\n"
                          "  File \"/w/lib/a b.py\", line 3, in g\nValueError\n")
        << QStringList{"/w/app.py|12|0", "/w/lib/a b.py|3|0"};
    QTest::newRow("Python in JSON")
        << QString(R"({"stackTrace": ["  File \"/w/app.py\", line 7, in handler\n    x\n"]})")
        << QStringList{"/w/app.py|7|0"};
    QTest::newRow("Python's own parts are no files")
        << QStringLiteral("  File \"<frozen importlib._bootstrap>\", line 241, in _call\n"
                          "  File \"<string>\", line 1\n")
        << QStringList{};
    QTest::newRow("relative to the code folder")
        << QStringLiteral("  File \"app.py\", line 2\n  File \"../shared/x.py\", line 4\n")
        << QStringList{"/code/app.py|2|0", "/shared/x.py|4|0"};
    QTest::newRow("Node, in a function")
        << QStringLiteral("Error: no\n    at exports.handler (/w/index.js:5:9)\n")
        << QStringList{"/w/index.js|5|9"};
    QTest::newRow("Node, bare, async, as an address")
        << QStringLiteral("    at /w/index.mjs:1:2\n    at async /w/b.js:3:4\n"
                          "    at async f (file:///w/a%20b.mjs:6:7)\n")
        << QStringList{"/w/index.mjs|1|2", "/w/b.js|3|4", "/w/a b.mjs|6|7"};
    QTest::newRow("Node in JSON") << QString(
        R"x({"trace": ["Error: no", "    at f (/w/i.js:5:9)", "    at /w/j.js:1:2"]})x")
                                  << QStringList{"/w/i.js|5|9", "/w/j.js|1|2"};
    QTest::newRow("Node's own parts are no files")
        << QStringLiteral("    at node:internal/main/run_main_module:23:47\n"
                          "    at Module._compile (node:internal/modules/cjs/loader:1105:14)\n")
        << QStringList{};
    QTest::newRow("Node, syntax error")
        << QStringLiteral("/w/index.js:3\nconst x = ;\n") << QStringList{"/w/index.js|3|0"};
    QTest::newRow("line 0 is none")
        << QStringLiteral("  File \"/w/app.py\", line 0\n") << QStringList{};
    QTest::newRow("a clock is no place")
        << QStringLiteral("at 12:30:45 all was well\n") << QStringList{};
}

void TestSourceLinks::finds()
{
    QFETCH(QString, text);
    QStringList places;
    for (const SourceLink& link : findSourceLinks(text, QStringLiteral("/code")))
        places << QStringLiteral("%1|%2|%3").arg(link.file).arg(link.line).arg(link.column);
    QTEST(places, "places");
}

void TestSourceLinks::coversFileAndLine()
{
    const QString text = QStringLiteral("  at f (/w/i.js:5:9)");
    const auto links = findSourceLinks(text, {});
    QCOMPARE(links.size(), 1);
    QCOMPARE(text.mid(links[0].start, links[0].length), QStringLiteral("/w/i.js:5:9"));
}

void TestSourceLinks::stopsAtTheLimit()
{
    QCOMPARE(findSourceLinks(QStringLiteral("File \"/a.py\", line 1\n").repeated(900), {}).size(),
             500);
}

void TestSourceLinks::command_data()
{
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("visual");
    QTest::addColumn<QString>("editor");
    QTest::addColumn<QString>("installed");
    QTest::addColumn<int>("line");
    QTest::addColumn<QStringList>("argv");
    const QString f = QStringLiteral("/w/my app.py");
    const auto at = [&](const char* suffix) { return f + QLatin1String(suffix); };
    QTest::newRow("code") << ""
                          << ""
                          << ""
                          << "code kate xdg-open" << 12 << QStringList{"code", "-g", at(":12")};
    QTest::newRow("kate") << ""
                          << ""
                          << ""
                          << "kate xdg-open" << 12 << QStringList{"kate", "-l", "12", f};
    QTest::newRow("gedit") << ""
                           << ""
                           << ""
                           << "gedit xdg-open" << 12 << QStringList{"gedit", "+12", f};
    QTest::newRow("xdg-open knows no lines") << ""
                                             << ""
                                             << ""
                                             << "xdg-open" << 12 << QStringList{"xdg-open", f};
    QTest::newRow("without a line") << ""
                                    << ""
                                    << ""
                                    << "code" << 0 << QStringList{"code", f};
    QTest::newRow("the setting wins")
        << "/opt/bin/codium --new-window"
        << "kate"
        << "vim"
        << "code kate vim" << 3 << QStringList{"/opt/bin/codium", "--new-window", "-g", at(":3")};
    QTest::newRow("a setting with quotes")
        << "\"/opt/my editor/subl\""
        << ""
        << ""
        << "" << 3 << QStringList{"/opt/my editor/subl", at(":3")};
    QTest::newRow("VISUAL before EDITOR")
        << ""
        << "kate -n"
        << "gedit"
        << "code kate gedit" << 3 << QStringList{"kate", "-n", "-l", "3", f};
    QTest::newRow("EDITOR with a window before what is installed")
        << ""
        << ""
        << "gvim"
        << "code gvim" << 3 << QStringList{"gvim", "+3", f};
    QTest::newRow("a terminal's EDITOR comes after what has a window")
        << ""
        << ""
        << "vim"
        << "vim kate x-terminal-emulator" << 3 << QStringList{"kate", "-l", "3", f};
    QTest::newRow("a terminal's EDITOR alone")
        << ""
        << ""
        << "vim"
        << "vim x-terminal-emulator" << 3
        << QStringList{"x-terminal-emulator", "-e", "vim", "+3", f};
    QTest::newRow("a terminal's editor by setting")
        << "nano"
        << ""
        << ""
        << "code" << 3 << QStringList{"x-terminal-emulator", "-e", "nano", "+3", f};
    QTest::newRow("emacs without a window")
        << "emacs -nw"
        << ""
        << ""
        << "code" << 3 << QStringList{"x-terminal-emulator", "-e", "emacs", "-nw", "+3", f};
    QTest::newRow("EDITOR that is not there") << ""
                                              << ""
                                              << "kate"
                                              << "code" << 3 << QStringList{"code", "-g", at(":3")};
    QTest::newRow("nothing at all") << ""
                                    << ""
                                    << "vim"
                                    << "vim" << 3 << QStringList{};
}

void TestSourceLinks::command()
{
    QFETCH(QString, setting);
    QFETCH(QString, visual);
    QFETCH(QString, editor);
    QFETCH(QString, installed);
    QFETCH(int, line);
    const QStringList programs = installed.split(QLatin1Char(' '));
    const EditorChoice choice{.setting = setting,
                              .visual = visual,
                              .editor = editor,
                              .exists
                              = [&](const QString& program) { return programs.contains(program); }};
    QTEST(editorCommand(choice, QStringLiteral("/w/my app.py"), line, 0), "argv");
}

void TestSourceLinks::aMissingFileIsSaid()
{
    QCOMPARE(openInEditor({}, QStringLiteral("/nowhere/app.py")),
             QStringLiteral("/nowhere/app.py is not there any more."));
}

QTEST_GUILESS_MAIN(TestSourceLinks)
#include "tst_source_links.moc"
