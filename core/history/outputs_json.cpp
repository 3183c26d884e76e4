#include "history/outputs_json.h"

#include <nlohmann/json.hpp>

namespace coldframe::history {

using nlohmann::json;

std::string outputsToJson(const StoreWork& work)
{
    if (work.outputs.empty())
        return {};
    json list = json::array();
    for (const Output& output : work.outputs)
        list.push_back({output.store, output.key, output.bytes});
    const json object{{"outputs", std::move(list)}, {"more", work.moreOutputs}};
    return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

void outputsFromJson(std::string_view text, StoreWork& work)
{
    if (text.empty())
        return;
    try {
        const json object = json::parse(text);
        std::vector<Output> outputs;
        for (const json& each : object.at("outputs"))
            outputs.push_back({each.at(0).get<std::string>(), each.at(1).get<std::string>(),
                               each.at(2).get<std::uint64_t>()});
        work.moreOutputs = object.at("more").get<std::uint64_t>();
        work.outputs = std::move(outputs);
    } catch (const json::exception&) {
        // cut short, or from another version: the attempt is shown without
    }
}

} // namespace coldframe::history
