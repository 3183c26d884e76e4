#pragma once

#include <QAbstractTableModel>
#include <QDateTime>

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "ui/stores/store_watch.h"
#include "ui/theme/theme.h"

namespace coldframe::ui {

/// The objects of a store by key, size or time, those whose key has the filter in it. Objects that
/// come while it is looked at are marked for a while. A change moves no row but its own; a flood of
/// changes resets.
class StoreModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Key, Size, Modified };
    static constexpr int kColumns = 3;
    static constexpr int kNewMs = 10'000; ///< how long an object counts as new
    enum Role { NewRole = Qt::UserRole };

    explicit StoreModel(QObject* parent = nullptr);

    void setTheme(const Theme& theme);
    void setListing(StoreListing listing);
    void apply(const std::vector<StoreChange>& changes, const QDateTime& now);
    void setFilter(const QString& filter);
    void sort(int column, Qt::SortOrder order) override;
    /// Time goes on: how long ago something was, and what is no longer new.
    void setNow(const QDateTime& now);

    std::size_t total() const { return m_all.size(); } ///< whatever the filter says
    std::uint64_t bytes() const { return m_bytes; } ///< of all
    const StoreObject& object(int row) const { return m_rows[std::size_t(row)]->object; }
    std::optional<int> find(const std::string& key) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    using Entry = StoreListing::Entry;
    bool before(const Entry& a, const Entry& b) const;
    std::size_t placeOf(const Entry& entry) const;
    bool wanted(const Entry& entry) const;
    void take(Entry& entry, const StoreObject& object, qint64 newUntil);
    void applyOne(const StoreChange& change, qint64 newUntil);
    void change(Entry& entry, const StoreObject& object, qint64 newUntil);
    void refill();
    QString text(const Entry& entry, int column) const;

    std::unordered_map<std::string, Entry> m_all; ///< its entries stay where they are
    std::vector<const Entry*> m_rows;
    std::uint64_t m_bytes = 0;
    QString m_filter;
    int m_column = Key;
    Qt::SortOrder m_order = Qt::AscendingOrder;
    qint64 m_now = 0;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui
