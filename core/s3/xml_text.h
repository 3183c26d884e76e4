#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coldframe::s3 {

/// Writes an XML document, element by element.
class XmlText {
public:
    XmlText();
    /// `name` must outlive the element; the outermost one may carry S3's name space.
    void open(std::string_view name, bool withNameSpace = false);
    void close();
    void leaf(std::string_view name, std::string_view text);
    void leaf(std::string_view name, std::uint64_t number);
    void flag(std::string_view name, bool value) { leaf(name, value ? "true" : "false"); }
    std::string take() { return std::move(m_text); }

private:
    std::string m_text;
    std::vector<std::string_view> m_open;
};

} // namespace coldframe::s3
