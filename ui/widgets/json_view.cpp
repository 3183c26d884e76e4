#include "ui/widgets/json_view.h"

#include <QKeyEvent>
#include <QVBoxLayout>

// QScintilla's headers use the keywords that the rest of the window does without.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#include <Qsci/qscicommandset.h>
#include <Qsci/qscilexerjson.h>
#include <Qsci/qsciscintilla.h>
#undef signals
#undef slots

#include <string>

namespace coldframe::ui {

namespace {

constexpr int kNumberMargin = 0;
constexpr int kFoldMargin = 2;
constexpr int kProblemIndicator = 8;
constexpr int kLinkIndicator = 9;
constexpr int kProblemMarker = 1;
constexpr int kFirstFoldMarker = 25; // SC_MARKNUM_FOLDEREND … SC_MARKNUM_FOLDEROPEN
constexpr int kLastFoldMarker = 31;

long scintillaColor(const QColor& color)
{
    return color.red() | (color.green() << 8) | (color.blue() << 16);
}

} // namespace

JsonView::JsonView(QWidget* parent)
    : QWidget(parent), m_view(new QsciScintilla(this)), m_lexer(new QsciLexerJSON(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_view);
    setFocusProxy(m_view);
    m_view->setFrameShape(QFrame::NoFrame);
    m_lexer->setDefaultFont(codeFont());
    m_lexer->setFont(codeFont());
    m_lexer->setHighlightComments(false);
    m_view->setLexer(m_lexer);
    m_view->setUtf8(true);
    m_view->setTabWidth(2);
    m_view->setIndentationsUseTabs(false);
    m_view->setAutoIndent(true);
    m_view->setIndentationGuides(true);
    m_view->setBraceMatching(QsciScintilla::SloppyBraceMatch);
    m_view->setExtraAscent(2);
    m_view->setExtraDescent(2);
    setUpMargins();
    m_view->setScrollWidth(1); // as wide as the longest line, once there is one
    m_view->setScrollWidthTracking(true);
    // Ctrl+Enter sends; the editor must not take it for a line break.
    for (const unsigned long modifiers : {2UL, 3UL}) // SCMOD_CTRL, and with SCMOD_SHIFT
        m_view->SendScintilla(
            QsciScintilla::SCI_CLEARCMDKEY,
            static_cast<unsigned long>(QsciScintilla::SCK_RETURN) | (modifiers << 16), 0L);
    m_view->SendScintilla(QsciScintilla::SCI_SETSCROLLWIDTHTRACKING, 1UL);
    // Ctrl+T, Ctrl+Shift+T and Ctrl+D are the window's: it starts the triggers, tests and compares.
    // Here they would swap or double lines of JSON.
    for (const QKeyCombination key :
         {Qt::CTRL | Qt::Key_T, Qt::CTRL | Qt::SHIFT | Qt::Key_T, Qt::CTRL | Qt::Key_D})
        if (QsciCommand* command = m_view->standardCommands()->boundTo(key.toCombined()))
            command->setKey(0);
    // Beside Ctrl+Y: the key that redoes a workspace edit must redo typing here.
    if (QsciCommand* redo = m_view->standardCommands()->find(QsciCommand::Redo))
        redo->setAlternateKey(QKeyCombination(Qt::CTRL | Qt::SHIFT, Qt::Key_Z).toCombined());
    m_view->installEventFilter(this);
    connect(m_view, &QsciScintilla::textChanged, this, &JsonView::textChanged);
    connect(m_view, &QsciScintilla::SCN_CHARADDED, this, &JsonView::characterTyped);
    connect(m_view, &QsciScintilla::cursorPositionChanged, this, &JsonView::cursorMoved);
    connect(m_view, &QsciScintilla::indicatorReleased, this,
            [this](int line, int index) { clicked(line, index); });
    setTheme(Theme::lightTheme());
}

bool JsonView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_view || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    // Tab leaves the editor for the next control: the window is usable without a mouse.
    if (key->key() == Qt::Key_Tab || key->key() == Qt::Key_Backtab)
        return focusNextPrevChild(key->key() == Qt::Key_Tab);
    // The key of a command that cannot be used just now is no text: Ctrl+. would write a dot.
    const bool command = key->modifiers().testFlag(Qt::ControlModifier)
        && !key->modifiers().testFlag(Qt::AltModifier); // with it, AltGr types brackets
    return command && !m_view->standardCommands()->boundTo(key->keyCombination().toCombined())
        && !key->text().isEmpty() && key->text().front().isPrint();
}

QString JsonView::text() const
{
    return m_view->text();
}

void JsonView::setText(const QString& text)
{
    m_view->setText(text);
    showBeginning();
}

