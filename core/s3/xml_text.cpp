#include "s3/xml_text.h"

#include <fmt/format.h>

#include "model/utf8.h"

namespace coldframe::s3 {

namespace {

/// Names of files may hold any bytes; XML may not: what is no UTF-8 becomes a replacement mark.
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
        else if (byte < 0x20 || byte == 0x7f)
            out += fmt::format("&#x{:x};", byte); // as S3 itself does
        else if (length == 0)
            out += "\xef\xbf\xbd";
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
