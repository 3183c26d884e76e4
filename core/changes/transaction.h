#pragma once

#include "sqlite/sqlite.h"

namespace coldframe::changes {

/// A transaction that is rolled back unless commit() succeeds.
class Transaction {
public:
    Transaction(sqlite3* db, const char* begin) : m_db(db), m_code(sqlite::execute(db, begin)) { }
    Transaction(const Transaction&) = delete;
    ~Transaction()
    {
        if (!sqlite3_get_autocommit(m_db))
            sqlite::execute(m_db, "ROLLBACK");
    }
    int code() const { return m_code; } ///< of the beginning
    int commit() { return sqlite::execute(m_db, "COMMIT"); }

private:
    sqlite3* m_db;
    int m_code;
};

} // namespace coldframe::changes
