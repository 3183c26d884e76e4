#include "sources/stream_tail.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "model/outside_time.h"
#include "sources/event_text.h"
#include "sources/file_probe.h"

namespace coldframe::sources {

namespace {

constexpr std::size_t kChunk = 256 * 1024;
constexpr std::size_t kTailBytes = 64; ///< as StreamFile::before()
constexpr std::size_t kMostDone = 16;
constexpr std::size_t kMostHeader = std::size_t{1} << 20;
constexpr std::string_view kMark = "\xef\xbb\xbf"; ///< of byte order, at the start of a file

std::uint64_t inodeAt(const std::filesystem::path& path)
{
    struct stat status { };
    return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

std::string_view withoutByteOrderMark(std::string_view text)
{
    return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

} // namespace

StreamTail::StreamTail(Options options, const std::optional<StreamPosition>& position)
    : m_options(std::move(options)), m_splitter(m_options.csv)
{
    if (position && position->file.inode != 0)
        resume(*position);
    else
        m_isFirst = true;
    if (position)
        m_sequence = position->sequence;
}

void StreamTail::resume(const StreamPosition& position)
{
    m_done = position.done;
    m_identity = position.file;
    m_offset = position.offset;
    m_writtenAt = m_doneAt = position.writtenAt;
    const auto isIt = [&](const StreamFile& file) {
        return file && file.is(position.file) && file.size() >= position.offset
            && file.before(position.offset) == position.before;
    };
    int ignored = 0;
    StreamFile current = StreamFile::open(m_options.path, ignored);
    if (isIt(current))
        return use(std::move(current), position.offset);
    for (const auto& path : rotatedFiles(m_options.path))
        if (StreamFile file = StreamFile::open(path, ignored); isIt(file))
            return use(std::move(file), position.offset);
    if (current && current.inode() != position.file.inode)
        current = StreamFile();
    StreamFile copy = copyOf(position.before, position.file.inode); // truncated meanwhile
    if (copy) {
        use(std::move(copy), position.offset);
        m_resumed = std::move(current);
    } else if (current) {
        tellLost();
        use(std::move(current), 0);
    } else if (std::ranges::find(m_done, position.file) == m_done.end()) {
        m_toTell.push_back(fmt::format("the file that {} was is gone: what had not been read of it "
                                       "is lost",
                                       m_options.path.string()));
    }
}

/// A file beside it that holds what the one with this inode number held before it was truncated.
StreamFile StreamTail::copyOf(std::uint64_t before, std::uint64_t inode) const
{
    for (const auto& path : rotatedFiles(m_options.path)) {
        int ignored = 0;
        StreamFile copy = StreamFile::open(path, ignored);
        if (copy && copy.inode() != inode && copy.size() >= m_offset
            && copy.mtimeNs() >= m_writtenAt && copy.beginsAs(m_identity)
            && copy.before(m_offset) == before && !isDone(copy))
            return copy;
    }
    return {};
}

void StreamTail::tellLost()
{
    m_toTell.push_back(
        fmt::format("{} was truncated, and no copy of it is there: what had not been "
                    "read of it is lost",
                    m_options.path.string()));
}

/// From `offset` on, which is the beginning of a record.
void StreamTail::use(StreamFile file, std::uint64_t offset)
{
    m_file = std::move(file);
    m_identity = m_file.identity();
    m_offset = m_textAt = offset;
    m_text.clear();
    m_begin = 0;
    m_splitter.restart();
    m_tooLong = m_changed = m_grew = false;
    if (offset == 0)
        m_writtenAt = m_doneAt;
    const std::size_t tail = std::min<std::uint64_t>(offset, kTailBytes);
    m_tail = m_file.read(offset - tail, tail);
    m_header.reset();
    if (m_options.csv && offset > 0) {
        const std::string head = m_file.read(0, kMostHeader);
        if (const auto length = LineSplitter(true).next(head))
            m_header = std::make_shared<const std::string>(
                withoutByteOrderMark(withoutLineEnd(head.substr(0, *length))));
    }
}

StreamPosition StreamTail::position() const
{
    return {m_identity, m_offset, scatter(m_tail, m_offset), m_writtenAt, m_sequence, m_done};
}

bool StreamTail::isDone(const StreamFile& file) const
{
    return std::ranges::any_of(m_done, [&](const FileIdentity& done) { return file.is(done); });
}

bool StreamTail::openFirst()
{
    int number = 0;
    StreamFile file = StreamFile::open(m_options.path, number);
    if (!file) {
        m_problem = number == ENOENT
            ? fmt::format("there is no file {} yet", m_options.path.string())
            : fmt::format("{} cannot be read: {}", m_options.path.string(),
                          std::generic_category().message(number));
        return false;
    }
    std::uint64_t offset = 0;
    if (m_isFirst) // what was renamed before is none of ours
        for (const auto& path : rotatedFiles(m_options.path))
            m_doneAt = std::max(m_doneAt, probe(AT_FDCWD, path.c_str()).fingerprint.mtimeNs + 1);
    if (m_isFirst && !m_options.fromStart)
        for (std::uint64_t end = file.size(); end > 0 && offset == 0;) {
            const std::uint64_t from = end - std::min<std::uint64_t>(end, kChunk);
            const auto newline = file.read(from, end - from).rfind('\n');
            offset = newline == std::string::npos ? 0 : from + newline + 1;
            end = from;
        }
    use(std::move(file), offset);
    return true;
}

/// The oldest of the renamed files and copies that were written last between these times, in ns
/// since 1970, and were not read yet.
StreamFile StreamTail::successor(std::int64_t from, std::int64_t until) const
{
    const auto isHeld = [](const StreamFile& held, const StreamFile& file) {
        return held && held.inode() == file.inode();
    };
    for (const auto& path : rotatedFiles(m_options.path)) {
        int ignored = 0;
        StreamFile file = StreamFile::open(path, ignored);
        if (file && file.mtimeNs() >= from && file.mtimeNs() <= until && !isDone(file)
            && !isHeld(m_resumed, file) && !isHeld(m_file, file)
            && file.inode() != inodeAt(m_options.path))
            return file;
    }
    return {};
}

bool StreamTail::openNext(Reading& out)
{
    m_problem.clear();
    StreamFile next = successor(m_doneAt, std::numeric_limits<std::int64_t>::max());
    if (!next && m_resumed) {
        next = std::move(m_resumed);
        m_resumed = StreamFile();
    }
    if (!next) {
        if (!openFirst())
            return false;
        if (std::exchange(m_isFirst, false))
            out.began = position();
        // It may have been renamed, and another made, before it was opened.
        next = successor(m_doneAt, std::numeric_limits<std::int64_t>::max());
    }
    if (next)
        use(std::move(next), 0);
    return true;
}

StreamTail::Reading StreamTail::read(std::size_t count, std::size_t bytes, Clock::time_point now)
{
    Reading out;
    readInto(out, count, bytes, now);
    out.told = std::exchange(m_toTell, {});
    return out;
}

void StreamTail::readInto(Reading& out, std::size_t count, std::size_t bytes, Clock::time_point now)
{
    std::size_t have = 0, given = 0;
    while (given < count && have < bytes) {
        if (!m_file && !openNext(out))
            return;
        if (const auto length = m_changed ? std::nullopt : m_splitter.next(text())) {
            take(*length, out);
            if (out.records.size() > given)
                have += out.records.back().bytes.size();
            given = out.records.size();
        } else if (!m_changed && fill()) {
            m_grew = false;
        } else if (isTruncated()) {
            recover();
        } else {
            if (!std::exchange(m_grew, true))
                m_grewAt = now;
            if (!finish(now, out))
                return;
            given = out.records.size();
        }
    }
    out.more = true;
}

/// Reads on. False at the end of the file, or when it is another than it was.
bool StreamTail::fill()
{
    if (text().size() > m_options.maxRecordBytes) {
        m_tooLong = true;
        m_splitter.dropped(text().size());
        m_textAt += text().size();
        m_text.clear();
        m_begin = 0;
    }
    const std::string more = m_file.read(m_textAt + text().size(), kChunk);
    if (more.empty())
        return false;
    if (m_file.before(m_offset) != scatter(m_tail, m_offset)) {
        m_changed = true; // truncated, and longer than before already
        return false;
    }
    const bool first = m_textAt == 0 && text().empty();
    if (StreamFile copy = first ? successor(m_doneAt, m_file.mtimeNs()) : StreamFile()) {
        m_resumed = std::move(m_file); // it was truncated before any of it was read
        use(std::move(copy), 0);
        return true;
    }
    m_writtenAt = m_file.mtimeNs();
    m_text.erase(0, m_begin);
    m_begin = 0;
    m_text += more;
    if (m_identity.headBytes < StreamFile::kHeadBytes)
        m_identity = m_file.identity();
    return true;
}

bool StreamTail::isTruncated() const
{
    return m_changed || m_file.size() < m_textAt + text().size();
}

void StreamTail::recover()
{
    if (StreamFile copy = copyOf(scatter(m_tail, m_offset), m_file.inode())) {
        if (!m_resumed) // a copy is not truncated, in general
            m_resumed = std::move(m_file);
        return use(std::move(copy), m_offset);
    }
    tellLost();
    use(std::move(m_file), 0);
}

/// The end of the file is reached. True when there is something to go on with.
bool StreamTail::finish(Clock::time_point now, Reading& out)
{
    if (!m_resumed) {
        const std::uint64_t current = inodeAt(m_options.path);
        const bool isLast = current == 0
            && !successor(m_file.mtimeNs(), std::numeric_limits<std::int64_t>::max());
        if (isLast || current == m_file.inode())
            return false;
        const auto written = m_file.isWritten();
        const auto quiet = written ? m_options.quiet : m_options.quiet / 5;
        if (written.value_or(true) && now - m_grewAt < quiet)
            return false;
        if (fill()) // before the last writer closed it
            return true;
        if (isTruncated())
            return true;
    }
    if (!text().empty() || m_tooLong) {
        take(text().size(), out); // its end will never come
        return true;
    }
    m_done.push_back(m_file.identity());
    if (m_done.size() > kMostDone)
        m_done.erase(m_done.begin());
    m_doneAt = m_file.mtimeNs();
    m_identity = m_done.back();
    m_file = StreamFile();
    return true;
}

/// The first `length` bytes of text() are a record, or its end.
void StreamTail::take(std::size_t length, Reading& out)
{
    const std::string_view whole = text().substr(0, length);
    const bool first = m_offset == 0;
    const bool tooLong = std::exchange(m_tooLong, false)
        || withoutLineEnd(whole).size() > m_options.maxRecordBytes;
    const std::uint64_t begin = m_offset;
    m_textAt += length;
    m_offset = m_textAt;
    m_tail += whole.substr(length - std::min(length, kTailBytes));
    if (const std::size_t tail = std::min<std::uint64_t>(m_offset, kTailBytes); tooLong)
        m_tail = m_file.read(m_offset - tail, tail); // parts of it were thrown away
    m_tail.erase(0, m_tail.size() - std::min(m_tail.size(), kTailBytes));
    std::string record(withoutLineEnd(whole));
    if (first)
        record = withoutByteOrderMark(record);
    m_begin += length;
    m_splitter.restart();
    if (tooLong) {
        m_toTell.push_back(fmt::format("the line at byte {} of {} has {} bytes and is left out: {} "
                                       "are the most",
                                       begin, m_options.path.string(), m_offset - begin,
                                       m_options.maxRecordBytes));
    } else if (first && m_options.csv) {
        m_header = std::make_shared<const std::string>(record);
    } else if (!record.empty()) {
        ++m_sequence;
        out.records.push_back(
            {std::move(record), m_sequence, outsideTime(m_writtenAt), m_header, position()});
    }
}

} // namespace coldframe::sources
