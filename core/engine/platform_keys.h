#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/platform_file.h"

// Inside of platform_file: the format as a table, one row a figure. Not for other rooms.
namespace coldframe::engine::detail {

inline constexpr std::int64_t kUnlimited = std::numeric_limits<std::uint32_t>::max();

enum class Kind {
    Count, ///< a whole number
    Ratio, ///< a decimal number
    Time,
    Times, ///< a list of times
    Bytes,
    Flag, ///< true or false
    Choice, ///< one of several names
    Survival, ///< a list of [time, share alive]
    Pairs, ///< a list of [whole number, number]
};

/// What this version does with a figure.
enum class Use {
    Applied, ///< the engine or the bill runs by it
    Shown, ///< for people and other rooms
    Later, ///< a rule the format knows and the engine does not run yet: refused
};

/// A figure's value; which member counts depends on its Kind. Times are ns, sizes bytes.
struct Value {
    std::int64_t number = 0; ///< of Ratio in millionths
    std::string name;
    bool flag = false;
    std::vector<std::int64_t> numbers;
    std::vector<KeepAlive::Point> points;
};

/// A platform file half read.
struct Draft {
    Platform platform;
    PlatformDetails details;
    std::string policy;
    std::optional<Duration> fixed;
    std::vector<KeepAlive::Point> survival;
    Millionths panicWindow = 0; ///< share of the window

    bool has(std::string_view pointer) const;
};

using Apply = void (*)(Draft&, const Value&);

struct Key {
    std::string_view pointer;
    Kind kind;
    Use use;
    std::string_view unit{}; ///< of Count, Ratio and Pairs
    std::string_view choices{}; ///< of Choice: "a|b|c"
    std::string_view runs{}; ///< the names or the count this version can run; empty: all
    bool required = false;
    std::int64_t min = 0, max = kUnlimited; ///< of Count and Bytes, inclusive
    Apply apply = nullptr;
};

std::span<const Key> platformKeyTable();

/// The first rule between figures that the draft breaks, without its place in the file. Fills in
/// what follows from several figures: the keep-alive, the windows. Of scaling only when `runs`:
/// when this version can run what the file says.
std::optional<Error> brokenRule(Draft& draft, bool runs);

} // namespace coldframe::engine::detail
