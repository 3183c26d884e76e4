#include "ui/explorer/explorer_model.h"

#include <QSet>

#include <algorithm>

namespace coldframe::ui {

namespace {

constexpr quintptr kSectionId = 0; ///< internal id of a section; a row has its section's number + 1

const char* const kTitles[kSections] = {
    QT_TRANSLATE_NOOP("coldframe::ui::ExplorerModel", "Functions"),
    QT_TRANSLATE_NOOP("coldframe::ui::ExplorerModel", "Triggers"),
    QT_TRANSLATE_NOOP("coldframe::ui::ExplorerModel", "Stores"),
    QT_TRANSLATE_NOOP("coldframe::ui::ExplorerModel", "Test events"),
    QT_TRANSLATE_NOOP("coldframe::ui::ExplorerModel", "Scenarios"),
    QT_TRANSLATE_NOOP("coldframe::ui::ExplorerModel", "Recordings"),
};

} // namespace

ExplorerModel::ExplorerModel(QObject* parent) : QAbstractItemModel(parent) { }

void ExplorerModel::setRows(const ExplorerRows& rows)
{
    for (int section = 0; section < kSections; ++section)
        setSection(section, rows[static_cast<std::size_t>(section)]);
}

void ExplorerModel::removeMissing(int section, const QList<ExplorerRow>& rows)
{
    QSet<QString> wanted;
    for (const ExplorerRow& row : rows)
        wanted.insert(row.key);
    QList<ExplorerRow>& have = m_rows[static_cast<std::size_t>(section)];
    for (qsizetype at = have.size() - 1; at >= 0; --at) {
        if (wanted.contains(have[at].key))
            continue;
        beginRemoveRows(index(section, 0), static_cast<int>(at), static_cast<int>(at));
        have.removeAt(at);
        endRemoveRows();
    }
}

void ExplorerModel::setSection(int section, const QList<ExplorerRow>& rows)
{
    QList<ExplorerRow>& have = m_rows[static_cast<std::size_t>(section)];
    if (have == rows)
        return;
    const qsizetype countBefore = have.size();
    const QModelIndex parent = index(section, 0);
    removeMissing(section, rows);
    for (int at = 0; at < rows.size(); ++at) {
        const ExplorerRow& row = rows[at];
        const auto from
            = std::find_if(have.begin() + std::min<qsizetype>(at, have.size()), have.end(),
                           [&row](const ExplorerRow& old) { return old.key == row.key; });
        if (from == have.end()) {
            beginInsertRows(parent, at, at);
            have.insert(at, row);
            endInsertRows();
            continue;
        }
        const int old = static_cast<int>(from - have.begin());
        if (old != at) {
            beginMoveRows(parent, old, old, parent, at);
            have.move(old, at);
            endMoveRows();
        }
        if (have[at] != row) {
            have[at] = row;
            const QModelIndex changed = index(at, 0, parent);
            Q_EMIT dataChanged(changed, changed);
        }
    }
    if (have.size() != countBefore)
        Q_EMIT dataChanged(parent, parent); // its badge counts them
}

QModelIndex ExplorerModel::sectionIndex(Section section) const
{
    return index(static_cast<int>(section), 0);
}

QModelIndex ExplorerModel::find(Section section, const QString& key) const
{
    const QList<ExplorerRow>& rows = m_rows[static_cast<std::size_t>(section)];
    for (int at = 0; at < rows.size(); ++at)
        if (rows[at].key == key)
            return index(at, 0, sectionIndex(section));
    return {};
}

QModelIndex ExplorerModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    if (!parent.isValid())
        return createIndex(row, column, kSectionId);
    return createIndex(row, column, static_cast<quintptr>(parent.row()) + 1);
}

QModelIndex ExplorerModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == kSectionId)
        return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, kSectionId);
}

int ExplorerModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return kSections;
    if (parent.internalId() != kSectionId || parent.column() != 0)
        return 0;
    return static_cast<int>(m_rows[static_cast<std::size_t>(parent.row())].size());
}

int ExplorerModel::columnCount(const QModelIndex&) const
{
    return 1;
}

QVariant ExplorerModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (index.internalId() == kSectionId)
        return sectionData(index.row(), role);
    const int section = static_cast<int>(index.internalId() - 1);
    return rowData(m_rows[static_cast<std::size_t>(section)][index.row()], section, role);
}

QVariant ExplorerModel::sectionData(int section, int role) const
{
    const qsizetype count = m_rows[static_cast<std::size_t>(section)].size();
    switch (role) {
    case Qt::DisplayRole:
        return tr(kTitles[section]);
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(tr(kTitles[section])).arg(count);
    case KeyRole:
        return QString();
    case IconRole:
        return QStringLiteral("folder");
    case IconToneRole:
        return static_cast<int>(Tone::Neutral);
    case BadgeRole:
        return QString::number(count);
    case BadgeToneRole:
        return static_cast<int>(Tone::Neutral);
    case SectionRole:
        return section;
    default:
        return {};
    }
}

QVariant ExplorerModel::rowData(const ExplorerRow& row, int section, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return row.text;
    case Qt::ToolTipRole:
        return row.toolTip;
    case Qt::AccessibleTextRole: {
        QStringList badges{row.account, row.badge};
        badges.removeAll(QString());
        return badges.isEmpty() ? row.text
                                : tr("%1: %2").arg(row.text, badges.join(QStringLiteral(", ")));
    }
    case KeyRole:
        return row.key;
    case IconRole:
        return row.icon;
    case IconToneRole:
        return static_cast<int>(row.iconTone);
    case AccountRole:
        return row.account;
    case BadgeRole:
        return row.badge;
    case BadgeToneRole:
        return static_cast<int>(row.badgeTone);
    case SectionRole:
        return section;
    default:
        return {};
    }
}

} // namespace coldframe::ui
