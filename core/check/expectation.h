#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "check/pattern.h"
#include "check/status.h"
#include "model/json_text.h"
#include "model/money.h"
#include "model/time.h"
#include "model/workspace.h"

// What is expected of a test event: the file `events/NAME.expect.json`. See docs/TESTING.md.
namespace coldframe::check {

inline constexpr int kExpectationFormat = 1; ///< the only one this program reads
inline constexpr std::size_t kMaxExpectationBytes = 16u << 20; ///< a whole result may be in it
inline constexpr std::size_t kMaxExpectedOutputs = 1'000;

/// An object that the function must, or must not, have written into one of its stores.
struct ExpectedOutput {
    std::string store;
    std::string key; ///< empty when it is found by `keyMatches`
    std::optional<Pattern> keyMatches;
    bool absent = false;
    std::optional<std::string> text; ///< the whole content
    std::optional<Pattern> matches; ///< somewhere in the content
    std::optional<JsonValue> json; ///< as Expectation::result
    std::string pointer; ///< of this output in the file: "/outputs/0"
};

struct LogPattern {
    Pattern pattern;
    std::string pointer;
};

struct Expectation {
    JsonText source; ///< the file; keeps the values below alive and knows where they stand
    std::string function; ///< empty: see functionFor()
    Status status = Status::Succeeded;
    std::optional<JsonValue> result; ///< what the result must hold, with operators
    std::optional<std::string> errorType;
    std::optional<Pattern> errorMessage;
    std::vector<LogPattern> log;
    std::optional<Duration> maxPlatform, maxInit;
    std::optional<Money> maxCost;
    std::vector<ExpectedOutput> outputs;
    /// Stores that begin with the files of a folder, which is relative to the expectation's own.
    std::map<std::string, std::string> given;
    /// Of every {"$matches": …}, by the pointer to its text.
    std::map<std::string, Pattern> patterns;
};

struct ExpectationReading {
    std::optional<Expectation> expectation; ///< set when `errors` is empty
    std::vector<Error> errors; ///< all that were found, in file order
};

/// Reads an expectation. What it names (function, stores, folders) is not looked for.
ExpectationReading readExpectation(const JsonText& text);

/// The function that a test event is for: the one the expectation names; else the one whose name
/// the event has, or has before its first dot ("resize.portrait"); else the only one there is.
/// `expectation` may be null. Errors: Missing, with the file and what to write.
Result<std::string> functionFor(const std::string& eventName, const Expectation* expectation,
                                const Workspace& workspace);

/// Stores that the expectation names and the workspace does not have.
std::vector<Error> unknownStores(const Expectation& expectation, const Workspace& workspace);

} // namespace coldframe::check
