#include <algorithm>

#include <fmt/format.h>

#include "model/suggestion.h"
#include "scenario/parts.h"

// What functions share, and their visits there.
namespace coldframe::scenario::detail {

namespace {

using sim::BackendRules;
constexpr std::size_t kMostBackends = 1000, kMostVisits = 1000;

BackendRules readBackend(JsonReader& in, const std::string& name)
{
    BackendRules rules;
    rules.name = name;
    in.require("servers", "say how many visits it works on at once");
    rules.servers = static_cast<std::uint32_t>(in.integer("servers", {1, 1'000'000}, 1));
    rules.discipline = in.choice<BackendRules::Discipline>(
        "discipline",
        {{"fifo", BackendRules::Discipline::Fifo}, {"sharing", BackendRules::Discipline::Sharing}},
        BackendRules::Discipline::Fifo);
    if (const auto most = in.value("maxConnections"); most && most->kind() != JsonValue::Kind::Null)
        rules.maxConnections
            = static_cast<std::uint32_t>(in.integer("maxConnections", {1, 10'000'000}, 1));
    rules.overLimit = in.choice<BackendRules::OverLimit>(
        "overLimit",
        {{"error", BackendRules::OverLimit::Error}, {"wait", BackendRules::OverLimit::Wait}},
        BackendRules::OverLimit::Error);
    if (in.has("overLimit") && !in.has("maxConnections"))
        in.fail(Error::Code::Conflict, "overLimit", "there is no limit of connections to pass",
                "add \"maxConnections\", or take \"overLimit\" away");
    in.rejectOtherKeys();
    return rules;
}

VisitSpec readVisit(JsonReader& in, const Source& source)
{
    VisitSpec spec;
    spec.pointer = in.pointer();
    in.require("backend", "name one of the scenario's \"backends\"");
    spec.backend = in.string("backend", "", {1, 140});
    spec.visits.service = readPlainLaw(in, "service", "the law of one visit", source);
    spec.visits.count = static_cast<std::uint32_t>(in.integer("count", {1, 10'000}, 1));
    in.rejectOtherKeys();
    return spec;
}

} // namespace

std::vector<BackendRules> readBackends(JsonReader& in, const Source& source)
{
    std::vector<BackendRules> all;
    for (const JsonMember& member : in.members("backends", "the backends")) {
        const std::string pointer = childPointer(in.pointer("backends"), member.key);
        if (!isName(member.key)) {
            source.errors.push_back(errorAt(
                source.text, pointer, true, Error::Code::Malformed, "this is no name for a backend",
                "use letters, digits and _ . : - (not at the beginning), 140 at most"));
            continue;
        }
        JsonReader backend(source.text, member.value, pointer, "a backend", source.errors);
        if (backend.valid())
            all.push_back(readBackend(backend, member.key));
    }
    if (all.size() > kMostBackends)
        in.fail(Error::Code::LimitReached, "backends",
                fmt::format("there are {} backends, more than {}", all.size(), kMostBackends));
    return all;
}

std::vector<VisitSpec> readVisits(JsonReader& in, const Source& source)
{
    std::vector<VisitSpec> all;
    const auto found = in.value("visits");
    if (!found)
        return all;
    if (!found->isArray()) {
        in.fail(Error::Code::Malformed, "visits", "visits must be a list",
                R"(write it as [{"backend": "db", "service": {"law": …}}])");
        return all;
    }
    const auto elements = found->elements();
    if (elements.size() > kMostVisits) {
        in.fail(Error::Code::LimitReached, "visits",
                fmt::format("there are {} entries, more than {}", elements.size(), kMostVisits),
                "give entries a \"count\"");
        return all;
    }
    for (std::size_t i = 0; i < elements.size(); ++i) {
        JsonReader visit(source.text, elements[i],
                         childPointer(in.pointer("visits"), std::to_string(i)), "a visit",
                         source.errors);
        if (visit.valid())
            all.push_back(readVisit(visit, source));
    }
    return all;
}

void findBackends(Scenario& scenario, const Source& source)
{
    std::vector<std::string> names;
    for (const BackendRules& backend : scenario.backends)
        names.push_back(backend.name);
    for (ScenarioFunction& function : scenario.functions)
        for (VisitSpec& visit : function.visits) {
            const auto found = std::ranges::find(names, visit.backend);
            if (found != names.end()) {
                visit.visits.backend = static_cast<std::uint32_t>(found - names.begin());
                continue;
            }
            if (visit.backend.empty())
                continue; // missing or no text: that is recorded
            const auto meant = suggestFor(visit.backend, names);
            source.errors.push_back(
                errorAt(source.text, visit.pointer + "/backend", false, Error::Code::Missing,
                        fmt::format("the scenario has no backend \"{}\"", visit.backend),
                        meant               ? fmt::format("did you mean \"{}\"?", *meant)
                            : names.empty() ? "describe it in \"backends\""
                                            : "there are " + listOfNames(names)));
        }
}

} // namespace coldframe::scenario::detail
