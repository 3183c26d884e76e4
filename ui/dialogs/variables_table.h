#pragma once

#include <QWidget>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/json_text.h"
#include "model/workspace_edit.h"

class QTableWidget;

namespace coldframe::ui {

/// Names and values of environment variables, as a table to type into.
class VariablesTable : public QWidget {
    Q_OBJECT
public:
    /// `inFile` is the object in the workspace file, if there is one.
    explicit VariablesTable(const std::optional<JsonValue>& inFile, QWidget* parent = nullptr);

    /// What makes the object in the file say what the table says; nothing for what is the same.
    void addChanges(std::vector<EntryChange::Value>& changes) const;
    /// A name given twice, which a changed file would not show.
    QString problem() const;
    QTableWidget* table() const { return m_table; }

Q_SIGNALS:
    void changed();

private:
    using Variables = std::vector<std::pair<std::string, std::string>>;
    void addRow(const QString& name, const QString& value);
    void removeRow();
    Variables variables() const;

    Variables m_first;
    QTableWidget* m_table;
};

} // namespace coldframe::ui
