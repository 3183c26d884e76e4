#pragma once

#include <QDialog>
#include <QStringList>

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "model/json_text.h"
#include "model/workspace_edit.h"
#include "session/workspace_editor.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QScrollArea;

namespace coldframe::ui {

/// Adds or changes one entry of the workspace file. What the fields come to is read by core as the
/// session would read it; what core says against it stands at the field it is about. Only fields
/// that were changed are written, once, when OK is pressed.
class EntryDialog : public QDialog {
    Q_OBJECT
public:
    void accept() override;

    /// Texts of the file before and after; equal when nothing was changed.
    const std::string& before() const { return m_before; }
    const std::string& after() const { return m_after; }
    std::string newName() const;

protected:
    /// What a field says as JSON; none: its key is left out.
    using Value = std::optional<std::string>;
    using Getter = std::function<Value()>;
    enum class IfEmpty { LeaveOut, Keep }; ///< Keep: core says what is missing, at the field

    /// `name` empty: a new entry.
    EntryDialog(EntryKind kind, std::string name, session::WorkspaceEditor editor,
                std::string fileText, QWidget* parent);

    /// A part of the form with a heading, below those before it. Gone while none of its fields is
    /// used. Part 0 is there, without one.
    void addPart(int part, const QString& heading);
    /// Where the next fields stand.
    void setPart(int part) { m_part = part; }
    /// Fields are added in the order in which a new entry gets its keys.
    QLineEdit* addText(const QString& label, const std::string& key, IfEmpty ifEmpty);
    /// A whole number, as typed; the placeholder says the default.
    QLineEdit* addNumber(const QString& label, const std::string& key, const QString& fallback,
                         const QString& unit);
    /// A folder, relative to the workspace where it lies inside; a file while `isFile` says so.
    QLineEdit* addFolder(const QString& label, const std::string& key,
                         std::function<bool()> isFile = {});
    /// Items carry JSON as their data, or nothing.
    QComboBox* addChoice(const QString& label, const std::string& key);
    /// A choice whose first item is the default, which a new entry need not name.
    QComboBox* addDefaulted(const QString& label, const std::string& key,
                            const QList<std::pair<const char*, QString>>& items);
    /// JSON of several lines, laid out.
    QPlainTextEdit* addJson(const QString& label, const std::string& key, int lines);
    void addField(const QString& label, QWidget* widget, QWidget* inner, const std::string& key,
                  Getter value);
    /// A key without a field of its own.
    void addFixed(const std::string& key, const std::string& json);
    void setUsed(const std::string& key, bool used); ///< shown and written, or neither
    void setLabel(const std::string& key, const QString& label);
    void touched(QWidget* inner); ///< to be connected to what its signal of a change is
    /// Once, when all fields are there.
    void start();

    bool adds() const { return m_name.empty(); }
    /// As in the file. A key inside another is "async/retries"; no key has a slash of its own.
    std::optional<JsonValue> valueOf(const std::string& key) const;
    std::string textOf(const std::string& key) const; ///< of a JSON text; empty for none
    QStringList namesIn(const char* section) const;
    QStringList storesOf(const char* kind) const; ///< their names
    std::uint64_t seed() const; ///< of the workspace
    void showProblem(const std::string& key, const QString& problem);
    bool hasProblem(const std::string& key) const;

    /// What is changed beyond the fields, and what core cannot see of it.
    virtual void addChanges(std::vector<EntryChange::Value>&) const { }
    virtual void checkMore() { }

private:
    struct Field {
        std::string key; ///< "" is the name
        QString label;
        QWidget *caption, *row, *inner;
        QLabel* problem;
        Getter value;
        Value first;
        int line = 0; ///< of the form
        bool used = true, touched = false;
    };
    void build(const QString& title);
    void showHeadings();
    void orderTabs();
    void check();
    void makeRoom();
    int mostHeight() const;
    EntryChange change() const;
    void clearProblems();
    void showProblems(const std::vector<Error>& errors);
    Field* fieldOf(const std::string& rest);

    EntryKind m_kind;
    std::string m_name, m_before, m_after;
    session::WorkspaceEditor m_editor;
    std::optional<JsonText> m_json;
    std::vector<Field> m_fields;
    std::map<int, QLabel*> m_headings; ///< by part
    int m_part = 0;
    QScrollArea* m_scroll = nullptr;
    /// No QFormLayout: Qt 6.4's writes past its rows when hidden ones hold text that wraps.
    QGridLayout* m_form = nullptr;
    QLineEdit* m_nameEdit = nullptr;
    QLabel* m_rest = nullptr;
    QPushButton* m_ok = nullptr;
    bool m_good = false, m_started = false;
};

/// A word as JSON.
QString quoted(const QString& word);
/// Chooses the item of what is in the file; what is not offered is shown and told to be wrong.
void chooseOf(QComboBox& box, const std::string& word);

} // namespace coldframe::ui
