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

TEST(NodeHandlers, AreExportedFunctions)
{
    struct Row {
        const char* name;
        const char* source;
        std::vector<std::string> found;
    };
    const std::vector<Row> rows{
        {"exports", "exports.handler = async (event) => {", {"handler"}},
        {"module.exports", "module.exports.resize = resize;", {"resize"}},
        {"constant", "export const handler = async (event) => 1;", {"handler"}},
        {"function", "export async function run(event) {", {"run"}},
        {"object", "module.exports = { handler };", {"handler"}},
        {"a number", "exports.LIMIT = 5;", {}},
        {"a text", "export const name = 'x';", {}},
        {"not exported", "const handler = async () => {};", {}},
        {"twice", "exports.a = f;\nexports.a = g;", {"a"}},
    };
    for (const Row& row : rows)
        EXPECT_EQ(nodeHandlers(row.source), row.found) << row.name;
}

TEST(PythonHandlers, StandHugeAndStrangeSources)
{
    EXPECT_THAT(pythonHandlers(std::string(2'000'000, 'x')), IsEmpty());
    EXPECT_THAT(pythonHandlers("def " + std::string(1'000'000, ' ') + "f(event, context):"),
                IsEmpty());
    EXPECT_THAT(nodeHandlers(std::string("\0\xff\n", 3)), IsEmpty());
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

TEST(DetectHandlers, TellsTheEventsOfNeighboursApart)
{
    const TemporaryFolder folder;
    folder.write("app.py", "import boto3\n"
                           "def load(event, context):\n    return event['Records'][0]['s3']\n"
                           "def plain(event, context):\n    return 1\n"
                           "def web(event, context):\n    return event['httpMethod']\n");
    folder.write("index.mjs", "export const a$ = async (event) => event.Records[0].s3;\n"
                              "export const b = async (event) => event.detail;\n");
    // A single handler may leave the work to a function beside it.
    folder.write("one.py", "def handler(event, context):\n    return work(event)\n"
                           "def work(given):\n    return given['Records'][0]['s3']\n");
    std::vector<std::string> told;
    for (const DetectedHandler& handler : detectHandlers(folder.path()))
        told.push_back(handler.handler + ": " + std::string(nameOf(handler.reading.event)));
    EXPECT_THAT(told, ElementsAre("app.load: s3", "app.plain: plain", "app.web: http-v1",
                                  "index.a$: s3", "index.b: eventbridge", "one.handler: s3"));
}

} // namespace
} // namespace coldframe::test
