#pragma once

#include <optional>

#include "traces/durations_file.h"
#include "traces/invocations_file.h"
#include "traces/memory_file.h"
#include "traces/workload.h"

namespace coldframe::traces {

/// What had to be assumed or left out when the files of a trace were put together.
struct JoinNotes {
    std::size_t withoutDuration = 0; ///< functions invoked, but not in the durations file
    std::int64_t assumedServiceUs = 0; ///< theirs: the median of the others' averages
    std::size_t neverInvoked = 0; ///< functions in the durations file alone
    std::size_t repeated = 0; ///< rows of invocations for a function that had one already
    std::size_t withoutMemory = 0;
};

/// A day of Azure Functions as published in 2019: three files whose rows do not stand in the same
/// order, put together by name. Functions stand in the order of their entities, so the order of
/// rows changes nothing. The texts of the files must outlive it.
class AzureTrace : public Workload {
public:
    AzureTrace(InvocationRows invocations, std::size_t minutes, const DurationsFile& durations,
               const std::vector<AppMemory>& memory);

    const JoinNotes& notes() const { return m_notes; }
    bool hasPercentiles() const { return !m_laws.empty(); }
    /// The most invocations of one function in one minute.
    std::uint32_t highestCount() const;

    std::size_t functions() const override { return m_functions.size(); }
    std::size_t minutes() const override { return m_minutes; }
    std::string name(std::size_t function) const override;
    std::uint64_t entity(std::size_t function) const override
    {
        return m_functions[function].entity;
    }
    std::int64_t serviceUs(std::size_t function) const override
    {
        return m_functions[function].serviceUs;
    }
    const sim::Law* serviceLaw(std::size_t function) const override;
    double memoryMb(std::size_t function) const override { return m_functions[function].memoryMb; }
    Cells cells(std::size_t function, std::size_t fromMinute, std::size_t toMinute,
                CellBuffer& buffer) const override;
    std::uint64_t expectedInvocations(std::size_t function) const override
    {
        return m_functions[function].invocations;
    }

private:
    struct Function {
        FunctionName name;
        std::uint64_t entity = 0, invocations = 0;
        std::size_t row = 0; ///< of its cells
        std::int64_t serviceUs = 0;
        std::size_t law = kNoLaw;
        double memoryMb = 0;
    };
    static constexpr std::size_t kNoLaw = ~std::size_t{0};

    void takeDurations(const DurationsFile& durations);
    void takeMemory(const std::vector<AppMemory>& memory);

    std::vector<Function> m_functions;
    std::vector<sim::Law> m_laws;
    MinuteCounts m_counts;
    std::size_t m_minutes;
    JoinNotes m_notes;
};

/// The rule of the exact replay: whole microseconds, at least one millisecond.
std::int64_t serviceOfAverage(double averageMs);

} // namespace coldframe::traces
