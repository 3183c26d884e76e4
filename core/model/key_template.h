#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.h"

namespace coldframe {

/// The key of an object with fields in it: "dt={date}/{payload.customer.id|nobody}.json". A field
/// that is missing, null, empty, a list or an object gives what follows its bar, else "none".
/// "{{" and "}}" are plain braces.
///
/// Whatever the fields hold, the key stays inside its store: in their values "/" becomes "%2F",
/// "%" "%25", and control characters likewise; a part that would be "." or ".." gets "%2E". Values
/// longer than 100 bytes end in "~" and a checksum of the whole.
class KeyTemplate {
public:
    /// Errors have no place. Missing: no such field. Malformed: braces, or no key of a store.
    static Result<KeyTemplate> parse(std::string_view text);

    /// The value of a field, as text.
    using Lookup = std::function<std::optional<std::string>(const std::string& field)>;
    std::string expand(const Lookup& lookup) const;

    bool hasFields() const;
    /// Whether two events may have the same key: no field in it tells one from another.
    bool isShared() const;

private:
    struct Part {
        std::string literal; ///< when there is no field
        std::string field, otherwise;
    };
    KeyTemplate() = default;
    Result<void> readParts(std::string_view text);
    Result<void> readField(std::string_view inBraces);
    Result<void> check() const;
    void addLiteral(std::string_view text);
    std::string expand(const Lookup& lookup, std::size_t longest) const;

    std::vector<Part> m_parts;
};

} // namespace coldframe
