#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/configuration.h"
#include "model/workspace.h"

namespace coldframe::session {

/// The workspace's queues, and the triggers that read them, as the engine knows them. Ids stay the
/// same while the workspace file changes.
class QueuePlan {
public:
    /// Fills in queues and mappings. Triggers that are not in `started` read nothing.
    void fill(const Workspace& workspace, const std::set<std::string>& started,
              engine::Configuration& configuration);

    /// kNoQueue when the workspace has no such queue now.
    QueueId id(const std::string& queue) const;
    /// Also of one that was removed, whose messages are kept; kNoQueue: there never was one.
    QueueId knownId(const std::string& queue) const;
    const std::string& name(QueueId queue) const { return m_queues[queue]; }
    std::size_t size() const { return m_queues.size(); }
    bool isFifo(QueueId queue) const { return m_rules[queue].fifo; }
    const engine::QueueRules& rules(QueueId queue) const { return m_rules[queue]; }
    /// Name of the trigger a mapping is; empty when it was removed.
    const std::string& trigger(MappingId mapping) const { return m_triggers[mapping]; }
    std::size_t mappings() const { return m_readers.size(); }
    QueueId queueOf(MappingId mapping) const { return m_readers[mapping].first; }
    bool deduplicatesByContent(QueueId queue) const { return m_byContent.contains(queue); }
    /// Somebody reads it.
    bool isRead(QueueId queue) const { return m_read.contains(queue); }

private:
    using Reader = std::pair<QueueId, FunctionId>; ///< what makes a mapping the same one

    QueueId place(const std::string& queue);
    MappingId place(Reader reader);

    std::vector<std::string> m_queues; ///< by QueueId
    std::vector<engine::QueueRules> m_rules;
    std::vector<Reader> m_readers; ///< by MappingId
    std::vector<std::string> m_triggers; ///< likewise
    std::set<QueueId> m_read, m_byContent;
};

} // namespace coldframe::session
