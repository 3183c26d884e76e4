#include "ui/editor/completion_words.h"

#include <QCoreApplication>

#include <algorithm>
#include <cctype>

#include "ui/editor/event_shapes.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kLongestExample = 40; ///< bytes of it in a note

std::string tr(const char* source)
{
    return QCoreApplication::translate("EventCompletion", source).toStdString();
}

} // namespace

bool startsLike(std::string_view text, std::string_view beginning)
{
    return text.size() >= beginning.size()
        && std::ranges::equal(text.substr(0, beginning.size()), beginning, [](char a, char b) {
               return std::tolower(static_cast<unsigned char>(a))
                   == std::tolower(static_cast<unsigned char>(b));
           });
}

bool holdsLike(std::string_view text, std::string_view part)
{
    for (std::size_t at = 0; at + part.size() <= text.size(); ++at)
        if (startsLike(text.substr(at), part))
            return true;
    return false;
}

std::string withoutQuotes(std::string_view json)
{
    return std::string(json.size() >= 2 && json.front() == '"' ? json.substr(1, json.size() - 2)
                                                               : json);
}

std::string shortened(const std::string& text)
{
    std::size_t end = kLongestExample;
    if (text.size() <= end)
        return text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end) + "…";
}

std::string noteOf(const ShapeNode& node)
{
    if (!node.note.empty())
        return node.note;
    if (node.object)
        return tr("object");
    if (node.list)
        return tr("list");
    return node.example.empty() ? std::string() : tr("e.g. ") + shortened(node.example);
}

std::string decodedKey(std::string_view key)
{
    std::string plain;
    for (std::size_t at = 0; at < key.size(); ++at) {
        if (key[at] == '%' && at + 2 < key.size() && std::isxdigit(key[at + 1] & 0x7f)
            && std::isxdigit(key[at + 2] & 0x7f)) {
            plain += static_cast<char>(std::stoi(std::string(key.substr(at + 1, 2)), nullptr, 16));
            at += 2;
        } else {
            plain += key[at] == '+' ? ' ' : key[at];
        }
    }
    return plain;
}

} // namespace coldframe::ui