/// Another text is not scrolled as the one before was, nor as wide.
void JsonView::showBeginning()
{
    m_view->SendScintilla(QsciScintilla::SCI_SETSCROLLWIDTH, 1UL);
    m_view->SendScintilla(QsciScintilla::SCI_SETXOFFSET, 0UL);
}

void JsonView::replaceText(const QString& text)
{
    m_view->selectAll();
    m_view->replaceSelectedText(text);
    m_view->setCursorPosition(0, 0);
    showBeginning();
}

QByteArray JsonView::utf8() const
{
    const long length = m_view->SendScintilla(QsciScintilla::SCI_GETLENGTH);
    QByteArray bytes(length + 1, '\0'); // it puts a NUL behind them
    m_view->SendScintilla(QsciScintilla::SCI_GETTEXT, static_cast<unsigned long>(length + 1),
                          bytes.data());
    bytes.chop(1);
    return bytes;
}

qsizetype JsonView::cursor() const
{
    return m_view->SendScintilla(QsciScintilla::SCI_GETCURRENTPOS);
}

bool JsonView::hasSelection() const
{
    // Its own hasSelectedText() lags behind a selection that was typed over.
    return m_view->SendScintilla(QsciScintilla::SCI_GETSELECTIONEMPTY) == 0;
}

QRect JsonView::rectAt(qsizetype byte) const
{
    const auto at = static_cast<long>(byte);
    const long x = m_view->SendScintilla(QsciScintilla::SCI_POINTXFROMPOSITION, 0UL, at);
    const long y = m_view->SendScintilla(QsciScintilla::SCI_POINTYFROMPOSITION, 0UL, at);
    const long height = m_view->SendScintilla(QsciScintilla::SCI_TEXTHEIGHT, 0UL);
    const QPoint corner(static_cast<int>(x), static_cast<int>(y));
    return {m_view->viewport()->mapTo(this, corner), QSize(1, static_cast<int>(height))};
}

void JsonView::replaceBytes(qsizetype from, qsizetype to, const QByteArray& bytes,
                            qsizetype selectFrom, qsizetype selectTo)
{
    m_view->SendScintilla(QsciScintilla::SCI_BEGINUNDOACTION);
    m_view->SendScintilla(QsciScintilla::SCI_SETTARGETSTART, static_cast<unsigned long>(from));
    m_view->SendScintilla(QsciScintilla::SCI_SETTARGETEND, static_cast<unsigned long>(to));
    m_view->SendScintilla(QsciScintilla::SCI_REPLACETARGET,
                          static_cast<unsigned long>(bytes.size()), bytes.constData());
    m_view->SendScintilla(QsciScintilla::SCI_SETSEL, static_cast<unsigned long>(from + selectFrom),
                          static_cast<long>(from + selectTo));
    m_view->SendScintilla(QsciScintilla::SCI_ENDUNDOACTION);
}

void JsonView::setReadOnly(bool readOnly)
{
    m_view->setReadOnly(readOnly);
    m_view->setCaretLineVisible(!readOnly);
}

void JsonView::setName(const QString& name)
{
    m_view->setAccessibleName(name);
}

void JsonView::setUpMargins()
{
    m_view->setMarginType(kNumberMargin, QsciScintilla::NumberMargin);
    m_view->setMarginWidth(kNumberMargin, QStringLiteral("0000"));
    m_view->setMarginWidth(1, 0);
    m_view->setMarginsFont(codeFont());
    m_view->setFolding(QsciScintilla::BoxedTreeFoldStyle, kFoldMargin);
    m_view->indicatorDefine(QsciScintilla::SquiggleIndicator, kProblemIndicator);
    m_view->indicatorDefine(QsciScintilla::PlainIndicator, kLinkIndicator);
    m_view->setIndicatorHoverStyle(QsciScintilla::DashesIndicator, kLinkIndicator);
    m_view->markerDefine(QsciScintilla::Background, kProblemMarker);
}

void JsonView::setTheme(const Theme& theme)
{
    colourLexer(theme);
    colourSurface(theme);
}

void JsonView::colourLexer(const Theme& theme)
{
    // Every style, IRI and compact IRI too: a string like "s3:Put" is one to this lexer.
    for (int style = 0; style <= 13; ++style) {
        m_lexer->setPaper(theme.card, style);
        m_lexer->setColor(theme.text, style);
        m_lexer->setFont(codeFont(), style);
        m_lexer->setEolFill(false, style);
    }
    m_lexer->setDefaultPaper(theme.card);
    m_lexer->setDefaultColor(theme.text);
    for (const int style :
         {QsciLexerJSON::String, QsciLexerJSON::UnclosedString, QsciLexerJSON::EscapeSequence,
          QsciLexerJSON::IRI, QsciLexerJSON::IRICompact})
        m_lexer->setColor(theme.jsonString, style);
    m_lexer->setColor(theme.jsonKey, QsciLexerJSON::Property);
    m_lexer->setColor(theme.jsonNumber, QsciLexerJSON::Number);
    m_lexer->setColor(theme.jsonNumber, QsciLexerJSON::Keyword);
    m_lexer->setColor(theme.dim, QsciLexerJSON::Operator);
    m_lexer->setColor(theme.bad, QsciLexerJSON::Error);
}

