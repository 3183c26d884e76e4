#include "ui/queues/messages_model.h"

#include <algorithm>
#include <tuple>

#include "ui/queues/message_text.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

using session::MessageView;

constexpr std::size_t kOneByOne = 200; ///< runs of rows; of more, all rows are made again

/// What can change of a message, and what else is shown of it.
bool isSame(const MessageView& a, const MessageView& b)
{
    const auto shown = [](const MessageView& m) {
        return std::tie(m.key, m.bytes, m.receives, m.sentAt, m.visibleAt, m.inFlight, m.from,
                        m.problem, m.beginning);
    };
    return shown(a) == shown(b);
}

bool isIn(const std::vector<MessageView>& rows, std::uint64_t key)
{
    return std::ranges::binary_search(rows, key, {}, &MessageView::key);
}

/// How many runs of rows beside each other are in `rows` and not in `others`.
std::size_t runsBeyond(const std::vector<MessageView>& rows, const std::vector<MessageView>& others)
{
    std::size_t runs = 0;
    bool inRun = false;
    for (const MessageView& row : rows) {
        const bool beyond = !isIn(others, row.key);
        runs += beyond && !inRun ? 1 : 0;
        inRun = beyond;
    }
    return runs;
}

} // namespace

void MessagesModel::setTheme(const Theme& theme)
{
    m_theme = &theme;
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1), {Qt::ForegroundRole});
}

void MessagesModel::setMessages(std::vector<MessageView> messages, TimePoint now)
{
    m_now = now;
    if (isAnother(messages)) {
        beginResetModel();
        m_rows = std::move(messages);
        endResetModel();
        return;
    }
    removeMissing(messages);
    insertNew(messages);
    change(messages);
    if (!m_rows.empty()) // how long each is hidden goes on
        Q_EMIT dataChanged(index(0, State), index(rowCount() - 1, State));
}

bool MessagesModel::isAnother(const Rows& next) const
{
    return runsBeyond(m_rows, next) + runsBeyond(next, m_rows) > kOneByOne;
}

void MessagesModel::removeMissing(const Rows& next)
{
    for (std::size_t end = m_rows.size(); end > 0;) {
        if (isIn(next, m_rows[end - 1].key)) {
            --end;
            continue;
        }
        std::size_t first = end - 1;
        while (first > 0 && !isIn(next, m_rows[first - 1].key))
            --first;
        beginRemoveRows({}, int(first), int(end) - 1);
        m_rows.erase(m_rows.begin() + std::ptrdiff_t(first), m_rows.begin() + std::ptrdiff_t(end));
        endRemoveRows();
        end = first;
    }
}

/// All rows are in `next` by now.
void MessagesModel::insertNew(Rows& next)
{
    for (std::size_t at = 0; at < next.size(); ++at) {
        std::size_t end = at;
        while (end < next.size() && (at >= m_rows.size() || next[end].key < m_rows[at].key))
            ++end;
        if (end == at)
            continue;
        beginInsertRows({}, int(at), int(end) - 1);
        m_rows.insert(m_rows.begin() + std::ptrdiff_t(at), next.begin() + std::ptrdiff_t(at),
                      next.begin() + std::ptrdiff_t(end));
        endInsertRows();
        at = end - 1;
    }
}

/// The same messages in the same order.
void MessagesModel::change(Rows& next)
{
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        if (isSame(m_rows[row], next[row]))
            continue;
        m_rows[row] = std::move(next[row]);
        Q_EMIT dataChanged(index(int(row), 0), index(int(row), kColumns - 1));
    }
}

std::optional<int> MessagesModel::find(std::uint64_t key) const
{
    const auto place = std::ranges::lower_bound(m_rows, key, {}, &MessageView::key);
    if (place == m_rows.end() || place->key != key)
        return std::nullopt;
    return static_cast<int>(place - m_rows.begin());
}

int MessagesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int MessagesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QString MessagesModel::text(const MessageView& message, int column) const
{
    switch (column) {
    case Sent:
        return sentText(message.sentAt, m_now);
    case State:
        return stateText(message, m_now);
    case Problem:
        return oneLine(ui::text(message.problem));
    case From:
        return ui::text(message.from);
    case Receives:
        return countText(message.receives);
    case Size:
        return bytesText(message.bytes);
    case Sender:
        return senderText(message);
    case Group:
        return ui::text(message.group);
    case Body:
        return oneLine(ui::text(message.beginning));
    default:
        return {};
    }
}

QVariant MessagesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const MessageView& message = m_rows[std::size_t(index.row())];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(message, column);
    case Qt::ToolTipRole:
        if (column == Sent)
            return tr("%1\nMessage %2").arg(dayText(message.sentAt), ui::text(message.messageId));
        if (column == Problem)
            return ui::text(message.problem);
        return {};
    case Qt::TextAlignmentRole:
        return headerData(column, Qt::Horizontal, role);
    case Qt::ForegroundRole:
        if (column == Problem)
            return m_theme->bad;
        if (column == State && message.inFlight)
            return m_theme->accent;
        return column == Body || column == Sent ? QVariant() : QVariant(m_theme->dim);
    case Qt::FontRole:
        return column == Body ? QVariant(codeFont(8.5)) : QVariant();
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(),
                                text(message, column));
    default:
        return {};
    }
}

QVariant MessagesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == Receives || section == Size ? Qt::AlignRight : Qt::AlignLeft)
                        | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[kColumns]
        = {tr("Sent"),     tr("State"), tr("Problem"), tr("From"), tr("Body"),
           tr("Received"), tr("Size"),  tr("Sender"),  tr("Group")};
    return section >= 0 && section < kColumns ? titles[section] : QString();
}

} // namespace coldframe::ui
