#include <set>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "engine/platform_file.h"
#include "files.h"
#include "model/json_text.h"

using namespace coldframe;
using namespace coldframe::tests;
using nlohmann::json;

namespace {

/// Empty when the schema accepts the document, else what is wrong.
std::string refusal(const std::filesystem::path& schemaFile, const json& document)
{
    using valijson::adapters::NlohmannJsonAdapter;
    const json schemaText = json::parse(textOf(schemaFile));
    valijson::Schema schema;
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(NlohmannJsonAdapter(schemaText), schema);
    valijson::Validator validator;
    valijson::ValidationResults results;
    if (validator.validate(schema, NlohmannJsonAdapter(document), &results))
        return {};
    std::string text = "refused";
    valijson::ValidationResults::Error error;
    while (results.popError(error))
        text.append("\n").append(error.description);
    return text;
}

/// JSON Pointers of all figures in a schema, below `pointer`.
void collectFigures(const json& schema, const std::string& pointer, std::set<std::string>& out)
{
    for (const auto& [key, value] : schema.at("properties").items()) {
        if (!value.is_object() || !value.contains("properties"))
            continue;
        const std::string at = childPointer(pointer, key);
        if (value.at("properties").contains("value"))
            out.insert(at);
        else
            collectFigures(value, at, out);
    }
}

} // namespace

TEST(PlatformSchema, acceptsEveryPlatformFile)
{
    std::vector<std::filesystem::path> files = jsonFilesIn(kPlatforms);
    EXPECT_EQ(files.size(), 5U);
    std::ranges::copy(jsonFilesIn(kLaterPlatforms), std::back_inserter(files));
    for (const auto& file : files)
        EXPECT_EQ(refusal(kSchemas / "platform.schema.json", json::parse(textOf(file))), "")
            << file;
}

TEST(PlatformSchema, refusesWhatTheReaderRefuses)
{
    const json good = json::parse(textOf(kPlatforms / "aws-lambda-x86_64.json"));
    const std::pair<std::string, json> patches[] = {
        {"unknown key at the root", {{{"op", "add"}, {"path", "/colour"}, {"value", 1}}}},
        {"unknown key in a section", {{{"op", "add"}, {"path", "/cpu/turbo"}, {"value", 1}}}},
        {"unknown key in a figure", {{{"op", "add"}, {"path", "/cpu/mbPerVcpu/x"}, {"value", 1}}}},
        {"unknown unit", {{{"op", "replace"}, {"path", "/cpu/mbPerVcpu/unit"}, {"value", "kg"}}}},
        {"no source", {{{"op", "remove"}, {"path", "/cpu/mbPerVcpu/source"}}}},
        {"empty source", {{{"op", "replace"}, {"path", "/cpu/mbPerVcpu/source"}, {"value", ""}}}},
        {"no date", {{{"op", "remove"}, {"path", "/cpu/mbPerVcpu/asOf"}}}},
        {"unknown origin",
         {{{"op", "replace"}, {"path", "/cpu/mbPerVcpu/origin"}, {"value", "?"}}}},
        {"unknown name",
         {{{"op", "replace"}, {"path", "/instances/dispatch/value"}, {"value", "x"}}}},
        {"required figure missing", {{{"op", "remove"}, {"path", "/coldStart/sandbox"}}}},
        {"negative time",
         {{{"op", "replace"}, {"path", "/coldStart/sandbox/value"}, {"value", -1}}}},
    };
    for (const auto& [name, patch] : patches) {
        const json bad = good.patch(patch);
        EXPECT_NE(refusal(kSchemas / "platform.schema.json", bad), "") << name;
        EXPECT_FALSE(engine::readPlatform(bad.dump(), "p.json")) << name;
    }
}

TEST(PlatformSchema, knowsTheSameFiguresAsTheReader)
{
    std::set<std::string> inSchema;
    collectFigures(json::parse(textOf(kSchemas / "platform.schema.json")), "", inSchema);
    const std::vector<std::string> keys = engine::platformKeys();
    EXPECT_EQ(inSchema, std::set<std::string>(keys.begin(), keys.end()));
}

TEST(PlatformSchema, everyFigureIsDocumented)
{
    const std::string page = textOf(kSource / "docs/PLATFORMS.md");
    for (std::string key : engine::platformKeys()) {
        std::ranges::replace(key, '/', '.');
        key.front() = '`';
        key.push_back('`');
        EXPECT_NE(page.find(key), std::string::npos) << key;
    }
}

TEST(PriceSchema, acceptsEveryPriceBookAndRefusesUnknownKeys)
{
    for (const auto& file : jsonFilesIn(kPrices)) {
        json book = json::parse(textOf(file));
        EXPECT_EQ(refusal(kSchemas / "prices.schema.json", book), "") << file;
        book["prices"]["coffee"] = 1;
        EXPECT_NE(refusal(kSchemas / "prices.schema.json", book), "");
    }
}
