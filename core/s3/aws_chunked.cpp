#include "s3/aws_chunked.h"

#include <algorithm>
#include <charconv>

namespace coldframe::s3 {

namespace {
constexpr std::size_t kMostLine = 4096; ///< a signature has 64 digits, a checksum fewer
constexpr std::size_t kMostTrailers = 16;
} // namespace

bool AwsChunked::add(std::string_view piece, std::string& data)
{
    while (!piece.empty()) {
        if (m_state == State::Ended)
            return false; // bytes behind the end
        if (m_state != State::Data) {
            if (!line(piece))
                return false;
            continue;
        }
        const std::size_t count
            = static_cast<std::size_t>(std::min<std::uint64_t>(m_left, piece.size()));
        data.append(piece.substr(0, count));
        piece.remove_prefix(count);
        m_left -= count;
        if (m_left == 0)
            m_state = State::DataEnd;
    }
    return true;
}

/// Moves up to the end of the line from `piece`, and looks at the line once it is whole.
bool AwsChunked::line(std::string_view& piece)
{
    const std::size_t end = piece.find('\n');
    const std::size_t count = end == piece.npos ? piece.size() : end + 1;
    m_line.append(piece.substr(0, count));
    piece.remove_prefix(count);
    if (m_line.size() > kMostLine)
        return false;
    if (end == piece.npos)
        return true;
    if (!m_line.ends_with("\r\n"))
        return false;
    m_line.resize(m_line.size() - 2);
    const bool good = endOfLine();
    m_line.clear();
    return good;
}

bool AwsChunked::endOfLine()
{
    switch (m_state) {
    case State::Size:
        return readSize();
    case State::DataEnd:
        m_state = State::Size;
        return m_line.empty();
    case State::Trailer:
        return readTrailer();
    case State::Data:
    case State::Ended:
        break;
    }
    return false;
}

bool AwsChunked::readSize()
{
    const char* const begin = m_line.data();
    const char* const end = begin + std::min(m_line.find(';'), m_line.size());
    const auto [stop, problem] = std::from_chars(begin, end, m_left, 16);
    if (problem != std::errc() || stop != end)
        return false;
    m_state = m_left == 0 ? State::Trailer : State::Data;
    return true;
}

bool AwsChunked::readTrailer()
{
    if (m_line.empty()) {
        m_state = State::Ended;
        return true;
    }
    const std::size_t colon = m_line.find(':');
    if (colon == m_line.npos || m_trailers.size() == kMostTrailers)
        return false;
    std::string name = m_line.substr(0, colon);
    std::ranges::transform(name, name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    const std::size_t value = m_line.find_first_not_of(' ', colon + 1);
    m_trailers.emplace_back(std::move(name),
                            value == m_line.npos ? std::string() : m_line.substr(value));
    return true;
}

std::string_view AwsChunked::trailer(std::string_view name) const
{
    const auto it
        = std::ranges::find(m_trailers, name, [](const auto& pair) { return pair.first; });
    return it == m_trailers.end() ? std::string_view() : std::string_view(it->second);
}

} // namespace coldframe::s3
