#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scenario/scenario.h"
#include "sim/law.h"

namespace coldframe::study {

/// What a published trace tells of one function.
struct TracedFunction {
    std::string name; ///< as published: a hash
    std::uint32_t rank = 0; ///< among the trace's functions by invocations, from 1
    std::uint64_t invocations = 0;
    double lengthS = 0; ///< of the trace
    // Azure 2019 counts invocations by the minute and summarises their durations …
    std::vector<std::uint16_t> minutes; ///< those with invocations, rising
    std::vector<std::uint32_t> counts; ///< beside `minutes`
    sim::Law service;
    // … and 2021 lists them, in ns from the beginning of the trace, by start.
    std::vector<std::int64_t> starts, durations;
};

/// Functions of traces that a scenario names: each is looked up once, however often it is asked
/// for, and a file is read once until close(). Not for several threads at once.
class TraceShelf {
public:
    TraceShelf();
    ~TraceShelf();
    TraceShelf(const TraceShelf&) = delete;
    TraceShelf& operator=(const TraceShelf&) = delete;

    /// Relative paths count from `folder`. Errors: what the files' readers say, with the place in
    /// the file; no such function, several whose names begin so.
    Result<std::shared_ptr<const TracedFunction>> find(const scenario::TraceRef& ref,
                                                       const std::filesystem::path& folder);
    /// Lets go of the files; functions that were found stay.
    void close();

private:
    struct Opened;
    Result<std::shared_ptr<Opened>> open(const scenario::TraceRef& ref,
                                         const std::filesystem::path& path);

    std::map<std::string, std::shared_ptr<Opened>> m_files;
    std::map<std::string, std::shared_ptr<const TracedFunction>> m_found;
};

} // namespace coldframe::study
