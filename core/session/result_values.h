#pragma once

#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "session/outgoing.h"

namespace coldframe::session {

/// The values behind the names of model/result_field.h. Parses what is asked for, once.
class ResultValues {
public:
    /// The invocation must outlive it.
    explicit ResultValues(const Outgoing& outgoing);
    ~ResultValues();

    /// Null when there is none.
    nlohmann::ordered_json value(const std::string& field);
    /// Of a row: for a payload that is a list, "payload" is its element.
    nlohmann::ordered_json value(const std::string& field, std::size_t row);
    /// As many as the payload has elements if it is a list, else 1.
    std::size_t rows();
    /// As text for a key; nothing for null, lists and objects.
    std::optional<std::string> text(const std::string& field);

private:
    const nlohmann::ordered_json& payload();
    struct Documents;
    const Outgoing& m_outgoing;
    std::unique_ptr<Documents> m_documents;
};

} // namespace coldframe::session
