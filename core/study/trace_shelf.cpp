#include "study/trace_shelf.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "study/azure_day.h"
#include "study/fit.h"
#include "traces/requests_file.h"

namespace coldframe::study {

namespace {

namespace fs = std::filesystem;
using scenario::TraceRef;

constexpr std::int64_t kNsOfUs = 1000;

/// Places of functions by invocations, most first; of as many, the first in the trace's order.
std::vector<std::size_t> ranked(const std::vector<std::uint64_t>& invocations)
{
    std::vector<std::size_t> order(invocations.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(
        order, [&](std::size_t a, std::size_t b) { return invocations[a] > invocations[b]; });
    return order;
}

} // namespace

/// A trace in memory: names and how often each function is invoked, whatever the format.
struct TraceShelf::Opened {
    std::vector<std::string> names;
    std::vector<std::size_t> order; ///< by rank
    std::vector<std::uint64_t> invocations;
    AzureDay day; ///< of 2019
    MappedText text; ///< of 2021
    traces::RequestsFile requests;

    Result<std::size_t> placeOf(const TraceRef& ref) const;
    TracedFunction told(std::size_t place) const;
};

Result<std::size_t> TraceShelf::Opened::placeOf(const TraceRef& ref) const
{
    const auto missing = [](std::string message, std::string hint) {
        return tl::unexpected(Error{
            .code = Error::Code::Missing, .message = std::move(message), .hint = std::move(hint)});
    };
    if (ref.function.empty()) {
        if (ref.rank > order.size())
            return missing(fmt::format("rank {} is asked for, but the trace has {} functions",
                                       ref.rank, order.size()),
                           "lower it");
        return order[ref.rank - 1];
    }
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i].starts_with(ref.function))
            found.push_back(i);
    // A whole name may stand in several apps: the one invoked most is meant.
    const auto named = std::ranges::find_if(
        order, [&](std::size_t place) { return names[place] == ref.function; });
    if (named != order.end())
        return *named;
    if (found.empty())
        return missing(fmt::format("the trace has no function \"{}\"", ref.function),
                       "names are hashes; \"rank\": 1 is the function invoked most");
    if (found.size() > 1)
        return missing(fmt::format("{} functions of the trace begin with \"{}\", as {} and {}",
                                   found.size(), ref.function, names[found[0]], names[found[1]]),
                       "write more of its name");
    return found.front();
}

TracedFunction TraceShelf::Opened::told(std::size_t place) const
{
    TracedFunction told{.name = names[place], .invocations = invocations[place]};
    told.rank = static_cast<std::uint32_t>(std::ranges::find(order, place) - order.begin()) + 1;
    if (day.trace) {
        traces::CellBuffer buffer;
        const traces::Cells cells = day.trace->cells(place, 0, day.trace->minutes(), buffer);
        told.minutes.assign(cells.minutes.begin(), cells.minutes.end());
        told.counts.assign(cells.counts.begin(), cells.counts.end());
        told.lengthS = static_cast<double>(day.trace->minutes()) * 60;
        const sim::Law* law = day.trace->serviceLaw(place);
        told.service = law
            ? *law
            : sim::Law::constant(static_cast<double>(day.trace->serviceUs(place)) * 1e-6);
        return told;
    }
    told.lengthS = static_cast<double>(requests.endUs) * 1e-6;
    for (std::size_t i = requests.first[place]; i < requests.first[place + 1]; ++i) {
        const traces::Request& request = requests.requests[i];
        told.starts.push_back(std::max<std::int64_t>(request.startUs, 0) * kNsOfUs);
        told.durations.push_back(std::max(request.durationUs, std::int64_t{0}) * kNsOfUs);
    }
    return told;
}

TraceShelf::TraceShelf() = default;
TraceShelf::~TraceShelf() = default;

Result<std::shared_ptr<TraceShelf::Opened>> TraceShelf::open(const TraceRef& ref,
                                                             const fs::path& path)
{
    const std::string key = fmt::format("{} {}", path.string(), ref.day.value_or(0));
    if (const auto known = m_files.find(key); known != m_files.end())
        return known->second;
    auto opened = std::make_shared<Opened>();
    if (ref.kind == TraceRef::Kind::Azure2019) {
        auto day = readAzureDay(path, ref.day, {}, 1);
        if (!day)
            return tl::unexpected(day.error());
        opened->day = std::move(*day);
        for (std::size_t i = 0; i < opened->day.trace->functions(); ++i) {
            opened->names.push_back(opened->day.trace->name(i));
            opened->invocations.push_back(opened->day.trace->expectedInvocations(i));
        }
    } else {
        auto text = openText(path);
        if (!text)
            return tl::unexpected(text.error());
        auto requests = traces::readRequests(text->csv);
        if (!requests)
            return tl::unexpected(requests.error());
        opened->text = std::move(*text);
        opened->requests = std::move(*requests);
        const auto& first = opened->requests.first;
        for (std::size_t i = 0; i < opened->requests.names.size(); ++i) {
            opened->names.emplace_back(opened->requests.names[i].function);
            opened->invocations.push_back(first[i + 1] - first[i]);
        }
    }
    opened->order = ranked(opened->invocations);
    return m_files.emplace(key, std::move(opened)).first->second;
}

Result<std::shared_ptr<const TracedFunction>> TraceShelf::find(const TraceRef& ref,
                                                               const fs::path& folder)
{
    const fs::path given(ref.path);
    const fs::path path = given.is_absolute() ? given : folder / given;
    const std::string key
        = fmt::format("{} {} {} {}", path.string(), ref.day.value_or(0), ref.function, ref.rank);
    if (const auto known = m_found.find(key); known != m_found.end())
        return known->second;
    const auto opened = open(ref, path);
    if (!opened)
        return tl::unexpected(opened.error());
    const auto place = (*opened)->placeOf(ref);
    if (!place)
        return tl::unexpected(place.error());
    auto told = std::make_shared<const TracedFunction>((*opened)->told(*place));
    return m_found.emplace(key, std::move(told)).first->second;
}

void TraceShelf::close()
{
    m_files.clear();
}

} // namespace coldframe::study
