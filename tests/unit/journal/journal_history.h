#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "journal/journal.h"
#include "journal/message_table.h"

namespace coldframe::journal {

/// What a journal holds, a text a row: "event 5", "message 7", "mark SOURCE KEY".
using Content = std::map<std::string, std::string>;

inline std::string brief(const std::string& body)
{
    return fmt::format("{} bytes, {:x}", body.size(), std::hash<std::string>{}(body));
}

inline std::string rowOf(const JournalEntry& entry)
{
    return fmt::format("{} {} {} {} {} {} {}", entry.function, entry.sourceKey, entry.requestId,
                       entry.hops, entry.attemptsDone, entry.notBefore.time_since_epoch().count(),
                       brief(entry.body));
}

inline std::string rowOf(const QueuedMessage& message)
{
    return fmt::format("{} {} {} {} {} {} {} {} {}", message.queue, message.messageId,
                       message.group, message.receives, message.sentAt.time_since_epoch().count(),
                       message.visibleAt.time_since_epoch().count(), message.from, message.problem,
                       brief(message.body + message.attributes));
}

/// A journal and beside it, after each call, what it should hold: the number of a state is that of
/// the calls before it. Calls are random and follow from the seed.
class JournalHistory {
public:
    static constexpr const char* kSources[] = {"files", "lines"};

    JournalHistory(std::uint64_t seed, Content begun) : m_random(seed), m_states{std::move(begun)}
    {
        for (const auto& [name, row] : m_states.back())
            if (name.starts_with("event "))
                m_events[std::stoull(name.substr(6))] = {};
    }

    const std::vector<Content>& states() const { return m_states; }
    std::size_t given() const { return m_states.size() - 1; }
    /// The state right after the event or message of that key was handed over.
    std::size_t stateWith(std::uint64_t key) const { return m_givenAs.at(key); }

    /// One random call, which hands something over.
    void call(Journal& journal, std::size_t largestBody)
    {
        Content now = m_states.back();
        switch (m_random() % 9) {
        case 0:
        case 1:
        case 2:
            append(journal, now, largestBody);
            break;
        case 3:
            release(journal, now, largestBody);
            break;
        case 4:
            remove(journal, now, largestBody);
            break;
        case 5:
        case 6:
            send(journal, now, largestBody);
            break;
        case 7:
            change(journal, now, largestBody);
            break;
        default:
            journal.note(marks(now, 1 + m_random() % 3));
        }
        m_states.push_back(std::move(now));
    }

private:
    std::string body(std::size_t largest)
    {
        const std::size_t most = m_random() % 4 == 0 ? largest : 300;
        return std::string(m_random() % (most + 1), static_cast<char>('a' + m_random() % 26));
    }
    template <typename Map> typename Map::iterator any(Map& map)
    {
        return std::next(map.begin(), static_cast<std::ptrdiff_t>(m_random() % map.size()));
    }
    TimePoint moment()
    {
        return TimePoint(std::chrono::milliseconds(1'700'000'000'000 + m_random() % 1'000'000));
    }

    std::vector<SourceMark> marks(Content& now, std::size_t count)
    {
        std::vector<SourceMark> list;
        for (std::size_t i = 0; i < count; ++i) {
            const SourceMark mark{kSources[m_random() % 2], "key" + std::to_string(m_random() % 6),
                                  m_random() % 4 == 0 ? "" : "at " + std::to_string(m_random())};
            const std::string name = "mark " + mark.source + ' ' + mark.key;
            if (mark.value.empty())
                now.erase(name);
            else
                now[name] = mark.value;
            list.push_back(mark);
        }
        return list;
    }

