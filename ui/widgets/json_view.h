#pragma once

#include <QWidget>

#include "ui/support/source_links.h"
#include "ui/theme/theme.h"

class QsciLexerJSON;
class QsciScintilla;

namespace coldframe::ui {

/// JSON as text: coloured by the theme, folding, line numbers, and a mark where it is wrong.
/// QScintilla is inside and known to this file alone.
class JsonView : public QWidget {
    Q_OBJECT
public:
    explicit JsonView(QWidget* parent = nullptr);

    QString text() const;
    void setText(const QString& text);
    /// As setText(), but one undo takes it back.
    void replaceText(const QString& text);
    void setReadOnly(bool readOnly);
    /// The text in UTF-8, in whose bytes the next ones count.
    QByteArray utf8() const;
    qsizetype cursor() const;
    bool hasSelection() const;
    /// Where a byte stands, in this widget's own coordinates; as high as its line.
    QRect rectAt(qsizetype byte) const;
    /// Puts `bytes` in place of those from `from` to `to` and selects a part of them; one undo
    /// takes it back.
    void replaceBytes(qsizetype from, qsizetype to, const QByteArray& bytes, qsizetype selectFrom,
                      qsizetype selectTo);
    /// What a screen reader calls it.
    void setName(const QString& name);

    void setTheme(const Theme& theme);
    /// Marks the place of a problem; both count from 1.
    void markProblem(int line, int column, const QString& message);
    void clearProblem();
    /// Puts the cursor there; both count from 1.
    void goTo(int line, int column);
    /// Underlines places of source files; a click opens one.
    void setLinks(const QList<SourceLink>& links);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    void textChanged();
    /// A key put this character in.
    void characterTyped(int character);
    void cursorMoved();
    void linkActivated(const coldframe::ui::SourceLink& link);

private:
    void setUpMargins();
    void showBeginning();
    void colourLexer(const Theme& theme);
    void colourSurface(const Theme& theme);
    void clicked(int line, int index);

    QList<SourceLink> m_links;
    QsciScintilla* m_view;
    QsciLexerJSON* m_lexer;
};

} // namespace coldframe::ui
