#include "ui/stores/store_model.h"

#include <algorithm>

#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kOneByOne = 100; ///< changes; of more, all rows are made again

} // namespace

StoreModel::StoreModel(QObject* parent)
    : QAbstractTableModel(parent), m_now(QDateTime::currentMSecsSinceEpoch())
{ }

void StoreModel::setTheme(const Theme& theme)
{
    m_theme = &theme;
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1), {Qt::BackgroundRole});
}

void StoreModel::setListing(StoreListing listing)
{
    beginResetModel();
    m_all = std::move(listing.all);
    m_bytes = listing.bytes;
    if (m_filter.isEmpty() && m_column == Key && m_order == Qt::AscendingOrder)
        m_rows = std::move(listing.byKey);
    else
        refill();
    endResetModel();
}

/// Puts an object into its entry and keeps the sum.
void StoreModel::take(Entry& entry, const StoreObject& object, qint64 newUntil)
{
    m_bytes += object.bytes - entry.object.bytes;
    if (entry.shown.isEmpty())
        entry.shown = shownKey(object.key);
    entry.object = object;
    entry.newUntil = newUntil;
}

void StoreModel::apply(const std::vector<StoreChange>& changes, const QDateTime& now)
{
    m_now = now.toMSecsSinceEpoch();
    const qint64 newUntil = m_now + kNewMs;
    if (changes.size() <= kOneByOne) {
        for (const StoreChange& change : changes)
            applyOne(change, newUntil);
        return;
    }
    beginResetModel();
    for (const StoreChange& change : changes) {
        if (!change.removed) {
            take(m_all[change.object.key], change.object, newUntil);
        } else if (const auto at = m_all.find(change.object.key); at != m_all.end()) {
            m_bytes -= at->second.object.bytes;
            m_all.erase(at);
        }
    }
    refill();
    endResetModel();
}

void StoreModel::applyOne(const StoreChange& change, qint64 newUntil)
{
    const auto found = m_all.find(change.object.key);
    if (found == m_all.end()) {
        if (change.removed)
            return;
        Entry& entry = m_all[change.object.key];
        take(entry, change.object, newUntil);
        if (!wanted(entry))
            return;
        const int row = static_cast<int>(placeOf(entry));
        beginInsertRows({}, row, row);
        m_rows.insert(m_rows.begin() + row, &entry);
        endInsertRows();
        return;
    }
    if (!change.removed)
        return this->change(found->second, change.object, newUntil);
    m_bytes -= found->second.object.bytes;
    if (wanted(found->second)) {
        const int row = static_cast<int>(placeOf(found->second));
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }
    m_all.erase(found);
}

/// An object that was replaced: its row moves to its new place.
void StoreModel::change(Entry& entry, const StoreObject& object, qint64 newUntil)
{
    if (!wanted(entry))
        return take(entry, object, newUntil);
    const std::size_t from = placeOf(entry);
    Entry next = entry;
    take(next, object, newUntil);
    const auto rest = [&](const Entry* a, const Entry& b) { return before(*a, b); };
    const auto begin = m_rows.begin(), own = begin + static_cast<std::ptrdiff_t>(from);
    auto place = std::lower_bound(begin, own, next, rest);
    if (place == own)
        place = std::lower_bound(own + 1, m_rows.end(), next, rest);
    const auto to = static_cast<std::size_t>(place - begin); // before the row that is there now
    const bool moves = to != from && to != from + 1;
    if (moves)
        beginMoveRows({}, int(from), int(from), {}, int(to));
    entry = std::move(next);
    std::size_t row = from;
    if (moves && to > from) {
        std::rotate(own, own + 1, place);
        row = to - 1;
    } else if (moves) {
        std::rotate(place, own, own + 1);
        row = to;
    }
    if (moves)
        endMoveRows();
    Q_EMIT dataChanged(index(int(row), 0), index(int(row), kColumns - 1));
}

void StoreModel::setFilter(const QString& filter)
{
    if (filter == m_filter)
        return;
    beginResetModel();
    m_filter = filter;
    refill();
    endResetModel();
}

void StoreModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= kColumns)
        return;
    beginResetModel();
    m_column = column;
    m_order = order;
    refill();
    endResetModel();
}

void StoreModel::setNow(const QDateTime& now)
{
    m_now = now.toMSecsSinceEpoch();
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
}

void StoreModel::refill()
{
    m_rows.clear();
    m_rows.reserve(m_all.size());
    for (const auto& [key, entry] : m_all)
        if (wanted(entry))
            m_rows.push_back(&entry);
    std::ranges::sort(m_rows, [this](const Entry* a, const Entry* b) { return before(*a, *b); });
}

bool StoreModel::wanted(const Entry& entry) const
{
    return m_filter.isEmpty() || entry.shown.contains(m_filter, Qt::CaseInsensitive);
}

/// No two are alike: where size or time is the same, the keys decide, always upwards.
bool StoreModel::before(const Entry& a, const Entry& b) const
{
    const bool up = m_order == Qt::AscendingOrder;
    if (m_column == Size && a.object.bytes != b.object.bytes)
        return (a.object.bytes < b.object.bytes) == up;
    if (m_column == Modified && a.object.modified != b.object.modified)
        return (a.object.modified < b.object.modified) == up;
    const int order = a.object.key.compare(b.object.key);
    return m_column == Key && !up ? order > 0 : order < 0;
}

std::size_t StoreModel::placeOf(const Entry& entry) const
{
    const auto place = std::ranges::lower_bound(
        m_rows, &entry, [this](const Entry* a, const Entry* b) { return before(*a, *b); });
    return static_cast<std::size_t>(place - m_rows.begin());
}

std::optional<int> StoreModel::find(const std::string& key) const
{
    const auto found = m_all.find(key);
    if (found == m_all.end() || !wanted(found->second))
        return std::nullopt;
    return static_cast<int>(placeOf(found->second));
}

int StoreModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int StoreModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QString StoreModel::text(const Entry& entry, int column) const
{
    if (column == Key)
        return entry.shown;
    if (entry.object.outside) // its size and time would be those of a file elsewhere
        return column == Size ? tr("link") : tr("not followed");
    if (column == Size)
        return bytesText(entry.object.bytes);
    const TimePoint now{std::chrono::milliseconds(m_now)};
    return agoText(entry.object.modified, now);
}

QVariant StoreModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Entry& entry = *m_rows[std::size_t(index.row())];
    const bool isNew = entry.newUntil > m_now;
    switch (role) {
    case Qt::DisplayRole:
        return text(entry, index.column());
    case Qt::ToolTipRole:
        if (entry.object.outside)
            return tr("%1\nA symbolic link out of the store: it is not followed.").arg(entry.shown);
        return tr("%1\n%2 bytes, modified %3")
            .arg(entry.shown, countText(entry.object.bytes), dayText(entry.object.modified));
    case Qt::TextAlignmentRole:
        return index.column() == Size ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                      : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::AccessibleTextRole: {
        const QString said = tr("%1: %2").arg(
            headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(),
            text(entry, index.column()));
        return isNew && index.column() == Key ? tr("%1, new").arg(said) : said;
    }
    case Qt::BackgroundRole:
        return isNew ? QVariant(m_theme->goodSoft) : QVariant();
    case Qt::FontRole: // colour is never the only cue
        return isNew && index.column() == Key ? QVariant(uiFont(9.5, QFont::DemiBold)) : QVariant();
    case NewRole:
        return isNew;
    default:
        return {};
    }
}

QVariant StoreModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Size ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                               : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == Key ? tr("Key") : section == Size ? tr("Size") : tr("Modified");
}

} // namespace coldframe::ui
