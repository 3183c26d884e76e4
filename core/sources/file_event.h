#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "model/error.h"
#include "model/workspace.h"
#include "sources/event_text.h"
#include "sources/file_change.h"

namespace coldframe::sources {

/// Whether a trigger wants to hear of a change: its kind and its key. A file that was written over
/// counts as created, as on S3, and as modified.
bool matches(const FileTrigger& trigger, const FileChange& change);
/// Whether a key has the trigger's prefix, suffix and pattern and lies in its folder.
bool matches(const FileTrigger& trigger, std::string_view key);

/// What an event says besides the change itself.
struct FileEventContext {
    std::string trigger; ///< name; `configurationId` of an S3 event
    std::string store; ///< name; the bucket
    std::filesystem::path folder; ///< the store's folder, absolute
    EventOrigin origin;
    bool tellsModified = false; ///< CloudEvents call a file that was written over "modified"
    /// The ETag that a read of the object will tell, from its key; empty when it cannot be told.
    std::function<std::string(const std::string& key)> etag{};
};

/// Gives out numbers that rise with time and never repeat, for `sequencer` and ids.
class Sequencer {
public:
    std::uint64_t next(TimePoint now)
    {
        const auto time = static_cast<std::uint64_t>(now.time_since_epoch().count());
        return m_last = std::max(m_last + 1, time);
    }

private:
    std::uint64_t m_last = 0;
};

/// The handler's event for a change, in any shape; reads the file for `content` and `body`.
///
/// @param time      When the change was noticed; `eventTime`.
/// @param number    From a Sequencer: events of one key carry rising numbers.
/// @param maxBytes  Most the file may hold for `content` and `body`.
/// Errors: those of readFileForEvent() and contentEvent(); Conflict for the content of a removed
/// file.
Result<std::string> fileEvent(EventShape shape, const FileChange& change,
                              const FileEventContext& context, TimePoint time, std::uint64_t number,
                              std::uint64_t maxBytes);

/// The event for `s3`, `eventbridge` and `cloudevents`, which tell of the file but do not hold it.
///
/// S3: one record, event structure 2.1, `ObjectCreated:Put` or `ObjectRemoved:Delete`; the key is
/// URL-encoded with '+' for a space, in the other two shapes it is plain. The eTag is the one that
/// `context` tells, else a stand-in: 32 hex digits that change with size, time and inode. Removed
/// files carry neither size nor eTag.
/// Source: Amazon S3 user guide, "Event message structure"; CloudEvents 1.0; read 2026-11.
std::string notificationEvent(EventShape shape, const FileChange& change,
                              const FileEventContext& context, TimePoint time,
                              std::uint64_t number);

/// The file's text as the event. It must be JSON; errors name file, line and column (in bytes,
/// from 1). A byte order mark is left out.
Result<std::string> contentEvent(std::string text, const std::filesystem::path& file);

/// `{"body": "<text>", "isBase64Encoded": false}`; in base64 when the bytes are not UTF-8.
std::string bodyEvent(std::string_view bytes);

/// Reads a whole file for an event. Missing when it is gone, LimitReached when it is larger than
/// `maxBytes`, Io when the system refuses.
Result<std::string> readFileForEvent(const std::filesystem::path& file, std::uint64_t maxBytes);

/// A key as S3 events carry it: bytes other than letters, digits, - . _ ~ / as %XX, space as '+'.
std::string urlEncodedKey(std::string_view key);

} // namespace coldframe::sources
