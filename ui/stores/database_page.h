#pragma once

#include "ui/session_bridge/session_port.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

class QVBoxLayout;

namespace coldframe::ui {

class ElidedLabel;
class MessageBar;
class WrappedLabel;

/// A store of tables: where its database is, who reads the changes of its tables and who writes
/// rows into them, with the ways there.
class DatabasePage : public Card {
    Q_OBJECT
public:
    explicit DatabasePage(QWidget* parent = nullptr);

    void setPort(SessionPort* port);
    void setTheme(const Theme& theme);
    void setStore(const QString& name);

Q_SIGNALS:
    void triggerWanted(const QString& name);
    void functionWanted(const QString& name);
    void editWanted();

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Use {
        QString words, opens;
        bool trigger = false;
        bool operator==(const Use&) const = default;
    };
    QVBoxLayout* addPart(QVBoxLayout* column, const QString& title, const char* name);
    void follow(const SnapshotPtr& snapshot);
    void fillPart(QVBoxLayout* part, const QList<Use>& uses, const QString& ifNone);

    SessionPort* m_port = nullptr;
    QString m_name;
    QLabel *m_title, *m_kind;
    ElidedLabel* m_place;
    MessageBar* m_bar;
    QVBoxLayout *m_readers, *m_writers;
    QList<Use> m_shownReaders, m_shownWriters;
    QString m_shownFor;
    WrappedLabel* m_found;
};

} // namespace coldframe::ui
