#pragma once

#include <QAbstractItemModel>
#include <QList>

#include <array>

#include "ui/theme/theme.h"

namespace coldframe::ui {

enum class Section { Functions, Triggers, Stores, TestEvents, Scenarios, Recordings };
inline constexpr int kSections = 6;

/// One line of the explorer.
struct ExplorerRow {
    QString key; ///< unique in its section: a name, or a path
    QString text;
    QString icon; ///< name of a stroke icon
    Tone iconTone = Tone::Neutral;
    QString account; ///< of a function that can reach a real account; red, before the badge
    QString badge; ///< empty: none
    Tone badgeTone = Tone::Neutral;
    QString toolTip;
    bool operator==(const ExplorerRow&) const = default;
};
using ExplorerRows = std::array<QList<ExplorerRow>, kSections>;

/// Two levels: sections, and what they hold. Updates change only what changed, so a view keeps its
/// selection and its open sections.
class ExplorerModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Role {
        KeyRole = Qt::UserRole,
        IconRole,
        IconToneRole,
        AccountRole,
        BadgeRole,
        BadgeToneRole,
        SectionRole
    };

    explicit ExplorerModel(QObject* parent = nullptr);

    void setRows(const ExplorerRows& rows);
    QModelIndex sectionIndex(Section section) const;
    QModelIndex find(Section section, const QString& key) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    void setSection(int section, const QList<ExplorerRow>& rows);
    void removeMissing(int section, const QList<ExplorerRow>& rows);
    QVariant sectionData(int section, int role) const;
    QVariant rowData(const ExplorerRow& row, int section, int role) const;

    ExplorerRows m_rows;
};

} // namespace coldframe::ui
