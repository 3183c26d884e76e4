#pragma once

#include <string>
#include <string_view>

#include "model/error.h"
#include "process/launch.h"
#include "process/status_record.h"

namespace coldframe::process {

Error makeError(Error::Code code, std::string message, std::string hint);

/// Value of a name in a "NAME=value" list; the last one wins, as for exec. Empty when absent.
std::string_view environmentValue(const LaunchSpec& spec, std::string_view name);

/// Absolute path of the program the spec names, or what is wrong with it.
Result<std::string> findProgram(const LaunchSpec& spec);

/// What a failed start means and what to do about it.
/// @param error  errno of the step
Error explainStartFailure(StartStep step, int error, const std::string& program,
                          const LaunchSpec& spec);

} // namespace coldframe::process
