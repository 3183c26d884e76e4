#pragma once

#include <QAbstractTableModel>

#include <optional>
#include <vector>

#include "session/queue_view.h"
#include "ui/theme/theme.h"

namespace coldframe::ui {

/// The messages of a queue in the order they were sent. A newer list moves no row but those that
/// came, went or changed; a list that is another altogether resets.
class MessagesModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Sent, State, Problem, From, Body, Receives, Size, Sender, Group };
    static constexpr int kColumns = 9;

    using QAbstractTableModel::QAbstractTableModel;

    void setTheme(const Theme& theme);
    /// In ascending order of key. `now`: by the clock of their times.
    void setMessages(std::vector<session::MessageView> messages, TimePoint now);

    const session::MessageView& message(int row) const { return m_rows[std::size_t(row)]; }
    std::optional<int> find(std::uint64_t key) const;
    TimePoint now() const { return m_now; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    using Rows = std::vector<session::MessageView>;
    bool isAnother(const Rows& next) const;
    void removeMissing(const Rows& next);
    void insertNew(Rows& next);
    void change(Rows& next);
    QString text(const session::MessageView& message, int column) const;

    Rows m_rows;
    TimePoint m_now{};
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui
