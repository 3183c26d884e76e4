#include <gmock/gmock.h>

#include "model/node_exports.h"

namespace coldframe::test {
namespace {

using testing::IsEmpty;

/// "handler!" is named as one, "run+" takes an event, "slug" is some function.
std::vector<std::string> shown(std::string_view source)
{
    std::vector<std::string> names;
    for (const NodeExport& one : nodeExports(source)) {
        const char* const marks[] = {"", "+", "!"};
        names.push_back(one.name + marks[static_cast<int>(one.likeness)]);
    }
    return names;
}

TEST(NodeExports, AreFunctions)
{
    struct Row {
        const char* name;
        const char* source;
        std::vector<std::string> found;
    };
    const std::vector<Row> rows{
        {"exports", "exports.handler = async (event) => {", {"handler!"}},
        {"of one that is declared",
         "function resize(event) {}\nmodule.exports.resize = resize;",
         {"resize+"}},
        {"of one that is declared further down",
         "exports.run = run\nconst run = async evt => 1",
         {"run+"}},
        {"of one from elsewhere", "module.exports.resize = resize;", {}},
        {"constant", "export const run = async (event) => 1;", {"run+"}},
        {"function", "export async function run(event) {", {"run+"}},
        {"context second", "exports.run = function (input, context) {", {"run+"}},
        {"no parameters", "exports.run = async () => 1", {"run"}},
        {"what events hold", "export const run = async ({ Records }) => 1", {"run+"}},
        {"what they do not", "export const save = async ({ name, id }) => 1", {"save"}},
        {"parameters on lines",
         "export const run = async (\n  event,\n  context,\n) => {",
         {"run+"}},
        {"object", "module.exports = { handler };", {"handler!"}},
        {"names of an object",
         "const slug = (s) => s;\nfunction trim(s) {}\n"
         "module.exports = { slug, trim, TABLE: 'x', limit: 5,\n  run: async (event) => {}, "
         "more(event, context) { return 1 } };",
         {"slug", "trim", "run+", "more+"}},
        {"export list",
         "const run = async (event) => 1;\nexport { run, client, run as twice };",
         {"run+", "twice+"}},
        {"wrapped", "export const run = middy(async (event) => {", {"run+"}},
        {"wrapped by name",
         "const base = async (event) => 1;\nexport const run = middy(base).use(json());",
         {"run+"}},
        {"wrapped at the end of a chain",
         "const base = async (event) => 1;\nexport const run = middy().use(a()).handler(base);",
         {"run+"}},
        {"streaming",
         "exports.run = awslambda.streamifyResponse(async (event, stream, context) => {",
         {"run+"}},
        {"a handler made by a library", "exports.handler = serverless(app);", {"handler!"}},
        {"a handler from elsewhere", "export { handler } from './src/app.mjs';", {"handler!"}},
        {"only the handler", "exports.help = (event) => 1;\nexports.handler = f;", {"handler!"}},
        {"only the lambdaHandler",
         "export const help = (event) => 1;\nexport const lambdaHandler = async () => 1;",
         {"lambdaHandler!"}},
        {"a chain of names", "exports.main = exports.run = async (event) => 1;", {"main+"}},
        {"set to nothing first", "exports.handler = void 0;", {}},
        {"a client", "export const client = new DynamoDBClient({});", {}},
        {"a client of a client",
         "const client = new DynamoDBClient({});\n"
         "export const docClient = DynamoDBDocumentClient.from(client);",
         {}},
        {"a variable", "module.exports.TABLE = process.env.TABLE;", {}},
        {"a number", "exports.LIMIT = 5;", {}},
        {"a text", "export const name = 'x';", {}},
        {"a sum in brackets", "exports.total = (1 + 2) * 3;", {}},
        {"compared", "if (x)\n  exports.mode == run", {}},
        {"not exported", "const handler = async () => {};", {}},
        {"in a comment", "// exports.handler = async (event) => 1", {}},
        {"twice", "const f = (event) => 1;\nexports.a = f;\nexports.a = f;", {"a+"}},
    };
    for (const Row& row : rows)
        EXPECT_EQ(shown(row.source), row.found) << row.name;
}

TEST(NodeExports, StandHugeAndStrangeSources)
{
    EXPECT_THAT(shown(std::string("\0\xff\n", 3)), IsEmpty());
    EXPECT_THAT(shown("exports.a = a;\nconst a = b;\nconst b = a;"), IsEmpty());
    EXPECT_THAT(shown("exports.a = " + std::string(1'000'000, '(')), IsEmpty());
    EXPECT_THAT(shown("module.exports = { a: " + std::string(100'000, '{')), IsEmpty());
    EXPECT_THAT(shown("export { a /*"), IsEmpty());
    EXPECT_THAT(shown("exports.a = f(\"unclosed"), IsEmpty());
}

} // namespace
} // namespace coldframe::test
