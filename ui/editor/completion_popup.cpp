#include "ui/editor/completion_popup.h"

#include <QPainter>
#include <QScreen>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace coldframe::ui {

namespace {

constexpr int kMostRows = 9;
constexpr int kSide = 10; ///< pixels left and right of a row
constexpr int kGap = 18; ///< between name and note
constexpr int kNarrowest = 240, kWidest = 620;
constexpr int kWidestName = 330;
constexpr int kNoteRole = Qt::UserRole;

/// The name in the editor's own type, what it is beside it.
class RowDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setTheme(const Theme& theme) { m_theme = &theme; }
    void setNameWidth(int width) { m_nameWidth = width; }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {kNarrowest, QFontMetrics(codeFont()).height() + 8};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        painter->save();
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, m_theme->selection);
        const QRect inside = option.rect.adjusted(kSide, 0, -kSide, 0);
        const QFont codes = codeFont(), words = uiFont(9);
        painter->setFont(codes);
        painter->setPen(m_theme->text);
        QRect place = inside;
        place.setWidth(qMin(m_nameWidth, inside.width()));
        painter->drawText(place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                          QFontMetrics(codes).elidedText(index.data().toString(),
                                                         Qt::ElideMiddle, place.width()));
        place = inside.adjusted(m_nameWidth + kGap, 0, 0, 0);
        painter->setFont(words);
        painter->setPen(m_theme->dim);
        if (place.width() > 0)
            painter->drawText(place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                              QFontMetrics(words).elidedText(index.data(kNoteRole).toString(),
                                                             Qt::ElideRight, place.width()));
        painter->restore();
    }

private:
    const Theme* m_theme = &Theme::lightTheme();
    int m_nameWidth = 0;
};

} // namespace

CompletionPopup::CompletionPopup(QWidget* parent)
    : QListView(parent), m_model(new QStandardItemModel(this))
{
    // A tool tip: no window manager gives it the focus.
    setWindowFlags(Qt::ToolTip | Qt::FramelessWindowHint);
    setAttribute(Qt::WA_ShowWithoutActivating);
    setFocusPolicy(Qt::NoFocus);
    setObjectName(QStringLiteral("palette"));
    setAccessibleName(tr("Suggestions"));
    setModel(m_model);
    setItemDelegate(new RowDelegate(this));
    setUniformItemSizes(true);
    setEditTriggers(NoEditTriggers);
    setSelectionMode(SingleSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerItem);
    setLayoutMode(SinglePass);
    connect(this, &QListView::clicked, this, &CompletionPopup::picked);
}

void CompletionPopup::setTheme(const Theme& theme)
{
    static_cast<RowDelegate*>(itemDelegate())->setTheme(theme);
    viewport()->update();
}

void CompletionPopup::present(const std::vector<Suggestion>& suggestions, const QRect& place)
{
    if (suggestions != m_suggestions || !isVisible()) {
        m_suggestions = suggestions;
        m_model->clear();
        const QFontMetrics codes(codeFont());
        int names = 0;
        for (const Suggestion& suggestion : m_suggestions) {
            auto* item = new QStandardItem(QString::fromStdString(suggestion.label));
            item->setData(QString::fromStdString(suggestion.note), kNoteRole);
            item->setData(item->text() + QStringLiteral(", ")
                              + QString::fromStdString(suggestion.note),
                          Qt::AccessibleTextRole);
            m_model->appendRow(item);
            names = qMax(names, codes.horizontalAdvance(item->text()));
        }
        static_cast<RowDelegate*>(itemDelegate())->setNameWidth(qMin(names + 2, kWidestName));
        setCurrentIndex(m_model->index(0, 0));
    }
    const QSize size = sizeFor(m_model->rowCount());
    const QScreen* screen = parentWidget()->screen();
    const QRect room = screen ? screen->availableGeometry() : QRect(0, 0, 1 << 15, 1 << 15);
    const bool below = place.bottom() + size.height() <= room.bottom();
    const int top = below ? place.bottom() + 2 : place.top() - size.height() - 2;
    const int left = qMax(room.left(), qMin(place.left(), room.right() - size.width()));
    setGeometry(QRect(QPoint(left, top), size));
    show();
}

QSize CompletionPopup::sizeFor(int rows) const
{
    const QFontMetrics codes(codeFont()), words(uiFont(9));
    int names = 0, notes = 0;
    for (const Suggestion& suggestion : m_suggestions) {
        names = qMax(names, codes.horizontalAdvance(QString::fromStdString(suggestion.label)));
        notes = qMax(notes, words.horizontalAdvance(QString::fromStdString(suggestion.note)));
    }
    const int frame = 2 * frameWidth();
    const int bar = rows > kMostRows ? verticalScrollBar()->sizeHint().width() : 0;
    const int wanted
        = qMin(names + 2, kWidestName) + (notes > 0 ? kGap + notes + 2 : 0) + 2 * kSide + bar;
    return {qBound(kNarrowest, wanted + frame, kWidest),
            qMin(rows, kMostRows) * sizeHintForRow(0) + frame};
}

int CompletionPopup::rowsOnPage() const
{
    return kMostRows - 1;
}

void CompletionPopup::step(int rows)
{
    const int row = qBound(0, currentIndex().row() + rows, m_model->rowCount() - 1);
    setCurrentIndex(m_model->index(row, 0));
}

const Suggestion* CompletionPopup::chosen() const
{
    const int row = currentIndex().row();
    return row >= 0 && row < static_cast<int>(m_suggestions.size())
        ? &m_suggestions[static_cast<std::size_t>(row)]
        : nullptr;
}

} // namespace coldframe::ui
