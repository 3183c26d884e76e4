#include "study/cold_starts.h"

#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "model/json_reader.h"
#include "model/resources.h"
#include "model/suggestion.h"
#include "sim/elementary.h"

namespace coldframe::study {

namespace {

/// One cell of the file: how long the init of a runtime took.
struct Cell {
    std::int64_t count = 0;
    double p50Ms = 0, p95Ms = 0;
    std::uint32_t memoryMb = 0;
};

std::vector<std::string> keysOf(const std::optional<JsonValue>& object)
{
    std::vector<std::string> keys;
    if (object && object->isObject())
        for (const JsonMember& member : object->members())
            keys.push_back(member.key);
    return keys;
}

/// Init durations hardly depend on memory: the nearest size that was measured.
std::optional<Cell> nearest(const JsonValue& sizes, std::uint32_t memoryMb)
{
    std::optional<Cell> best;
    for (const JsonMember& member : sizes.members()) {
        const auto size = static_cast<std::uint32_t>(std::strtoul(member.key.c_str(), nullptr, 10));
        const auto apart = [&](std::uint32_t mb) {
            return std::abs(static_cast<std::int64_t>(mb) - std::int64_t{memoryMb});
        };
        const auto columns = member.value.elements();
        if (columns.size() >= 3 && (!best || apart(size) < apart(best->memoryMb)))
            best = Cell{columns[0].integer().value_or(0), columns[1].number(), columns[2].number(),
                        size};
    }
    return best;
}

sim::Law lawOf(const Cell& cell)
{
    constexpr double kNormalP95 = 1.6448536269514722;
    sim::Law law;
    law.kind = sim::Law::Kind::Lognormal;
    law.a = sim::logOf(cell.p50Ms * 1e-3);
    law.b = sim::logOf(cell.p95Ms / cell.p50Ms) / kNormalP95;
    return law;
}

} // namespace

std::vector<Error> fillColdStarts(Prepared& prepared, const std::filesystem::path& resources,
                                  const JsonText& text)
{
    std::vector<Error> errors;
    std::optional<JsonText> published;
    for (scenario::ScenarioFunction& function : prepared.scenario.functions) {
        if (!function.coldStart || function.coldStart->runtime.empty())
            continue;
        if (!published) {
            const auto file = resources / "coldstarts" / "aws-lambda.json";
            auto read = readText(file);
            auto json
                = read ? parseJson(std::move(*read), file.string()) : tl::unexpected(read.error());
            if (!json)
                return {json.error()};
            published = std::move(*json);
        }
        const scenario::ColdStartSpec& spec = *function.coldStart;
        const auto runtimes = published->root().find("runtimes");
        const auto runtime = runtimes ? runtimes->find(spec.runtime) : std::nullopt;
        const std::string pointer = function.pointer + "/coldStart/runtime";
        if (!runtime) {
            const auto names = keysOf(runtimes);
            const auto meant = suggestFor(spec.runtime, names);
            errors.push_back(
                errorAt(text, pointer, false, Error::Code::Missing,
                        fmt::format("no cold starts are published for \"{}\"", spec.runtime),
                        meant ? fmt::format("did you mean \"{}\"?", *meant)
                              : "there are " + listOfNames(names)));
            continue;
        }
        const auto package = runtime->find(spec.package);
        const auto sizes
            = package ? package->find(cost::nameOf(function.model.architecture)) : std::nullopt;
        const auto cell = sizes ? nearest(*sizes, function.model.rules.memoryMb) : std::nullopt;
        if (!cell) {
            errors.push_back(errorAt(text, pointer, false, Error::Code::Missing,
                                     fmt::format("no cold starts are published for \"{}\" as {} on "
                                                 "{}",
                                                 spec.runtime, spec.package,
                                                 cost::nameOf(function.model.architecture)),
                                     "choose another package or architecture, or give a law"));
            continue;
        }
        function.coldStart->law = lawOf(*cell);
        prepared.origins.push_back(
            {fmt::format("cold start of {}", function.model.name), "modelled",
             fmt::format("lognormal through p50 {:.4g} ms and p95 {:.4g} ms of {} inits of {} ({}, "
                         "{}, {} MB), {}, as of {}",
                         cell->p50Ms, cell->p95Ms, cell->count, spec.runtime, spec.package,
                         cost::nameOf(function.model.architecture), cell->memoryMb,
                         published->root().find("source")->string(),
                         published->root().find("asOf")->string())});
    }
    return errors;
}

} // namespace coldframe::study
