#include <gmock/gmock.h>

#include "model/handler_detection.h"
#include "temporary_folder.h"

namespace coldframe::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(PythonHandlers, AreTopLevelFunctionsOfEventAndContext)
{
    struct Row {
        const char* name;
        const char* source;
        std::vector<std::string> found;
    };
    const std::vector<Row> rows{
        {"plain", "def process(event, context):\n", {"process"}},
        {"async", "async def run(event,context): pass", {"run"}},
        {"annotated", "def f(event: dict[str, int], context: Any) -> str:", {"f"}},
        {"over several lines", "def f(\n    event,\n    context,\n):", {"f"}},
        {"unused context", "def f(event, _context):", {"f"}},
        {"default value", "def f(event, context=None):", {"f"}},
        {"two", "def a(event, context): ...\n\ndef b(event, context): ...", {"a", "b"}},
        {"method", "class C:\n    def f(event, context):", {}},
        {"other parameters", "def f(request, response):\ndef g(event):\ndef h():", {}},
        {"in a comment", "# def f(event, context):", {}},
        {"not closed", "def f(event, context", {}},
    };
    for (const Row& row : rows)
        EXPECT_EQ(pythonHandlers(row.source), row.found) << row.name;
}

TEST(PythonHandlers, StandHugeAndStrangeSources)
{
    EXPECT_THAT(pythonHandlers(std::string(2'000'000, 'x')), IsEmpty());
    EXPECT_THAT(pythonHandlers("def " + std::string(1'000'000, ' ') + "f(event, context):"),
                IsEmpty());
}

std::vector<std::string> shown(const std::vector<DetectedHandler>& found)
{
    std::vector<std::string> lines;
    for (const DetectedHandler& handler : found)
        lines.push_back(handler.code + " " + handler.handler);
    return lines;
}

TEST(DetectHandlers, LooksIntoFoldersThatPeopleWrite)
{
    const TemporaryFolder folder;
    folder.write("app.py", "def main_handler(event, context): ...");
    folder.write("functions/resize/index.mjs", "export const handler = async () => {};");
    folder.write("functions/resize/node_modules/x/index.js", "exports.hidden = () => {};");
    folder.write("functions/resize/index.test.js", "exports.tested = () => {};");
    folder.write(".venv/lib/x.py", "def hidden(event, context): ...");
    folder.write("my-env/pyvenv.cfg", "");
    folder.write("my-env/x.py", "def hidden(event, context): ...");
    folder.write("test_app.py", "def fake(event, context): ...");
    folder.writeProgram("native/bootstrap", "#!/bin/sh\n");
    folder.write("other/bootstrap", "not executable");
    EXPECT_THAT(shown(detectHandlers(folder.path())),
                ElementsAre(". app.main_handler", "functions/resize index.handler", "native "));
}

constexpr const char* kTutorial = R"(import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
export const client = new DynamoDBClient({});
export const docClient = DynamoDBDocumentClient.from(client);
export const handler = async (event) => {
  return event;
};
)";

TEST(DetectHandlers, TakesOneHandlerAmongHelpers)
{
    const TemporaryFolder folder;
    folder.write("index.mjs", kTutorial);
    folder.write("lib/db.js",
                 "exports.save = async (item) => item;\n"
                 "exports.load = function (id) { return id; };\n"
                 "module.exports.TABLE = process.env.TABLE;\n");
    folder.write("lib/util.js",
                 "const slug = (text) => text;\nfunction trim(text) {}\n"
                 "module.exports = { slug, trim };\n");
    EXPECT_THAT(shown(detectHandlers(folder.path())), ElementsAre(". index.handler"));
}

TEST(DetectHandlers, TakesAnyFunctionWhereThereIsNothingBetter)
{
    const TemporaryFolder folder;
    folder.write("a/greet.js", "exports.greet = async (input) => input;\nexports.LIMIT = 5;\n");
    folder.write("b/more.js", "module.exports = { trim: (text) => text };\n");
    EXPECT_THAT(shown(detectHandlers(folder.path())), ElementsAre("a greet.greet", "b more.trim"));
    folder.write("c/app.py", "def run(event, context): ...\n");
    EXPECT_THAT(shown(detectHandlers(folder.path())), ElementsAre("c app.run"));
}

