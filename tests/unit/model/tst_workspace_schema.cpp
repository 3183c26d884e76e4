#include <algorithm>
#include <filesystem>
#include <fstream>
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

#include "model/workspace_file.h"
#include "model/workspace_limits.h"
#include "temporary_folder.h"

// Editors complete the file by the schema, Coldframe reads it by code: both must say the same.
namespace coldframe::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kRoot = COLDFRAME_SOURCE_DIR;
const fs::path kSchemaFile = kRoot / "resources" / "schema" / "coldframe.schema.json";

const valijson::Schema& schema()
{
    static const auto parsed = [] {
        auto result = std::make_unique<valijson::Schema>();
        const json document = json::parse(readFile(kSchemaFile));
        valijson::adapters::NlohmannJsonAdapter adapter(document);
        valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(adapter, *result);
        return result;
    }();
    return *parsed;
}

bool schemaAccepts(const std::string& text, std::string& why)
{
    const json document = json::parse(text);
    valijson::adapters::NlohmannJsonAdapter adapter(document);
    valijson::ValidationResults results;
    const bool accepted = valijson::Validator().validate(schema(), adapter, &results);
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
        for (const std::string& step : error.context)
            why += step;
        why += ": " + error.description + "\n";
    }
    return accepted;
}

std::vector<fs::path> filesIn(const fs::path& folder, const std::string& name)
{
    std::vector<fs::path> files;
    if (!fs::exists(folder))
        return files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const bool wanted
            = name.empty() ? entry.path().extension() == ".json" : entry.path().filename() == name;
        if (wanted && entry.path().parent_path().filename() != "syntax")
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

class Agreement : public testing::TestWithParam<fs::path> { };

TEST_P(Agreement, SchemaAndReaderGiveTheSameVerdictOnStructure)
{
    const std::string kind = GetParam().parent_path().filename().string();
    std::string why;
    const bool accepted = schemaAccepts(readFile(GetParam()), why);
    EXPECT_EQ(accepted, kind != "structure") << why;
}

INSTANTIATE_TEST_SUITE_P(Workspaces, Agreement,
                         testing::ValuesIn(filesIn(kRoot / "tests" / "data" / "workspaces", "")),
                         [](const auto& row) {
                             return row.param.parent_path().filename().string() + "_"
                                 + row.param.stem().string();
                         });

TEST(Examples, ValidateBothWays)
{
    for (const fs::path& file : filesIn(kRoot / "examples", "coldframe.json")) {
        std::string why;
        EXPECT_TRUE(schemaAccepts(readFile(file), why)) << file << "\n" << why;
        const WorkspaceReading reading = readWorkspace(readFile(file), file.parent_path());
        EXPECT_TRUE(reading.errors.empty()) << file << "\n" << describe(reading.errors);
    }
}

/// Removes each key, and gives each value another type, in turn: the verdicts stay equal.
void compareMutations(const json& original, const json::json_pointer& at)
{
    const json& here = original.at(at);
    std::vector<json::json_pointer> places;
    if (here.is_object())
        for (const auto& [key, value] : here.items())
            places.push_back(at / key);
    for (const json::json_pointer& place : places) {
        for (const json& wrong : {json(nullptr), json(true), json(-3), json(2.5), json("x"),
                                  json(""), json::array(), json::object()}) {
            json changed = original;
            changed[place] = wrong;
            std::string why;
            const bool accepted = schemaAccepts(changed.dump(), why);
            const WorkspaceReading reading = readWorkspace(changed.dump(), "/home/ada/garden");
            const bool structural = std::ranges::any_of(reading.errors, [](const Error& error) {
                return error.message.find("there is no ") != 0 // names are the reader's business
                    && error.code != Error::Code::Conflict;
            });
            if (accepted)
                EXPECT_FALSE(structural) << place << " = " << wrong << "\n"
                                         << describe(reading.errors);
            else
                EXPECT_FALSE(reading.errors.empty()) << place << " = " << wrong << "\n" << why;
        }
        compareMutations(original, place);
    }
}

TEST(Mutations, OfEveryKeyGetTheSameVerdict)
{
    const json original = json::parse(
        readFile(kRoot / "tests" / "data" / "workspaces" / "valid" / "every_key.json"));
    compareMutations(original, json::json_pointer(""));
}

TEST(Schema, ReservesTheSameVariables)
{
    const json document = json::parse(readFile(kSchemaFile));
    const json& listed = document.at(
        "/definitions/function/properties/environment/propertyNames/not/enum"_json_pointer);
    EXPECT_EQ(listed.get<std::vector<std::string>>(), reservedVariables());
}

TEST(Schema, DescribesEveryKey)
{
    const json document = json::parse(readFile(kSchemaFile));
    for (const auto& [name, definition] : document.at("definitions").items()) {
        if (!definition.contains("properties")) {
            EXPECT_TRUE(definition.contains("description")) << name;
            continue;
        }
        for (const auto& [key, property] : definition.at("properties").items())
            EXPECT_TRUE(property.contains("description") || property.contains("$ref"))
                << name << "." << key;
    }
}

} // namespace
} // namespace coldframe::test
