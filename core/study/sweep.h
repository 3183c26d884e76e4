#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/error.h"

namespace coldframe::study {

/// One setting changed: a dotted path into a JSON file and the value it gets, as JSON text.
struct Setting {
    std::string path; ///< "functions.f.memoryMb", as typed
    std::string value; ///< "256", "\"random\"", "null"
    bool operator==(const Setting&) const = default;
};

/// One setting at several values.
struct Sweep {
    std::string path;
    std::vector<std::string> values;
};

/// "path=value". A value that is no JSON is text: platform=knative. Errors: no "=", an empty path.
Result<Setting> parseSetting(const std::string& text);

/// "path=a,b,c" or "path=60..3600/10": ten numbers, evenly apart, both ends included. Values that
/// are whole stay whole. Errors: as above, no values, fewer than two steps, more than a million.
Result<Sweep> parseSweep(const std::string& text);

/// Number of combinations of all sweeps; stops at 2^63.
std::uint64_t pointCount(const std::vector<Sweep>& sweeps);
/// One combination: the last sweep varies fastest.
std::vector<Setting> pointAt(const std::vector<Sweep>& sweeps, std::uint64_t index);

/// The JSON Pointer of a dotted path: names with dots are written in quotes, as in
/// functions."a.b".memoryMb.
Result<std::string> pointerOf(const std::string& path);

} // namespace coldframe::study
