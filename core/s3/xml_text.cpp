#include "s3/xml_text.h"

#include <fmt/format.h>

#include "model/utf8.h"

namespace coldframe::s3 {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// Not even escaped. Source: Extensible Markup Language 1.0 (fifth edition), 2.2, Char.
bool isNoCharOfXml(std::string_view character)
{
    const auto first = static_cast<unsigned char>(character.front());
    return (first < 0x20 && first != '\t' && first != '\n' && first != '\r')
        || character == "\xef\xbf\xbe" || character == "\xef\xbf\xbf";
}

/// Names of files may hold any bytes; XML may not: what is no UTF-8, or no character of XML,
/// becomes a replacement mark. Clients that must know every key ask for it URL-encoded.
void appendEscaped(std::string& out, std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        const std::size_t length = byte < 0x80 ? 1 : utf8Length(text, i);
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (length == 0 || isNoCharOfXml(text.substr(i, length)))
            out += kReplacement;
        else if (byte < 0x20 || byte == 0x7f)
            out += fmt::format("&#x{:x};", byte); // a parser takes bare line ends for others
        else
            out += text.substr(i, length);
        i += std::max<std::size_t>(length, 1);
    }
}

} // namespace

XmlText::XmlText() : m_text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") { }

void XmlText::open(std::string_view name, bool withNameSpace)
{
    m_open.push_back(name);
    m_text += '<';
    m_text += name;
    if (withNameSpace)
        m_text += " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
    m_text += '>';
}

void XmlText::close()
{
    m_text += "</";
    m_text += m_open.back();
    m_text += '>';
    m_open.pop_back();
}

void XmlText::leaf(std::string_view name, std::string_view text)
{
    open(name);
    appendEscaped(m_text, text);
    close();
}

void XmlText::leaf(std::string_view name, std::uint64_t number)
{
    leaf(name, std::to_string(number));
}

} // namespace coldframe::s3
