#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace coldframe::check {

/// Longest regular expression, in bytes: people write far less.
inline constexpr std::size_t kMaxPatternBytes = 1'000;
/// Longest text that is searched, in bytes: what a log keeps.
inline constexpr std::size_t kMaxSearchedBytes = 1u << 20;

/// A regular expression in the notation of ECMAScript, without back-references. It works on
/// characters, not on bytes, and its time and stack do not grow out of hand with any text.
class Pattern {
public:
    /// Errors, as words that follow the pattern: "has a ( that is not closed".
    static tl::expected<Pattern, std::string> compile(const std::string& text);

    /// Whether it matches somewhere in the text (^ and $ anchor it to the ends of the whole text).
    /// Of a text past kMaxSearchedBytes, the beginning is searched.
    bool foundIn(std::string_view text) const;
    /// As it was written.
    const std::string& text() const { return m_text; }

private:
    struct Compiled;
    Pattern(std::string text, std::shared_ptr<const Compiled> compiled)
        : m_text(std::move(text)), m_compiled(std::move(compiled))
    { }
    std::string m_text;
    std::shared_ptr<const Compiled> m_compiled;
};

/// A text as a pattern that matches it and nothing else, without anchors.
std::string escapedForPattern(std::string_view text);

} // namespace coldframe::check
