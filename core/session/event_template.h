#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace coldframe::session {

/// The JSON text of an event sent by hand, with variables that each sending fills in anew:
///
///   {{now}}      time of sending, "2026-03-04T09:15:07.412Z"
///   {{uuid}}     a random UUID
///   {{counter}}  1, 2, 3 … of this run; a string that holds nothing else becomes a number
///
/// Other names stay as they are: they may be a template language of the function's own.
class EventTemplate {
public:
    /// What is filled in. Each is asked once for every place, but the counter once for the event.
    struct Values {
        std::function<std::string()> now, uuid;
        std::function<std::uint64_t()> counter;
    };

    /// `json` is valid: whatever braces stand twice in it, stand in a string.
    explicit EventTemplate(std::string_view json);

    bool varies() const { return m_pieces.size() > 1; }
    std::string fill(const Values& values) const;

private:
    enum class Variable : std::uint8_t { None, Now, Uuid, Counter };
    struct Piece {
        std::string text; ///< before the variable
        Variable variable = Variable::None;
    };
    std::vector<Piece> m_pieces; ///< the last one has no variable
};

} // namespace coldframe::session
