#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/time.h"
#include "sources/line_splitter.h"
#include "sources/stream_files.h"
#include "sources/stream_position.h"

namespace coldframe::sources {

/// A line of a JSON-lines file, or a record of a CSV file, as it stands there.
struct StreamRecord {
    std::string bytes; ///< without its line end, whatever they are
    std::uint64_t sequence = 0; ///< from 1, over all files of the stream
    TimePoint arrival{}; ///< when its file was written last, which is no earlier than the record
    std::shared_ptr<const std::string> header; ///< first line of its CSV file
    StreamPosition after; ///< where to go on when it is done
};

/// Follows a file that grows, record by record and in order, each once, from a position that
/// survives a restart. Reads on
///   - over rotation by renaming: the old file to its end, once nobody writes it any more; others
///     that came and went in between, by the time of their last write; then the new one
///   - over truncation, where a copy beside the file (logrotate's copytruncate) holds what was not
///     read yet; without one, what was not read is lost, which is told
///   - a last line without its end when that comes, or when its file is finished.
/// Empty lines are left out, lines above the limit are told of and left out.
///
/// Told the time; looks at files when it is asked to read, and only then.
class StreamTail {
public:
    using Clock = std::chrono::steady_clock;
    struct Options {
        std::filesystem::path path; ///< absolute
        bool csv = false;
        bool fromStart = true; ///< without a position: from the file's first line, else its end
        std::size_t maxRecordBytes = std::size_t{6} << 20;
        /// A renamed file that is still open for writing counts as finished after so long a quiet;
        /// one of which that cannot be known, after a fifth of it.
        Clock::duration quiet = std::chrono::seconds(10);
    };
    struct Reading {
        std::vector<StreamRecord> records;
        std::vector<std::string> told; ///< what happened to the file that somebody should know
        bool more = false; ///< the limits ended it, not the file
        /// Where it began, the first time. To be kept at once: the file may be another after a
        /// restart, and its end elsewhere.
        std::optional<StreamPosition> began;
    };

    StreamTail(Options options, const std::optional<StreamPosition>& position);

    /// The next records, up to `count` and until they have `bytes`.
    Reading read(std::size_t count, std::size_t bytes, Clock::time_point now);
    /// After what read() has given last.
    StreamPosition position() const;
    /// Why nothing can be read now; empty when something could.
    const std::string& problem() const { return m_problem; }

private:
    std::string_view text() const { return std::string_view(m_text).substr(m_begin); }
    void use(StreamFile file, std::uint64_t offset);
    void resume(const StreamPosition& position);
    bool openNext(Reading& out);
    bool openFirst();
    StreamFile successor(std::int64_t from, std::int64_t until) const;
    bool isDone(const StreamFile& file) const;
    bool fill();
    bool isTruncated() const;
    void recover();
    StreamFile copyOf(std::uint64_t before, std::uint64_t inode) const;
    void tellLost();
    void readInto(Reading& out, std::size_t count, std::size_t bytes, Clock::time_point now);
    bool finish(Clock::time_point now, Reading& out);
    void take(std::size_t length, Reading& out);

    const Options m_options;
    StreamFile m_file; ///< being read; closed: the next one is to be found
    StreamFile m_resumed; ///< truncated: read from its start once its copy is
    FileIdentity m_identity; ///< of m_file, or of the last one
    std::uint64_t m_offset = 0; ///< where the next record begins
    std::string m_tail; ///< the last bytes before it
    std::int64_t m_writtenAt = 0; ///< when m_file was, as far as it was read
    std::uint64_t m_sequence = 0;
    std::vector<FileIdentity> m_done;
    std::int64_t m_doneAt = 0; ///< when the last finished file was written last, ns since 1970
    std::shared_ptr<const std::string> m_header;

    LineSplitter m_splitter;
    std::string m_text; ///< read and not taken
    std::size_t m_begin = 0; ///< what of it is taken already
    std::uint64_t m_textAt = 0; ///< offset of text()
    bool m_tooLong = false; ///< the record's beginning was thrown away
    bool m_changed = false; ///< what lies before m_offset is not what was read there
    bool m_isFirst = false; ///< nothing was read yet, of no file
    Clock::time_point m_grewAt{};
    bool m_grew = false;
    std::string m_problem;
    std::vector<std::string> m_toTell;
};

} // namespace coldframe::sources
