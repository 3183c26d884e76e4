#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sqs/sqs_error.h"

namespace coldframe::sqs {

/// Reads the members of a request's object. The first error is kept; what is read after it, or is
/// not there, is empty. A member that is null counts as not there.
class FieldReader {
public:
    explicit FieldReader(const nlohmann::json& object) : m_object(object) { }

    /// Errors: no text (MalformedInput).
    std::string text(std::string_view name);
    /// Likewise; also one that is empty or not there (MissingParameter).
    std::string requiredText(std::string_view name);
    /// A whole number, also as text. `reason` words the error when it is none between the two.
    std::optional<std::int64_t> number(std::string_view name, std::int64_t least, std::int64_t most,
                                       std::string_view reason);
    std::vector<std::string> texts(std::string_view name);
    /// The member, or null.
    const nlohmann::json* find(std::string_view name) const;

    void fail(SqsError error);
    const std::optional<SqsError>& error() const { return m_error; }

private:
    const nlohmann::json& m_object;
    std::optional<SqsError> m_error;
};

} // namespace coldframe::sqs
