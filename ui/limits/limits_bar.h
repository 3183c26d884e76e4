#pragma once

#include <functional>
#include <optional>
#include <string>

#include "ui/session_bridge/session_port.h"
#include "ui/widgets/card.h"

namespace coldframe::ui {

class LimitBox;
class WrapRow;
class WrappedLabel;

/// A value of the workspace file that is to be another.
struct LimitChange {
    std::string function; ///< empty: of the account
    std::string key; ///< "memoryMb", "accountConcurrency"
    std::optional<int> value; ///< none: the key goes
};

/// Memory and concurrency of the function in front, and the account's, to be changed while it runs.
/// What core says against a value stands below.
class LimitsBar : public Card {
    Q_OBJECT
public:
    /// Writes a change; the error is what the workspace file's reader says.
    using Writer = std::function<Result<void>(const LimitChange&)>;

    explicit LimitsBar(QWidget* parent = nullptr);

    void setWriter(Writer writer) { m_writer = std::move(writer); }
    void setPort(SessionPort* port);
    void setFunction(const QString& name);

private:
    struct Field {
        LimitBox* box;
        QLabel* caption;
        std::string key;
        int none; ///< value that leaves the key out
        bool ofAccount;
    };
    LimitBox* addField(WrapRow* row, const QString& caption, const QString& help,
                       const std::string& key, int none);
    void show(const SnapshotPtr& snapshot);
    void fill(bool anew);
    void choose(Field& field, int value);
    void say(Field* field, const QString& problem);
    void setReason(const QString& reason);

    Writer m_writer;
    SessionPort* m_port = nullptr;
    std::shared_ptr<const Workspace> m_workspace;
    std::string m_function;
    std::vector<Field> m_fields;
    LimitBox *m_memory, *m_reserved, *m_provisioned, *m_account;
    WrappedLabel* m_problem;
    Field* m_wrong = nullptr; ///< whose value was refused
    QString m_reason; ///< why nothing can be changed
};

} // namespace coldframe::ui
