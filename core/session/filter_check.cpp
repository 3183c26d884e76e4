#include "session/filter_check.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/json_text.h"
#include "model/suggestion.h"
#include "model/workspace_file.h"
#include "patterns/event_filter.h"
#include "session/queue_filters.h"

namespace coldframe::session {

namespace {

/// The event that a trigger hands over each time; null when it is another each time.
const std::string* sameEvent(const Trigger& trigger)
{
    const auto* schedule = std::get_if<ScheduleTrigger>(&trigger.kind);
    const auto* manual = std::get_if<ManualTrigger>(&trigger.kind);
    const std::string* const event = schedule ? &schedule->event
        : manual                              ? &manual->event
                                              : nullptr;
    return event && !event->empty() ? event : nullptr;
}

/// A filter that its trigger's one event does not match lets nothing through, ever.
void warnOfFilter(const Workspace& workspace, const Trigger& trigger,
                  const patterns::EventFilter& filter, std::vector<Error>& warnings)
{
    const std::string* const event = sameEvent(trigger);
    const auto parsed = event ? nlohmann::json::parse(*event, nullptr, false) : nlohmann::json();
    const auto mismatch = event ? filter.mismatch(parsed) : std::nullopt;
    if (mismatch)
        warnings.push_back(errorIn(workspace, childPointer("/triggers", trigger.name) + "/filter",
                                   Error::Code::Conflict,
                                   fmt::format("the filter leaves out each event of {}: {}",
                                               trigger.name, describe(*mismatch)),
                                   "change the filter or the event"));
}

/// What no message can be without: nothing says that the key must not exist.
bool needsIt(const JsonValue& value)
{
    if (value.isObject())
        return std::ranges::any_of(value.members(),
                                   [](const JsonMember& member) { return needsIt(member.value); });
    return value.isArray() && std::ranges::none_of(value.elements(), [](const JsonValue& element) {
               const auto exists = element.isObject() ? element.find("exists") : std::nullopt;
               return exists && exists->kind() == JsonValue::Kind::Boolean && !exists->boolean();
           });
}

/// Looks for keys that no message has, in every form in which a filter may be written. What a
/// filter leaves out is deleted, so a wrong key empties the queue unread.
class QueueKeys {
public:
    QueueKeys(const JsonText& text, std::vector<Error>& warnings)
        : m_text(text), m_warnings(warnings)
    { }

    void filter(const JsonValue& value, const std::string& pointer)
    {
        const auto list = value.isObject() ? memberOf(value, "filters", "Filters") : std::nullopt;
        if (list && list->value.isArray())
            return filter(list->value, childPointer(pointer, list->key));
        if (!value.isArray())
            return pattern(value, pointer);
        const std::vector<JsonValue> elements = value.elements();
        for (std::size_t i = 0; i < elements.size(); ++i) {
            const std::string at = childPointer(pointer, i);
            const auto inner = elements[i].isObject() ? memberOf(elements[i], "pattern", "Pattern")
                                                      : std::nullopt;
            if (inner)
                written(inner->value, childPointer(at, inner->key));
            else
                pattern(elements[i], at);
        }
    }

private:
    static std::optional<JsonMember> memberOf(const JsonValue& object, std::string_view name,
                                              std::string_view capitalised)
    {
        for (const JsonMember& member : object.members())
            if (member.key == name || member.key == capitalised)
                return member;
        return std::nullopt;
    }

    /// As an object, or as a text that holds one.
    void written(const JsonValue& value, const std::string& pointer)
    {
        if (!value.isString())
            return pattern(value, pointer);
        const auto quoted = parseJson(value.string(), m_text.fileName());
        m_quoted = pointer;
        if (quoted)
            pattern(quoted->root(), pointer);
        m_quoted.clear();
    }

    void pattern(const JsonValue& value, const std::string& pointer)
    {
        if (!value.isObject())
            return;
        const std::vector<std::string>& known = QueueFilters::keys();
        for (const JsonMember& member : value.members()) {
            const std::string at = childPointer(pointer, member.key);
            if (member.key == "$or" && member.value.isArray()) {
                const std::vector<JsonValue> branches = member.value.elements();
                for (std::size_t i = 0; i < branches.size(); ++i)
                    pattern(branches[i], childPointer(at, i));
            } else if (std::ranges::find(known, member.key) == known.end()
                       && needsIt(member.value)) {
                tell(member.key, at);
            }
        }
    }

    void tell(const std::string& key, const std::string& pointer)
    {
        const std::vector<std::string>& known = QueueFilters::keys();
        const auto meant = suggestFor(key, known);
        const bool inText = !m_quoted.empty();
        m_warnings.push_back(errorAt(
            m_text, inText ? m_quoted : pointer, !inText, Error::Code::UnknownKey,
            fmt::format("filters of queues see no \"{}\" in a message, so this pattern matches "
                        "none, and what no pattern matches is deleted unread",
                        key),
            meant ? fmt::format("did you mean \"{}\"?", *meant)
                  : fmt::format("the keys are {}", fmt::join(known, ", "))));
    }

    const JsonText& m_text;
    std::vector<Error>& m_warnings;
    std::string m_quoted; ///< where the text stands that is being looked into
};

} // namespace

void checkFilters(const Workspace& workspace, std::vector<Error>& errors,
                  std::vector<Error>& warnings)
{
    const auto text = parseJson(workspace.text, workspace.file);
    const auto triggers = text ? text->root().find("triggers") : std::nullopt;
    for (const Trigger& trigger : workspace.triggers) {
        const auto written
            = triggers && !trigger.filter.empty() ? triggers->find(trigger.name) : std::nullopt;
        const auto value = written ? written->find("filter") : std::nullopt;
        if (!value)
            continue;
        auto reading = patterns::EventFilter::read(
            *text, *value, childPointer("/triggers", trigger.name) + "/filter");
        std::ranges::move(reading.errors, std::back_inserter(errors));
        if (reading.filter)
            warnOfFilter(workspace, trigger, *reading.filter, warnings);
        if (reading.filter && std::holds_alternative<QueueTrigger>(trigger.kind))
            QueueKeys(*text, warnings)
                .filter(*value, childPointer("/triggers", trigger.name) + "/filter");
    }
}

} // namespace coldframe::session
