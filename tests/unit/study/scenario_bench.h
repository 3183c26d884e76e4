#pragma once

#include <filesystem>
#include <fstream>
#include <memory>

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

#include "study/result_text.h"
#include "study/simulation.h"

// A small scenario to change, and what is wrong with it.
namespace coldframe::study {

namespace fs = std::filesystem;
using nlohmann::json;
inline const fs::path kRoot = COLDFRAME_SOURCE_DIR;

inline std::string contents(const fs::path& file)
{
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A small right scenario; tests change one thing.
inline json small()
{
    return json::parse(R"({"format": 1, "durationS": 1000, "replications": 2, "functions": {"f": {
        "service": {"law": "exponential", "meanS": 0.5},
        "arrivals": {"law": "poisson", "ratePerS": 2}}}})");
}

inline ScenarioFile fileOf(const json& scenario)
{
    return {scenario.dump(2), "s.json", kRoot, kRoot / "resources"};
}

inline std::vector<std::string> problemsOf(const json& scenario)
{
    const auto prepared = fileOf(scenario).prepare({});
    std::vector<std::string> all;
    if (!prepared)
        for (const Error& error : prepared.error())
            all.push_back(describe(error));
    return all;
}

/// What is wrong with a scenario in which one value is another one.
struct BadValue {
    const char* name;
    const char* pointer;
    const char* value; ///< JSON
    bool schema; ///< whether the schema, which sees one value at a time, takes it
    const char* message;
};

/// The result of running a scenario as users get it, but for how long it took.
inline json resultOf(const json& scenario, SimulationOptions options = {.threads = 1})
{
    auto result = simulate(fileOf(scenario), options);
    EXPECT_TRUE(result) << (result ? "" : describe(result.error()));
    result->tookS = 0;
    return json::parse(toJson(*result));
}

inline double meanOf(const json& figures, const char* pointer)
{
    return figures.at(json::json_pointer(pointer)).at("mean").get<double>();
}

inline json with(const char* pointer, json value)
{
    json scenario = small();
    scenario[json::json_pointer(pointer)] = std::move(value);
    return scenario;
}

inline bool schemaAccepts(const json& document)
{
    static const auto parsed = [] {
        auto result = std::make_unique<valijson::Schema>();
        const json text
            = json::parse(contents(kRoot / "resources" / "schema" / "scenario.schema.json"));
        valijson::adapters::NlohmannJsonAdapter adapter(text);
        valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(adapter, *result);
        return result;
    }();
    valijson::adapters::NlohmannJsonAdapter adapter(document);
    return valijson::Validator().validate(*parsed, adapter, nullptr);
}

} // namespace coldframe::study