void JsonView::colourSurface(const Theme& theme)
{
    m_view->setPaper(theme.card);
    m_view->setColor(theme.text);
    m_view->setMarginsBackgroundColor(theme.card);
    m_view->setMarginsForegroundColor(theme.dim);
    m_view->setFoldMarginColors(theme.card, theme.card);
    m_view->setCaretForegroundColor(theme.text);
    m_view->setCaretLineVisible(!m_view->isReadOnly());
    m_view->setCaretLineBackgroundColor(theme.hover);
    m_view->setSelectionBackgroundColor(theme.selection);
    m_view->resetSelectionForegroundColor();
    m_view->setMatchedBraceBackgroundColor(theme.accentSoft);
    m_view->setMatchedBraceForegroundColor(theme.accent);
    m_view->setUnmatchedBraceBackgroundColor(theme.card);
    m_view->setUnmatchedBraceForegroundColor(theme.bad);
    m_view->setIndentationGuidesForegroundColor(theme.border);
    m_view->setIndentationGuidesBackgroundColor(theme.card);
    m_view->setIndicatorForegroundColor(theme.bad, kProblemIndicator);
    m_view->setIndicatorForegroundColor(theme.accent, kLinkIndicator);
    m_view->setIndicatorHoverForegroundColor(theme.accent, kLinkIndicator);
    m_view->setMarkerBackgroundColor(theme.badSoft, kProblemMarker);
    // setMarkerForegroundColor() leaves the fold markers out.
    for (int marker = kFirstFoldMarker; marker <= kLastFoldMarker; ++marker) {
        m_view->SendScintilla(QsciScintilla::SCI_MARKERSETFORE, static_cast<unsigned long>(marker),
                              scintillaColor(theme.card));
        m_view->SendScintilla(QsciScintilla::SCI_MARKERSETBACK, static_cast<unsigned long>(marker),
                              scintillaColor(theme.dim));
    }
}

void JsonView::markProblem(int line, int column, const QString& message)
{
    clearProblem();
    if (line < 1 || line > m_view->lines())
        return;
    const int row = line - 1;
    const int length = m_view->text(row).trimmed().isEmpty() ? 0 : m_view->lineLength(row);
    const int from = qBound(0, column - 1, qMax(0, length - 1));
    m_view->markerAdd(row, kProblemMarker);
    m_view->fillIndicatorRange(row, from, row, qMin(length, from + 1), kProblemIndicator);
    m_view->setAccessibleDescription(message);
}

void JsonView::goTo(int line, int column)
{
    m_view->setCursorPosition(qMax(1, line) - 1, qMax(1, column) - 1);
    m_view->ensureCursorVisible();
}

void JsonView::setLinks(const QList<SourceLink>& links)
{
    m_links = links;
    const int last = qMax(0, m_view->lines() - 1);
    m_view->clearIndicatorRange(0, 0, last, m_view->lineLength(last), kLinkIndicator);
    const QString whole = text();
    qsizetype lineStart = 0;
    int line = 0;
    for (const SourceLink& link : m_links) { // in order, and none goes over a line's end
        for (qsizetype next = whole.indexOf(QLatin1Char('\n'), lineStart);
             next >= 0 && next < link.start; next = whole.indexOf(QLatin1Char('\n'), lineStart)) {
            lineStart = next + 1;
            ++line;
        }
        const int from = static_cast<int>(link.start - lineStart);
        m_view->fillIndicatorRange(line, from, line, from + static_cast<int>(link.length),
                                   kLinkIndicator);
    }
}

void JsonView::clicked(int line, int index)
{
    const QString whole = text();
    qsizetype at = 0;
    for (int i = 0; i < line; ++i)
        at = whole.indexOf(QLatin1Char('\n'), at) + 1;
    at += index;
    for (const SourceLink& link : m_links)
        if (at >= link.start && at <= link.start + link.length) {
            Q_EMIT linkActivated(link);
            return;
        }
}

void JsonView::clearProblem()
{
    m_view->markerDeleteAll(kProblemMarker);
    const int last = qMax(0, m_view->lines() - 1);
    m_view->clearIndicatorRange(0, 0, last, m_view->lineLength(last), kProblemIndicator);
    m_view->setAccessibleDescription(QString());
}

} // namespace coldframe::ui
