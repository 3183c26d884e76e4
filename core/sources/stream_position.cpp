#include "sources/stream_position.h"

#include <charconv>

#include <fmt/format.h>

namespace coldframe::sources {

namespace {

std::string textOf(const FileIdentity& file)
{
    return fmt::format("{} {} {}", file.inode, file.headBytes, file.head);
}

class NumberReader {
public:
    explicit NumberReader(std::string_view text) : m_at(text.data()), m_end(m_at + text.size()) { }
    template <typename Number> bool read(Number& number)
    {
        if (m_at < m_end && *m_at == ' ')
            ++m_at;
        const auto [next, problem] = std::from_chars(m_at, m_end, number);
        m_at = next;
        return problem == std::errc();
    }
    bool read(FileIdentity& file)
    {
        return read(file.inode) && read(file.headBytes) && read(file.head);
    }
    bool atEnd() const { return m_at == m_end; }

private:
    const char* m_at;
    const char* m_end;
};

} // namespace

std::string textOf(const StreamPosition& position)
{
    std::string text = fmt::format("{} {} {} {} {}", textOf(position.file), position.offset,
                                   position.before, position.writtenAt, position.sequence);
    for (const FileIdentity& file : position.done)
        text += ' ' + textOf(file);
    return text;
}

std::optional<StreamPosition> parsePosition(std::string_view text)
{
    NumberReader in(text);
    StreamPosition position;
    if (!in.read(position.file) || !in.read(position.offset) || !in.read(position.before)
        || !in.read(position.writtenAt) || !in.read(position.sequence))
        return std::nullopt;
    while (!in.atEnd())
        if (!in.read(position.done.emplace_back()))
            return std::nullopt;
    return position;
}

} // namespace coldframe::sources
