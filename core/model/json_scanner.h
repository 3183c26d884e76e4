#pragma once

#include <string>
#include <string_view>

#include "model/json_tape.h"

namespace coldframe::detail {

inline bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
inline bool isWordStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// One pass over the text. The first thing that is wrong ends it: `false` all the way up.
class Scanner {
public:
    explicit Scanner(JsonTape& tape) : m_tape(tape), m_text(tape.text) { }
    Result<void> run();

private:
    bool fail(std::size_t at, std::string message, std::string hint = {});
    bool failAtEnd(std::string_view inside, std::size_t opened);
    std::string place(std::size_t at) const;

    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    bool atEnd() const { return m_at >= m_text.size(); }
    bool skipSpace();
    bool value(std::uint32_t key, int depth);
    bool container(std::uint32_t node, int depth);
    bool entries(std::uint32_t node, int depth, char closing);
    bool separator(std::size_t opened, char closing, bool& done);
    bool key(std::size_t opened, std::uint32_t& quote);
    bool string();
    bool escape();
    bool surrogatePair();
    bool number();
    bool digits(std::size_t from, std::string_view where);
    bool word(JsonNode& node);
    bool rejectDuplicates(std::uint32_t node);

    JsonTape& m_tape;
    std::string_view m_text;
    std::size_t m_at = 0;
    Error m_error;
};

} // namespace coldframe::detail
