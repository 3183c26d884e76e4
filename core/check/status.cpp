#include "check/status.h"

namespace coldframe::check {

const char* word(Status status)
{
    switch (status) {
    case Status::Succeeded:
        return "succeeded";
    case Status::Failed:
        return "failed";
    case Status::FunctionError:
        return "function-error";
    case Status::Timeout:
        return "timeout";
    case Status::Crashed:
        return "crashed";
    case Status::OutOfMemory:
        return "out-of-memory";
    case Status::InitError:
        return "init-error";
    case Status::ResponseTooLarge:
        return "response-too-large";
    case Status::InvalidResponse:
        return "invalid-response";
    case Status::Cancelled:
        return "cancelled";
    case Status::Throttled:
        return "throttled";
    }
    return "";
}

const std::vector<std::string>& expectableWords()
{
    static const std::vector<std::string> words = [] {
        std::vector<std::string> all;
        for (int i = 0; i <= static_cast<int>(Status::Throttled); ++i)
            if (static_cast<Status>(i) != Status::Cancelled)
                all.emplace_back(word(static_cast<Status>(i)));
        return all;
    }();
    return words;
}

} // namespace coldframe::check
