#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "session/table_reader.h"

namespace coldframe::session {

class Run;

/// The tables whose changes the workspace's triggers get, each read once. On the live thread.
class ChangesHub {
public:
    explicit ChangesHub(Run& run);
    ~ChangesHub(); ///< waits for the readers' threads

    /// A table under way, and what is known of it.
    struct Table {
        std::unique_ptr<TableReader> reader;
        std::optional<TableTrouble> trouble;
        std::string name; ///< "orders in data/shop.db"
        int triggers = 0; ///< that use it
    };
    std::shared_ptr<Table> join(const Workspace& workspace, const ChangesTrigger& trigger);
    void leave(const std::shared_ptr<Table>& table);
    void end(); ///< nothing is read or forgotten any more
    void beat(); ///< ten times a second

private:
    struct Alive; ///< shared with the readers; knows whether we still exist
    void told(const std::shared_ptr<Table>& table, std::optional<TableTrouble> trouble);

    Run& m_run;
    std::shared_ptr<Alive> m_alive;
    std::map<std::string, std::shared_ptr<Table>> m_tables; ///< by where they are
    std::vector<std::shared_ptr<Table>> m_leaving; ///< their threads end
};

} // namespace coldframe::session