TEST(DetectHandlers, BeginsPackagesWhereTheirImportsResolve)
{
    const std::string handler = "def handler(event, context): ...\n";
    struct Row {
        const char* name;
        std::vector<std::pair<std::string, std::string>> files;
        std::string found;
    };
    const std::vector<Row> rows{
        {"beside",
         {{"f/app.py", "import util, json\n" + handler}, {"f/util.py", ""}},
         "f app.handler"},
        {"beside and above",
         {{"f/app.py", "import util\n" + handler}, {"f/util.py", ""}, {"util.py", ""}},
         "f app.handler"},
        {"in a folder of the workspace",
         {{"handlers/create.py", "from lib.store import save\n" + handler}, {"lib/store.py", ""}},
         ". handlers/create.handler"},
        {"in the function",
         {{"a/b/create.py", handler + "    import json as j, lib.store\n"}, {"a/lib/store.py", ""}},
         "a b/create.handler"},
        {"relative",
         {{"src/orders/create.py", "from .model import price\n" + handler},
          {"src/orders/model.py", ""}},
         "src orders/create.handler"},
        {"relative, a module by name",
         {{"src/orders/create.py", "from . import model\n" + handler}, {"src/orders/model.py", ""}},
         "src orders/create.handler"},
        {"two up",
         {{"src/orders/api/create.py", "from ..model import price\n" + handler},
          {"src/orders/model.py", ""}},
         "src orders/api/create.handler"},
        {"its own package",
         {{"src/orders/create.py", "from orders.model import price\n" + handler},
          {"src/orders/model.py", ""}},
         "src orders/create.handler"},
        {"through another module",
         {{"f/app.py", "import util\n" + handler},
          {"f/util.py", "from lib import store\n"},
          {"lib/store.py", ""}},
         ". f/app.handler"},
        {"modules that import each other",
         {{"f/app.py", "import util\n" + handler}, {"f/util.py", "import app\n"}},
         "f app.handler"},
        {"not of the workspace", {{"f/app.py", "import boto3\n" + handler}}, "f app.handler"},
        {"a folder without sources",
         {{"f/app.py", "import data\n" + handler}, {"data/x.txt", ""}},
         "f app.handler"},
        {"Python's own",
         {{"f/app.py", "import calendar\n" + handler}, {"calendar/app.py", ""}},
         "f app.handler"},
        {"relative at the top", {{"app.py", "from .x import y\n" + handler}}, ". app.handler"},
        {"in a folder that no import can name",
         {{"a.b/app.py", "import util\n" + handler}, {"util.py", ""}},
         "a.b app.handler"},
    };
    for (const Row& row : rows) {
        const TemporaryFolder folder;
        for (const auto& [file, text] : row.files)
            folder.write(file, text);
        EXPECT_THAT(shown(detectHandlers(folder.path())), ElementsAre(row.found)) << row.name;
    }
}

TEST(DetectHandlers, TellsTheEventsOfNeighboursApart)
{
    const TemporaryFolder folder;
    folder.write("app.py",
                 "import boto3\n"
                 "def load(event, context):\n    return event['Records'][0]['s3']\n"
                 "def plain(event, context):\n    return 1\n"
                 "def web(event, context):\n    return event['httpMethod']\n");
    folder.write("index.mjs",
                 "export const a$ = async (event) => event.Records[0].s3;\n"
                 "export const b = async (event) => event.detail;\n");
    // A single handler may leave the work to a function beside it.
    folder.write("one.py",
                 "def handler(event, context):\n    return work(event)\n"
                 "def work(given):\n    return given['Records'][0]['s3']\n");
    std::vector<std::string> told;
    for (const DetectedHandler& handler : detectHandlers(folder.path()))
        told.push_back(handler.handler + ": " + std::string(nameOf(handler.reading.event)));
    EXPECT_THAT(told,
                ElementsAre("app.load: s3", "app.plain: plain", "app.web: http-v1", "index.a$: s3",
                            "index.b: eventbridge", "one.handler: s3"));
}

} // namespace
} // namespace coldframe::test
