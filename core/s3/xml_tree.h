#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldframe::s3 {

/// An element of a small document, without attributes and name spaces.
struct XmlElement {
    std::string name;
    std::string text; ///< all of its own text
    std::vector<XmlElement> children;

    const XmlElement* child(std::string_view childName) const;
    /// The text of a child; empty when there is none.
    std::string_view textOf(std::string_view childName) const;
};

/// The document's outermost element; nothing when it is not well-formed or deeper than 8 levels.
std::optional<XmlElement> readXml(std::string_view document);

} // namespace coldframe::s3
