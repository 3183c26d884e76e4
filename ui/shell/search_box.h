#pragma once

#include <QLineEdit>
#include <QList>

#include <functional>

class QCompleter;
class QStandardItemModel;

namespace coldframe::ui {

struct Theme;

/// Finds a command, a function, a trigger or a test event by any part of its name, and goes there.
class SearchBox : public QLineEdit {
    Q_OBJECT
public:
    struct Entry {
        QString text;
        QString kind; ///< "command", "function", …
        std::function<void()> run;
    };
    using Source = std::function<QList<Entry>()>;

    SearchBox(Source source, QWidget* parent = nullptr);
    void setTheme(const Theme& theme);

protected:
    void focusInEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void refill();
    void choose(const QModelIndex& index);

    Source m_source;
    QList<Entry> m_entries;
    QStandardItemModel* m_model;
    QCompleter* m_completer;
    QAction* m_glass;
};

} // namespace coldframe::ui
