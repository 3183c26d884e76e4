#include "session/result_values.h"

#include <charconv>

#include <nlohmann/json.hpp>

#include "model/json_depth.h"
#include "model/result_field.h"
#include "sources/event_text.h"

namespace coldframe::session {

using Value = nlohmann::ordered_json;

struct ResultValues::Documents {
    std::optional<Value> payload, record;
};

namespace {

/// Follows the steps into objects by key and into lists by number.
Value within(const Value& document, const std::string& field)
{
    const Value* at = &document;
    for (const std::string& step : stepsOf(field)) {
        if (at->is_object()) {
            const auto found = at->find(step);
            if (found == at->end())
                return nullptr;
            at = &*found;
        } else if (at->is_array()) {
            std::size_t index = 0;
            const char* const end = step.data() + step.size();
            const auto [stop, problem] = std::from_chars(step.data(), end, index);
            if (problem != std::errc() || stop != end || index >= at->size())
                return nullptr;
            at = &(*at)[index];
        } else {
            return nullptr;
        }
    }
    return *at;
}

/// The part of "2026-03-04T09:15:07.412Z" that a field names; empty when it names none.
std::string timePart(const std::string& field, TimePoint time)
{
    struct Part {
        const char* field;
        std::size_t from, length;
    };
    constexpr Part kParts[]{{"date", 0, 10}, {"year", 0, 4},    {"month", 5, 2}, {"day", 8, 2},
                            {"hour", 11, 2}, {"minute", 14, 2}, {"time", 0, 24}};
    for (const Part& part : kParts)
        if (field == part.field)
            return sources::isoMilliseconds(time).substr(part.from, part.length);
    return {};
}

Value parsedOrText(const std::string& text)
{
    if (isTooDeep(text))
        return Value(text);
    Value value = Value::parse(text, nullptr, false);
    return value.is_discarded() ? Value(text) : value;
}

Value textOrNull(const std::string& text)
{
    return text.empty() ? Value(nullptr) : Value(text);
}

} // namespace

ResultValues::ResultValues(const Outgoing& outgoing)
    : m_outgoing(outgoing), m_documents(std::make_unique<Documents>())
{ }

ResultValues::~ResultValues() = default;

const Value& ResultValues::payload()
{
    if (!m_documents->payload)
        m_documents->payload = parsedOrText(m_outgoing.payload());
    return *m_documents->payload;
}

std::size_t ResultValues::rows()
{
    return payload().is_array() ? payload().size() : 1;
}

Value ResultValues::value(const std::string& field, std::size_t row)
{
    if (field == "index")
        return row;
    if (field.starts_with("payload") && payload().is_array())
        return within(payload()[row], field);
    return value(field);
}

Value ResultValues::value(const std::string& field)
{
    if (field.starts_with("payload"))
        return within(payload(), field);
    if (field.starts_with("record")) {
        if (!m_documents->record)
            m_documents->record = parsedOrText(recordOf(m_outgoing));
        return within(*m_documents->record, field);
    }
    if (const std::string part = timePart(field, m_outgoing.acceptedAt); !part.empty())
        return part;
    if (field == "function")
        return m_outgoing.function;
    if (field == "requestId")
        return m_outgoing.requestId;
    if (field == "condition")
        return m_outgoing.condition;
    if (field == "trigger")
        return textOrNull(m_outgoing.trigger);
    if (field == "sourceKey")
        return textOrNull(m_outgoing.sourceKey);
    if (field == "source.name")
        return textOrNull(m_outgoing.sourceKey.substr(m_outgoing.sourceKey.rfind('/') + 1));
    return nullptr;
}

std::optional<std::string> ResultValues::text(const std::string& field)
{
    const Value found = value(field);
    if (found.is_string())
        return found.get<std::string>();
    if (found.is_null() || found.is_structured())
        return std::nullopt;
    return found.dump();
}

} // namespace coldframe::session
