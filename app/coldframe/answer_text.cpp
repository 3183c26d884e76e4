#include "answer_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "amount_text.h"

namespace coldframe::commands {

namespace {

/// As a JSON string; bytes that are not UTF-8 are replaced.
std::string jsonString(std::string_view text)
{
    using Json = nlohmann::json;
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string outputsJson(const StoreWork& work)
{
    std::string list;
    for (const Output& output : work.outputs)
        list += fmt::format(R"({}{{"store":{},"key":{},"bytes":{}}})", list.empty() ? "" : ",",
                            jsonString(output.store), jsonString(output.key), output.bytes);
    return list;
}

} // namespace

std::string compactJson(std::string_view text)
{
    if (!nlohmann::json::accept(text))
        return jsonString(text);
    std::string compact;
    compact.reserve(text.size());
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString && c == '\\')
            compact += text[i++]; // and the character it escapes, below
        else if (c == '"')
            inString = !inString;
        else if (!inString && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
            continue;
        compact += text[i];
    }
    return compact;
}

const char* statusOf(const session::Answer& answer)
{
    if (answer.throttled)
        return "throttled";
    return answer.outcome == engine::Outcome::Succeeded ? "succeeded" : "failed";
}

std::string answerJson(const std::string& function, const session::Answer& answer)
{
    // By hand: the result goes through digit by digit, and money is no floating-point number.
    return fmt::format(
        R"({{"function":{},"status":"{}","result":{},"requestId":{},"cold":{},"debugged":{},"reason":{},)"
        R"("spawnMs":{:.3f},"initMs":{:.3f},"sandboxMs":{:.3f},"deskMs":{:.3f},"platformMs":{:.3f},)"
        R"("billedMs":{:.3f},"retrievalMs":{:.3f},"storingMs":{:.3f},"outputs":[{}],)"
        R"("memoryMb":{},"peakMemoryMb":{:.1f},"log":{},"costUsd":{}}})"
        "\n",
        jsonString(function), statusOf(answer),
        answer.payload.empty() ? "null" : compactJson(answer.payload), jsonString(answer.requestId),
        answer.cold, answer.debugged, jsonString(answer.reasonText), toMilliseconds(answer.spawn),
        toMilliseconds(answer.init), toMilliseconds(answer.sandbox), toMilliseconds(answer.desk),
        toMilliseconds(answer.platform), toMilliseconds(answer.billed),
        toMilliseconds(answer.stores.retrieval), toMilliseconds(answer.stores.storing),
        outputsJson(answer.stores), answer.memoryMb,
        static_cast<double>(answer.peakMemoryKb) / 1024, jsonString(answer.log),
        usdText(answer.cost));
}

std::string answerText(const session::Answer& answer)
{
    std::string text = answer.log;
    if (!text.empty() && text.back() != '\n')
        text += '\n';
    if (!answer.reasonText.empty())
        text += answer.reasonText + '\n';
    if (!answer.throttled)
        text += fmt::format("{:.1f} ms on this desk (measured), {:.1f} ms on the platform "
                            "(modelled), {} USD\n",
                            toMilliseconds(answer.desk), toMilliseconds(answer.platform),
                            usdText(answer.cost));
    return text;
}

} // namespace coldframe::commands
