#include "session/attempt_source.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "history/recording_reader.h"

namespace coldframe::session {

/// Rows do not carry their recording's name. Few runs have more than one part, and then a search
/// through the rows in memory is short beside reading from disk.
const std::filesystem::path& AttemptSource::folderOf(const history::AttemptRow& row) const
{
    if (parts.size() == 1)
        return parts.front().folder;
    std::uint64_t at = rows.endRow();
    while (at > rows.firstRow() && std::memcmp(&rows[at - 1], &row, sizeof row) != 0)
        --at;
    const auto after
        = std::ranges::upper_bound(parts, at == 0 ? 0 : at - 1, {}, &RecordingPart::firstRow);
    return std::prev(after)->folder;
}

AttemptBodies AttemptSource::load(const history::AttemptRow& row) const
{
    AttemptBodies bodies;
    if (parts.empty())
        return bodies;
    if (writer)
        (void)writer->flush(); // what a stopped recording lacks is missing in the answer
    if (auto reader = history::RecordingReader::open(folderOf(row))) {
        bodies.event = reader->blob(row.event).value_or("");
        bodies.result = reader->blob(row.result).value_or("");
        if (row.log.length > 0)
            bodies.log = reader->blob(row.log).value_or("");
        bodies.outputs = reader->blob(row.outputs).value_or("");
    }
    return bodies;
}

std::vector<std::string>
AttemptSource::loadEvents(const std::vector<history::AttemptRow>& attempts) const
{
    std::vector<std::string> events(attempts.size());
    if (parts.empty())
        return events;
    if (writer)
        (void)writer->flush();
    std::map<std::filesystem::path, Result<history::RecordingReader>> readers; // opened once each
    for (std::size_t i = 0; i < attempts.size(); ++i) {
        const std::filesystem::path& folder = folderOf(attempts[i]);
        auto reader = readers.find(folder);
        if (reader == readers.end())
            reader = readers.emplace(folder, history::RecordingReader::open(folder)).first;
        if (reader->second)
            events[i] = reader->second->blob(attempts[i].event).value_or("");
    }
    return events;
}

} // namespace coldframe::session
