#pragma once

#include "model/error.h"
#include "traces/workload.h"

namespace coldframe::traces {

/// A made-up day of a large platform, with the figures that are published of Azure Functions in
/// 2019 and made of nothing but the seed (docs/TRACES.md says which are published and which are
/// assumed). Counts are drawn when they are asked for, so a day of 50,000 functions takes a few
/// megabytes. Function 0 is the most popular.
class SyntheticDay : public Workload {
public:
    static constexpr std::size_t kLeastFunctions = 100, kMostFunctions = 1'000'000;
    static constexpr std::size_t kMinutes = 1440;

    /// `functions` from kLeastFunctions to kMostFunctions.
    SyntheticDay(std::size_t functions, std::uint64_t seed);

    std::size_t functions() const override { return m_functions.size(); }
    std::size_t minutes() const override { return kMinutes; }
    std::string name(std::size_t function) const override;
    std::uint64_t entity(std::size_t function) const override { return function + 1; }
    std::int64_t serviceUs(std::size_t function) const override
    {
        return m_functions[function].serviceUs;
    }
    const sim::Law* serviceLaw(std::size_t) const override { return nullptr; }
    double memoryMb(std::size_t function) const override { return m_functions[function].memoryMb; }
    Cells cells(std::size_t function, std::size_t fromMinute, std::size_t toMinute,
                CellBuffer& buffer) const override;
    std::uint64_t expectedInvocations(std::size_t function) const override
    {
        return static_cast<std::uint64_t>(m_functions[function].invocations);
    }

private:
    struct Function {
        double invocations; ///< expected in the day
        std::int64_t serviceUs;
        double memoryMb;
    };
    std::vector<Function> m_functions;
    std::uint64_t m_seed;
};

} // namespace coldframe::traces
