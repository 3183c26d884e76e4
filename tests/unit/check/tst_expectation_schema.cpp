#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

// The library's headers are older than our warnings.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

#include "check/expectation.h"

// Editors complete the file by the schema, Coldframe reads it by code: both must say the same.
namespace {

namespace fs = std::filesystem;
using namespace coldframe;
using namespace coldframe::check;
using nlohmann::json;

const fs::path kRoot = COLDFRAME_SOURCE_DIR;

std::string readAll(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

const json& document()
{
    static const json parsed
        = json::parse(readAll(kRoot / "resources" / "schema" / "expectation.schema.json"));
    return parsed;
}

bool schemaAccepts(const json& value, std::string& why)
{
    static const auto schema = [] {
        auto result = std::make_unique<valijson::Schema>();
        valijson::adapters::NlohmannJsonAdapter adapter(document());
        valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(adapter, *result);
        return result;
    }();
    valijson::adapters::NlohmannJsonAdapter adapter(value);
    valijson::ValidationResults results;
    const bool accepted = valijson::Validator().validate(*schema, adapter, &results);
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
        for (const std::string& step : error.context)
            why += step;
        why += ": " + error.description + "\n";
    }
    return accepted;
}

std::vector<Error> errorsOf(const std::string& text)
{
    const auto parsed = parseJson(text, "e.json");
    return parsed ? readExpectation(*parsed).errors : std::vector<Error>{parsed.error()};
}

TEST(Schema, ofTheExamplesIsTheReaders)
{
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / "examples")) {
        if (!entry.path().string().ends_with(".expect.json"))
            continue;
        ++files;
        std::string why;
        const std::string text = readAll(entry.path());
        EXPECT_TRUE(schemaAccepts(json::parse(text), why)) << entry.path() << '\n' << why;
        EXPECT_EQ(describe(errorsOf(text)), "") << entry.path();
    }
    EXPECT_GE(files, 30);
}

/// What the reader finds beyond a schema's means: words that exclude each other, and expressions.
bool isBeyondTheSchema(const Error& error)
{
    return error.code == Error::Code::Conflict
        || error.message.find("the regular expression") != std::string::npos;
}

/// Removes each key, and gives each value another type, in turn: the verdicts stay equal.
void compareMutations(const json& original, const json::json_pointer& at)
{
    const json& here = original.at(at);
    for (std::size_t i = 0; i < (here.is_structured() ? here.size() : 0); ++i) {
        const json::json_pointer place
            = here.is_object() ? at / std::next(here.begin(), static_cast<long>(i)).key() : at / i;
        const std::string name = place.to_string();
        if (name.starts_with("/result/") || name.find("/json/") != std::string::npos)
            continue; // anything at all, but for the operators
        std::vector<json> changed;
        for (const json& wrong : {json(nullptr), json(true), json(-3), json(2.5), json("x"),
                                  json(""), json::array(), json::object()}) {
            changed.push_back(original);
            changed.back()[place] = wrong;
        }
        if (here.is_object()) {
            changed.push_back(original);
            changed.back()[at].erase(here.is_object() ? place.back() : "");
        }
        for (const json& one : changed) {
            std::string why;
            const bool accepted = schemaAccepts(one, why);
            const std::vector<Error> errors = errorsOf(one.dump());
            const bool structural = !std::ranges::all_of(errors, isBeyondTheSchema);
            if (accepted)
                EXPECT_FALSE(structural) << one.dump() << "\n" << describe(errors);
            else
                EXPECT_FALSE(errors.empty()) << one.dump() << "\n" << why;
        }
        compareMutations(original, place);
    }
}

TEST(Schema, givesEveryMutationTheReadersVerdict)
{
    const json original = json::parse(R"({
        "$schema": "s", "format": 1, "function": "f", "status": "succeeded",
        "result": {"a": 1}, "errorType": "E", "errorMessageMatches": "m",
        "logMatches": ["a", "b"], "maxPlatformMs": 5, "maxInitMs": 5, "maxCostUsd": 0.5,
        "outputs": [{"store": "s", "key": "k", "text": "t"},
                    {"store": "s", "keyMatches": "k", "absent": true},
                    {"store": "s", "key": "k", "matches": "m"},
                    {"store": "s", "key": "k", "json": {"a": 1}}],
        "given": {"s": "folder"}})");
    compareMutations(original, json::json_pointer(""));
}

TEST(Schema, knowsTheSameWords)
{
    EXPECT_EQ(document().at("/properties/status/enum"_json_pointer).get<std::vector<std::string>>(),
              expectableWords());
}

TEST(Schema, describesEveryKey)
{
    for (const char* place : {"/properties", "/definitions/output/properties"})
        for (const auto& [key, property] : document().at(json::json_pointer(place)).items())
            EXPECT_TRUE(property.contains("description")) << place << "/" << key;
}

} // namespace
