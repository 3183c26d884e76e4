#include "model/workspace_limits.h"

#include <algorithm>

namespace coldframe {

namespace {
// Not std::isalpha: that one follows the user's locale.
bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isLetterOrDigit(char c)
{
    return isLetter(c) || (c >= '0' && c <= '9');
}
} // namespace

const std::vector<std::string>& reservedVariables()
{
    static const std::vector<std::string> names{
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_MAX_CONCURRENCY",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    };
    return names;
}

bool isValidName(const std::string& name)
{
    return !name.empty() && name.size() <= kMaxNameLength && std::ranges::all_of(name, [](char c) {
        return isLetterOrDigit(c) || c == '_' || c == '-';
    });
}

bool isValidVariableName(const std::string& name)
{
    return name.size() >= 2 && isLetter(name.front())
        && std::ranges::all_of(name, [](char c) { return isLetterOrDigit(c) || c == '_'; });
}

} // namespace coldframe
