#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/configuration.h"
#include "model/error.h"

namespace coldframe::study {

/// Settings that differ from the recorded ones: what `--set PATH=VALUE` says.
struct Changes {
    std::vector<std::string> texts; ///< as given, in order
    std::string platform; ///< id of another one; empty: the recorded one
    double rateFactor = 1; ///< of arrivals
    bool reseeded = false;
    std::uint64_t seed = 0; ///< when `reseeded`
    /// Of engine settings, in order.
    std::vector<std::function<void(engine::Configuration&)>> edits;

    bool any() const { return !texts.empty(); }
};

inline constexpr double kMaxRateFactor = 1'000;

/// What can be set for every function, after "functions.NAME.", and what for the run.
std::vector<std::string> functionSettings();
std::vector<std::string> runSettings();

/// What a setting may be, such as "a whole number from 128 to 10240": of what stands after
/// "functions.NAME.", or of the run. Empty: there is no such setting, or any text.
std::string allowedValues(std::string_view setting);
/// The orders of "pool.dispatch".
std::vector<std::string> dispatchOrders();

/// Reads settings such as "functions.f.memoryMb=512" or "pool.keepAliveS=60", the last of one path
/// wins. `functions` by FunctionId.
///
/// Errors: no "=", a path that does not exist (with the nearest one, and the functions there are),
/// a value that is none or out of bounds.
Result<Changes> readChanges(const std::vector<std::string>& settings,
                            const std::vector<std::string>& functions);

/// Every recorded configuration with the changes made. `platform` in its place when it is another.
/// Errors: a function with more provisioned than reserved concurrency.
Result<std::vector<engine::Configuration>>
changed(std::vector<engine::Configuration> configurations, const Changes& changes,
        const engine::Platform* platform, const std::vector<std::string>& functions);

} // namespace coldframe::study
