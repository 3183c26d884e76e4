#include "sqs/message_attributes.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/base64.h"
#include "sqs/message_text.h"

namespace coldframe::sqs {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kMostTypeLength = 256;

tl::unexpected<SqsError> badAttribute(std::string_view name, std::string_view what)
{
    return tl::unexpected(
        invalidParameter(fmt::format("The message attribute '{}' {}", name, what)));
}

/// The text under `key`, or null.
const std::string* textUnder(const json& object, const char* key)
{
    const auto it = object.find(key);
    return it == object.end() ? nullptr : it->get_ptr<const json::string_t*>();
}

bool hasList(const json& given, const char* key)
{
    const auto it = given.find(key);
    return it != given.end() && !it->empty();
}

Expected<MessageAttribute> readAttribute(const std::string& name, const json& given)
{
    if (!given.is_object())
        return badAttribute(name, "must be an object with DataType and a value.");
    if (hasList(given, "StringListValues") || hasList(given, "BinaryListValues"))
        return tl::unexpected(unsupportedOperation(
            "Message attribute list values in SendMessage operation are not supported."));
    const std::string* type = textUnder(given, "DataType");
    if (!type || type->empty())
        return badAttribute(name, "must contain non-empty message attribute type.");
    const std::string_view kind = std::string_view(*type).substr(0, type->find('.'));
    if (kind != "String" && kind != "Number" && kind != "Binary")
        return badAttribute(name,
                            "has an invalid message attribute type, the set of supported "
                            "type prefixes is Binary, Number, and String.");
    if (type->size() > kMostTypeLength || forbiddenCharacter(*type))
        return badAttribute(name,
                            "has a message attribute type that is longer than 256 bytes or "
                            "has characters that are not allowed.");
    MessageAttribute attribute{.type = *type, .value = {}, .binary = kind == "Binary"};
    const std::string* value = textUnder(given, attribute.binary ? "BinaryValue" : "StringValue");
    if (!value || value->empty())
        return badAttribute(name,
                            fmt::format("must contain non-empty message attribute value for "
                                        "message attribute type '{}'.",
                                        kind));
    if (attribute.binary) {
        auto bytes = fromBase64(*value);
        if (!bytes)
            return badAttribute(name, "has a BinaryValue that is not base64.");
        attribute.value = std::move(*bytes);
        return attribute;
    }
    if (const auto forbidden = forbiddenCharacter(*value))
        return tl::unexpected(invalidMessageContents(
            fmt::format("The value of the message attribute '{}': {}", name, *forbidden)));
    if (kind == "Number" && !isDecimal(*value))
        return tl::unexpected(invalidParameter(
            fmt::format("Can't cast the value of message attribute '{}' to a number.", name)));
    attribute.value = *value;
    return attribute;
}

} // namespace

Expected<MessageAttributes> readAttributes(const json& given)
{
    if (given.is_null())
        return MessageAttributes{};
    if (!given.is_object())
        return tl::unexpected(malformedInput("MessageAttributes must be an object."));
    if (given.size() > kMostAttributes)
        return tl::unexpected(invalidParameter(
            fmt::format("Number of message attributes [{}] exceeds the allowed maximum [{}].",
                        given.size(), kMostAttributes)));
    MessageAttributes attributes;
    for (const auto& [name, value] : given.items()) {
        if (!isAttributeName(name))
            return badAttribute(
                name.substr(0, 300),
                "has an invalid name: it can contain 1 to 256 letters, digits, underscores, "
                "hyphens and periods, no period at its ends or beside another, and begins with "
                "neither \"AWS.\" nor \"Amazon.\".");
        auto attribute = readAttribute(name, value);
        if (!attribute)
            return tl::unexpected(attribute.error());
        attributes.emplace(name, std::move(*attribute));
    }
    return attributes;
}

ordered_json toJson(const MessageAttributes& attributes)
{
    ordered_json all = ordered_json::object();
    for (const auto& [name, attribute] : attributes) {
        ordered_json& one = all[name];
        if (attribute.binary)
            one["BinaryValue"] = toBase64(attribute.value);
        else
            one["StringValue"] = attribute.value;
        one["DataType"] = attribute.type;
    }
    return all;
}

std::string toEventText(const MessageAttributes& attributes)
{
    if (attributes.empty())
        return {};
    ordered_json all = ordered_json::object();
    for (const auto& [name, attribute] : attributes) {
        ordered_json& one = all[name];
        if (attribute.binary)
            one["binaryValue"] = toBase64(attribute.value);
        else
            one["stringValue"] = attribute.value;
        one["stringListValues"] = ordered_json::array();
        one["binaryListValues"] = ordered_json::array();
        one["dataType"] = attribute.type;
    }
    return all.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

MessageAttributes fromEventText(const std::string& text)
{
    MessageAttributes attributes;
    const json all = json::parse(text, nullptr, false);
    if (!all.is_object())
        return attributes;
    for (const auto& [name, given] : all.items()) {
        if (!given.is_object())
            continue;
        const std::string* type = textUnder(given, "dataType");
        const std::string* plain = textUnder(given, "stringValue");
        const std::string* coded = textUnder(given, "binaryValue");
        auto bytes = coded ? fromBase64(*coded) : std::nullopt;
        if (type && (plain || bytes))
            attributes[name] = {*type, bytes ? std::move(*bytes) : *plain, bytes.has_value()};
    }
    return attributes;
}

std::size_t bytesOf(const MessageAttributes& attributes)
{
    std::size_t bytes = 0;
    for (const auto& [name, attribute] : attributes)
        bytes += name.size() + attribute.type.size() + attribute.value.size();
    return bytes;
}

MessageAttributes selected(const MessageAttributes& attributes,
                           const std::vector<std::string>& names)
{
    const auto wanted = [&](const std::string& name) {
        return std::ranges::any_of(names, [&](std::string_view asked) {
            if (asked == "All" || asked == "*")
                return true;
            if (asked.ends_with(".*"))
                return name.starts_with(asked.substr(0, asked.size() - 2));
            return name == asked;
        });
    };
    MessageAttributes chosen;
    for (const auto& [name, attribute] : attributes)
        if (wanted(name))
            chosen.emplace(name, attribute);
    return chosen;
}

} // namespace coldframe::sqs
