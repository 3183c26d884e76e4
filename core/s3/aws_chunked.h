#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coldframe::s3 {

/// Takes the encoding "aws-chunked" apart: SIZE[;chunk-signature=…] CRLF, the bytes, CRLF, and so
/// on to a chunk of size 0, then trailer lines and an empty one. Signatures are read over.
/// Source: Amazon S3 API reference, "Signature calculations … transferring payload in multiple
/// chunks" and "… for trailing headers", read 2026-11.
class AwsChunked {
public:
    /// Takes any piece of the body and appends what it holds to `data`. False when it is malformed.
    bool add(std::string_view piece, std::string& data);
    /// The last chunk and its trailer have come.
    bool ended() const { return m_state == State::Ended; }
    /// Value of a trailer line; empty when there is none. `name` in lower case.
    std::string_view trailer(std::string_view name) const;

private:
    enum class State : std::uint8_t { Size, Data, DataEnd, Trailer, Ended };
    bool line(std::string_view& piece);
    bool endOfLine();
    bool readSize();
    bool readTrailer();

    State m_state = State::Size;
    std::string m_line; ///< as far as it has come
    std::uint64_t m_left = 0; ///< bytes of the chunk
    std::vector<std::pair<std::string, std::string>> m_trailers;
};

} // namespace coldframe::s3
