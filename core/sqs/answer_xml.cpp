#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/utf8.h"
#include "sqs/query_form.h"

namespace coldframe::sqs {

namespace {

using nlohmann::ordered_json;

constexpr std::string_view kNameSpace = "http://queue.amazonaws.com/doc/2012-11-05/";
constexpr std::string_view kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The elements that stand for each member of a list or map.
struct XmlGroup {
    std::string_view json, element;
};
constexpr std::array<XmlGroup, 6> kXmlGroups{{
    {"Messages", "Message"},
    {"QueueUrls", "QueueUrl"},
    {"queueUrls", "QueueUrl"},
    {"Failed", "BatchResultErrorEntry"},
    {"Attributes", "Attribute"},
    {"MessageAttributes", "MessageAttribute"},
}};

/// Texts of messages have characters of XML alone; what else there may be is replaced.
void appendEscaped(std::string& out, std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        const std::size_t length = utf8Length(text, i);
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (c == '\r' || c == '\n' || c == '\t')
            out += fmt::format("&#x{:X};", static_cast<int>(c)); // parsers make others of them
        else if (length == 0 || (length == 1 && static_cast<unsigned char>(c) < 0x20))
            out += "\xef\xbf\xbd";
        else
            out += text.substr(i, length);
        i += std::max<std::size_t>(length, 1);
    }
}

void appendElement(std::string& out, std::string_view name, std::string_view text)
{
    out += fmt::format("<{}>", name);
    appendEscaped(out, text);
    out += fmt::format("</{}>", name);
}

/// Writes `value` as one element, or as one for each of its members.
void appendMember(std::string& out, std::string_view action, const std::string& name,
                  const ordered_json& value);

void appendMembers(std::string& out, std::string_view action, const ordered_json& object)
{
    for (const auto& [name, value] : object.items())
        appendMember(out, action, name, value);
}

void appendMember(std::string& out, std::string_view action, const std::string& name,
                  const ordered_json& value)
{
    if (!value.is_structured()) {
        const auto* text = value.get_ptr<const ordered_json::string_t*>();
        return appendElement(out, name, text ? *text : value.dump());
    }
    const auto* group = std::ranges::find(kXmlGroups, name, &XmlGroup::json);
    const std::string element(name == "Successful"            ? fmt::format("{}ResultEntry", action)
                                  : group == kXmlGroups.end() ? name
                                                              : std::string(group->element));
    for (const auto& [key, one] : value.items()) {
        out += fmt::format("<{}>", element);
        if (value.is_object()) {
            appendElement(out, "Name", key);
            if (one.is_structured()) {
                out += "<Value>";
                appendMembers(out, action, one);
                out += "</Value>";
            } else {
                appendMember(out, action, "Value", one);
            }
        } else if (one.is_structured()) {
            appendMembers(out, action, one);
        } else {
            appendEscaped(out, one.get_ref<const ordered_json::string_t&>());
        }
        out += fmt::format("</{}>", element);
    }
}

/// Actions whose answer says nothing have no element for it.
bool hasResult(std::string_view action)
{
    return action != "DeleteMessage" && action != "ChangeMessageVisibility"
        && action != "PurgeQueue";
}

} // namespace

std::string toXml(std::string_view action, const ordered_json& result, std::string_view requestId)
{
    std::string xml(kDeclaration);
    xml += fmt::format("<{}Response xmlns=\"{}\">", action, kNameSpace);
    if (hasResult(action)) {
        xml += fmt::format("<{}Result>", action);
        appendMembers(xml, action, result);
        xml += fmt::format("</{}Result>", action);
    }
    xml += "<ResponseMetadata>";
    appendElement(xml, "RequestId", requestId);
    return xml + fmt::format("</ResponseMetadata></{}Response>", action);
}

std::string toXml(const SqsError& error, std::string_view requestId)
{
    std::string xml(kDeclaration);
    xml += fmt::format("<ErrorResponse xmlns=\"{}\"><Error>", kNameSpace);
    appendElement(xml, "Type", error.ownFault ? "Receiver" : "Sender");
    appendElement(xml, "Code", error.code);
    appendElement(xml, "Message", error.message);
    xml += "<Detail/></Error>";
    appendElement(xml, "RequestId", requestId);
    return xml + "</ErrorResponse>";
}

} // namespace coldframe::sqs