    void append(Journal& journal, Content& now, std::size_t largest)
    {
        JournalEntry entry;
        entry.key = journal.nextKey();
        entry.function = "resize";
        entry.sourceKey = fmt::format("in/{}.json", entry.key);
        entry.requestId = std::to_string(m_random());
        entry.hops = static_cast<std::uint32_t>(m_random() % 16);
        entry.body = body(largest);
        entry.marks = marks(now, m_random() % 3);
        now["event " + std::to_string(entry.key)] = rowOf(entry);
        m_givenAs[entry.key] = m_states.size();
        JournalEntry kept = entry;
        kept.marks.clear();
        m_events[entry.key] = std::move(kept);
        EXPECT_TRUE(journal.append(std::move(entry)));
    }
    void release(Journal& journal, Content& now, std::size_t largest)
    {
        if (m_events.empty())
            return append(journal, now, largest);
        auto& [key, entry] = *any(m_events);
        if (entry.key == 0) // of an earlier start, whose text alone is known
            return remove(journal, now, largest);
        entry.attemptsDone = static_cast<std::uint32_t>(1 + m_random() % 2);
        entry.notBefore = moment();
        now["event " + std::to_string(key)] = rowOf(entry);
        journal.release(key, entry.attemptsDone, entry.notBefore);
    }
    void remove(Journal& journal, Content& now, std::size_t largest)
    {
        if (m_events.empty())
            return append(journal, now, largest);
        const auto gone = any(m_events);
        now.erase("event " + std::to_string(gone->first));
        journal.remove(gone->first);
        m_events.erase(gone);
    }

    void send(Journal& journal, Content& now, std::size_t largest)
    {
        QueuedMessage message;
        message.key = journal.nextKey();
        message.queue = "parts";
        message.messageId = std::to_string(m_random());
        message.group = "g" + std::to_string(m_random() % 3);
        message.sentAt = moment();
        message.attributes = R"({"a": 1})";
        message.body = body(largest);
        m_messages[message.key] = message;
        m_givenAs[message.key] = m_states.size();
        now["message " + std::to_string(message.key)] = rowOf(message);
        EXPECT_TRUE(journal.append(std::move(message)));
    }
    void change(Journal& journal, Content& now, std::size_t largest)
    {
        if (m_messages.empty())
            return send(journal, now, largest);
        const auto it = any(m_messages);
        auto& [key, message] = *it;
        const std::string name = "message " + std::to_string(key);
        const auto kind = m_random() % 3;
        if (kind == 0) {
            journal.change(MessageRemoved{key});
            now.erase(name);
            m_messages.erase(it);
            return;
        }
        if (kind == 1) {
            message.body = body(300);
            journal.change(MessageEdited{key, message.body, message.attributes});
        } else {
            message.queue = m_random() % 2 ? "failed" : "parts";
            message.receives += 1;
            message.visibleAt = moment();
            message.problem = "it failed";
            journal.change(MessageStands{.key = key,
                                         .queue = message.queue,
                                         .receives = message.receives,
                                         .sentAt = message.sentAt,
                                         .firstReceivedAt = message.firstReceivedAt,
                                         .visibleAt = message.visibleAt,
                                         .from = message.from,
                                         .problem = message.problem});
        }
        now[name] = rowOf(message);
    }

    std::mt19937_64 m_random;
    std::vector<Content> m_states;
    std::map<std::uint64_t, JournalEntry> m_events;
    std::map<std::uint64_t, QueuedMessage> m_messages; ///< of this start
    std::map<std::uint64_t, std::size_t> m_givenAs;
};

/// What the file holds, over connections that read it as the program does.
inline Content contentOf(const Journal& journal)
{
    Content found;
    const auto entries = journal.pending();
    const auto messages = journal.messages();
    EXPECT_TRUE(entries && messages);
    for (const JournalEntry& entry : entries.value_or(std::vector<JournalEntry>{}))
        found["event " + std::to_string(entry.key)] = rowOf(entry);
    MessageReader reader(journal.file());
    for (QueuedMessage message : messages.value_or(std::vector<QueuedMessage>{})) {
        EXPECT_TRUE(reader.read(message));
        found["message " + std::to_string(message.key)] = rowOf(message);
    }
    for (const char* source : JournalHistory::kSources) {
        const auto marks = journal.marks(source);
        EXPECT_TRUE(marks);
        for (const SourceMark& mark : marks.value_or(std::vector<SourceMark>{}))
            found["mark " + mark.source + ' ' + mark.key] = mark.value;
    }
    return found;
}

} // namespace coldframe::journal
