#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/law.h"

namespace coldframe::traces {

/// Minutes in which a function was invoked, rising, and how often in each.
struct Cells {
    std::span<const std::uint16_t> minutes;
    std::span<const std::uint32_t> counts;
};

/// No service is shorter: the published figures are whole milliseconds.
inline constexpr std::int64_t kLeastServiceUs = 1000;

/// Room for cells that are made when they are asked for.
struct CellBuffer {
    std::vector<std::uint16_t> minutes;
    std::vector<std::uint32_t> counts;
};

/// Functions, how often each is invoked in each minute, and how long it takes. Functions stand in
/// an order that does not depend on the rows of a file. May be asked from several threads.
class Workload {
public:
    virtual ~Workload() = default;

    virtual std::size_t functions() const = 0;
    virtual std::size_t minutes() const = 0;
    virtual std::string name(std::size_t function) const = 0;
    /// Whose draws (sim::Stream).
    virtual std::uint64_t entity(std::size_t function) const = 0;
    /// Every invocation's, in µs.
    virtual std::int64_t serviceUs(std::size_t function) const = 0;
    /// Of its single invocations; null where only their average is known.
    virtual const sim::Law* serviceLaw(std::size_t function) const = 0;
    /// What an instance occupies, in MB; 0: not known.
    virtual double memoryMb(std::size_t function) const = 0;
    /// Those from one minute up to before another. `buffer` may be used to hold them.
    virtual Cells cells(std::size_t function, std::size_t fromMinute, std::size_t toMinute,
                        CellBuffer& buffer) const = 0;
    /// About how many invocations; for sharing out the work.
    virtual std::uint64_t expectedInvocations(std::size_t function) const = 0;
};

} // namespace coldframe::traces
