#pragma once

#include <string>

#include "model/json_reader.h"
#include "patterns/dialect.h"

// Inside of this room: where readers put what is wrong.
namespace coldframe::patterns {

/// Words each finding as the platform does, and says where it is and what to do. Wordings after
/// "Reason:", but for a full stop at the end, are those of EventBridge where they are known:
/// recorded from the service in localstack/localstack 02df38cc, test_events_patterns.snapshot.json
/// (2024-12-05), and for "exists" in serverless/serverless issue 7506 (2020-08-10); read 2026-11.
struct Findings {
    const JsonText& text;
    Dialect dialect;
    Errors& errors;

    void add(const std::string& pointer, std::string reason, std::string hint,
             Error::Code code = Error::Code::Malformed, bool atKey = false)
    {
        if (reason.ends_with('.'))
            reason.pop_back();
        const char* const refusal = dialect == Dialect::EventBus
            ? "Event pattern is not valid. Reason: "
            : "Invalid filter pattern definition. Reason: ";
        errors.push_back(errorAt(text, pointer, atKey, code, refusal + reason, std::move(hint)));
    }
};

} // namespace coldframe::patterns
