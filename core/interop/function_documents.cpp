#include "interop/function_documents.h"

#include <nlohmann/json.hpp>

#include "interop/function_name.h"

namespace coldframe::interop {
namespace {

using Json = nlohmann::ordered_json;

Json configuration(const FunctionInfo& function)
{
    return {{"FunctionName", function.name},
            {"FunctionArn", functionArn({function.name, {}})},
            {"Runtime", function.runtime},
            {"Handler", function.handler},
            {"Timeout", (function.timeoutMs + 999) / 1000}, // the API counts whole seconds
            {"MemorySize", function.memoryMb},
            {"Version", "$LATEST"},
            {"State", "Active"},
            {"LastUpdateStatus", "Successful"}}; // waiters look at these two
}

std::string text(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::string functionList(const std::vector<FunctionInfo>& functions)
{
    Json list = Json::array();
    for (const FunctionInfo& function : functions)
        list.push_back(configuration(function));
    return text({{"Functions", std::move(list)}});
}

std::string functionConfiguration(const FunctionInfo& function)
{
    return text(configuration(function));
}

std::string functionDocument(const FunctionInfo& function)
{
    return text({{"Configuration", configuration(function)}});
}

} // namespace coldframe::interop
