#include "ui/tests_view/problem_list.h"

#include <QFileInfo>
#include <QPainter>
#include <QStyledItemDelegate>

#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr int kPadding = 8;
constexpr qsizetype kTipLength = 2'000;
constexpr int kPlaceLength = 24; ///< characters

QString placeOf(const TestProblem& problem)
{
    const QString name = QFileInfo(problem.file).fileName();
    return problem.line > 0 ? QStringLiteral("%1:%2").arg(name).arg(problem.line) : name;
}

/// Of the expectation the line is enough: whose it is, the list beside it says.
QString shortPlaceOf(const TestProblem& problem)
{
    if (problem.line > 0 && problem.file.endsWith(QLatin1String(session::kExpectationEnd)))
        return ProblemList::tr("line %1").arg(problem.line);
    const QFontMetrics metrics(uiFont());
    return metrics.elidedText(placeOf(problem), Qt::ElideMiddle,
                              metrics.averageCharWidth() * kPlaceLength);
}

QString tipOf(const TestProblem& problem)
{
    QStringList lines{problem.sentence.left(kTipLength)};
    if (!problem.expected.isEmpty())
        lines << ProblemList::tr("Expected: %1").arg(problem.expected.left(kTipLength));
    if (!problem.got.isEmpty())
        lines << ProblemList::tr("Got: %1").arg(problem.got.left(kTipLength));
    if (!problem.file.isEmpty())
        lines << ProblemList::tr("Double click or Enter opens %1").arg(placeOf(problem));
    // As it stands: values may look like markup.
    return QStringLiteral("<div style='white-space: pre-wrap'>%1</div>")
        .arg(lines.join(QLatin1Char('\n')).toHtmlEscaped());
}

class ProblemDelegate : public QStyledItemDelegate {
public:
    explicit ProblemDelegate(ProblemList* list) : QStyledItemDelegate(list), m_list(*list) { }
    void setTheme(const Theme& theme) { m_theme = &theme; }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const TestProblem& problem = m_list.problems()[index.row()];
        const int width = m_list.viewport()->width();
        return {width,
                sentenceRoom(option.fontMetrics, problem, width).height()
                    + linesOf(problem) * lineHeight() + 2 * kPadding};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const TestProblem& problem = m_list.problems()[index.row()];
        painter->save();
        if ((option.state & QStyle::State_Selected) != 0)
            painter->fillRect(option.rect, m_theme->selection);
        else if ((option.state & QStyle::State_MouseOver) != 0)
            painter->fillRect(option.rect, m_theme->hover);
        const QRect room = option.rect.adjusted(kPadding, kPadding, -kPadding, -kPadding);
        painter->setFont(option.font);
        painter->setPen(m_theme->dim);
        painter->drawText(room, static_cast<int>(Qt::AlignRight | Qt::AlignTop),
                          shortPlaceOf(problem));
        painter->setPen(m_theme->text);
        QRect sentence = sentenceRoom(option.fontMetrics, problem, option.rect.width());
        sentence.moveTopLeft(room.topLeft());
        painter->drawText(sentence,
                          static_cast<int>(Qt::AlignLeft | Qt::AlignTop) | Qt::TextWordWrap,
                          problem.sentence);
        QRect line(room.left(), sentence.bottom() + 1, room.width(), lineHeight());
        if (!problem.expected.isEmpty()) {
            paintValue(*painter, line, ProblemList::tr("expected"), problem.expected,
                       m_theme->good);
            line.translate(0, lineHeight());
        }
        if (!problem.got.isEmpty())
            paintValue(*painter, line, ProblemList::tr("got"), problem.got, m_theme->bad);
        painter->setPen(m_theme->grid);
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        painter->restore();
    }

private:
    static int linesOf(const TestProblem& problem)
    {
        return (problem.expected.isEmpty() ? 0 : 1) + (problem.got.isEmpty() ? 0 : 1);
    }
    static int lineHeight() { return QFontMetrics(codeFont(8.5)).height() + 3; }

    /// Beside the place, as many lines as it takes.
    static QRect sentenceRoom(const QFontMetrics& metrics, const TestProblem& problem, int width)
    {
        const int taken
            = 2 * kPadding + metrics.horizontalAdvance(shortPlaceOf(problem)) + 2 * kPadding;
        const int left = qMax(width - taken, metrics.averageCharWidth() * 20);
        QRect room = metrics.boundingRect(
            QRect(0, 0, left, 10'000),
            static_cast<int>(Qt::AlignLeft | Qt::AlignTop) | Qt::TextWordWrap, problem.sentence);
        room.setWidth(left);
        return room;
    }

    void paintValue(QPainter& painter, const QRect& line, const QString& what, const QString& value,
                    const QColor& color) const
    {
        const QFont small = uiFont(8.5);
        const int indent
            = QFontMetrics(small).horizontalAdvance(ProblemList::tr("expected")) + kPadding;
        painter.setFont(small);
        painter.setPen(m_theme->dim);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, what);
        painter.setFont(codeFont(8.5));
        painter.setPen(color);
        const QRect room = line.adjusted(indent, 0, 0, 0);
        // Only what can be seen: a value may have 64 KB and a thousand lines.
        painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(value.left(kTipLength).simplified(),
                                                          Qt::ElideRight, room.width()));
    }

    ProblemList& m_list;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace

QList<TestProblem> problemsOf(const TestRow& row)
{
    const auto of = [](const Error& error) {
        const QString hint = text(error.hint);
        return TestProblem{.sentence = text(error.message)
                               + (hint.isEmpty() ? QString() : QStringLiteral("; ") + hint),
                           .expected = {},
                           .got = {},
                           .file = text(error.file),
                           .line = error.line,
                           .column = error.column};
    };
    QList<TestProblem> problems;
    for (const Error& error : row.test.errors)
        problems.append(of(error));
    if (!problems.isEmpty() || !row.result || row.running)
        return problems;
    if (row.result->error)
        return {of(*row.result->error)};
    for (const check::Mismatch& mismatch : row.result->mismatches)
        problems.append({text(mismatch.sentence), text(mismatch.expected), text(mismatch.got),
                         text(row.test.expectationFile.string()), mismatch.line, mismatch.column});
    return problems;
}

ProblemList::ProblemList(QWidget* parent) : QListWidget(parent)
{
    setItemDelegate(new ProblemDelegate(this));
    setFrameShape(NoFrame);
    setMouseTracking(true);
    setResizeMode(Adjust); // sentences take other lines in another width
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setAccessibleName(tr("What is not as expected"));
    connect(this, &QListWidget::activated, this, [this](const QModelIndex& index) {
        const TestProblem& problem = m_problems[index.row()];
        if (!problem.file.isEmpty())
            Q_EMIT placeWanted(problem.file, problem.line, problem.column);
    });
}

void ProblemList::setTheme(const Theme& theme)
{
    static_cast<ProblemDelegate*>(itemDelegate())->setTheme(theme);
    viewport()->update();
}

void ProblemList::setProblems(const QList<TestProblem>& problems)
{
    clear();
    m_problems = problems;
    for (const TestProblem& problem : problems) {
        auto* item = new QListWidgetItem(this);
        item->setToolTip(tipOf(problem));
        item->setData(Qt::AccessibleTextRole,
                      QStringList{problem.sentence, placeOf(problem)}.join(QStringLiteral(", ")));
    }
}

} // namespace coldframe::ui
