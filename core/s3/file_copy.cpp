#include "s3/file_copy.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace coldframe::s3 {

std::optional<std::string> readBytes(const stores::OpenObject& from, std::uint64_t offset,
                                     std::size_t most)
{
    std::string bytes(most, '\0');
    std::size_t filled = 0;
    while (filled < most) {
        const ssize_t got = ::pread(from.file.get(), bytes.data() + filled, most - filled,
                                    static_cast<off_t>(offset + filled));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return std::nullopt;
        if (got == 0)
            break;
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

Result<void> copyBytes(const stores::OpenObject& from, const ByteRange& range,
                       stores::ObjectWriter& to, const std::function<void(std::string_view)>& see)
{
    constexpr std::uint64_t kPiece = 256U << 10U;
    for (std::uint64_t done = 0; done < range.length;) {
        const auto piece
            = readBytes(from, range.offset + done,
                        static_cast<std::size_t>(std::min(kPiece, range.length - done)));
        if (!piece || piece->empty())
            return tl::unexpected(Error{
                .code = Error::Code::Io,
                .message = piece ? std::string("the object was cut short while it was copied")
                                 : std::string("cannot read the object: ") + std::strerror(errno),
                .hint = "copy it again"});
        see(*piece);
        if (auto written = to.append(*piece); !written)
            return written;
        done += piece->size();
    }
    return {};
}

} // namespace coldframe::s3
