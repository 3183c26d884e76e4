#pragma once

#include <string>
#include <vector>

#include "engine/configuration.h"
#include "model/error.h"

// Platform files: rules and limits of a platform as data, every figure with its source and date.
// docs/PLATFORMS.md describes the format, resources/schema/platform.schema.json checks it.
namespace coldframe::engine {

/// Where a figure comes from, shown wherever the figure is.
enum class Origin : std::uint8_t {
    Documented, ///< the provider says so
    Measured, ///< somebody measured it, on the date given
    Modelled, ///< derived from measurements; the note says how
    Assumed, ///< nobody confirmed it
};

/// One figure as its file gives it, for screens, reports and exports.
struct Figure {
    std::string pointer; ///< JSON Pointer: "/scaling/scaleUp/capacity"
    std::string value; ///< as JSON text: "1000"
    std::string unit; ///< "instances"; empty for names and yes/no
    std::string source; ///< public address or name of a public document
    std::string asOf; ///< "2026", "2026-07" or "2026-07-12"
    Origin origin = Origin::Documented;
    std::string note;
};

/// What the engine does not need but bills and screens do.
struct PlatformDetails {
    std::string architecture; ///< "x86_64", "arm64"; empty when the platform has no such choice
    std::vector<Figure> figures; ///< in file order
};

/// Reads the text of a platform file.
///
/// A limit the file leaves out is unlimited (0xffff'ffff; a token bucket of capacity 0); a retry or
/// billing rule it leaves out is absent (no retries, no chunks).
///
/// Errors: not JSON (with line and column), unknown or missing keys, values outside their bounds,
/// a figure without source or date, rules that contradict each other, and rules which the format
/// knows but this version cannot run: running without them would give wrong numbers.
Result<Platform> readPlatform(const std::string& text, const std::string& fileName);

/// Reads the same file for its figures. Fails exactly when readPlatform() does.
Result<PlatformDetails> readPlatformDetails(const std::string& text, const std::string& fileName);

/// Every figure the format knows, as JSON Pointers. Schema and documentation are tested against it.
std::vector<std::string> platformKeys();

} // namespace coldframe::engine
