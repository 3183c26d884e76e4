#include "ui/limits/limit_box.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QWheelEvent>

namespace coldframe::ui {

LimitBox::LimitBox(QWidget* parent) : QSpinBox(parent)
{
    setKeyboardTracking(false);
    setAccelerated(true);
    setFocusPolicy(Qt::StrongFocus);
    setCorrectionMode(CorrectToPreviousValue);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(this, &QSpinBox::valueChanged, this, [this] { m_pause.start(); });
    connect(this, &QSpinBox::editingFinished, this, &LimitBox::tell);
    connect(&m_pause, &QTimer::timeout, this, &LimitBox::tell);
}

void LimitBox::setInForce(int value)
{
    m_inForce = value;
    if (!isTouched())
        revert();
}

bool LimitBox::isTouched() const
{
    return m_pause.isActive() || m_refused || lineEdit()->isModified();
}

void LimitBox::setRefused()
{
    m_refused = true;
    m_told = m_inForce; // Enter tries it again: something else may have made room for it
}

void LimitBox::revert()
{
    m_pause.stop();
    m_refused = false;
    m_told = m_inForce;
    const QSignalBlocker quiet(this);
    setValue(m_inForce);
    lineEdit()->setText(text()); // also where the value is the same and the text is not
    lineEdit()->setModified(false);
}

void LimitBox::tell()
{
    m_pause.stop();
    lineEdit()->setModified(false);
    if (value() == m_told) {
        m_refused = m_refused && value() != m_inForce;
        return;
    }
    m_refused = false;
    m_told = value();
    Q_EMIT chosen(value());
}

bool LimitBox::isNone(const QString& text) const
{
    const QString typed = text.trimmed();
    return !specialValueText().isEmpty()
        && (typed.isEmpty() || typed.compare(specialValueText(), Qt::CaseInsensitive) == 0);
}

/// Undo and redo are the line's while something is typed, and the window's otherwise.
bool LimitBox::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && !lineEdit()->isModified()) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();
            return false;
        }
    }
    return QSpinBox::event(event);
}

QValidator::State LimitBox::validate(QString& input, int& pos) const
{
    const QString typed = input.trimmed();
    if (isNone(typed))
        return QValidator::Acceptable;
    if (!specialValueText().isEmpty() && specialValueText().startsWith(typed, Qt::CaseInsensitive))
        return QValidator::Intermediate;
    if (typed.startsWith(QLatin1Char('-'))) // the value of "none" is nobody's business
        return QValidator::Invalid;
    return QSpinBox::validate(input, pos);
}

int LimitBox::valueFromText(const QString& text) const
{
    return isNone(text) ? minimum() : QSpinBox::valueFromText(text);
}

void LimitBox::wheelEvent(QWheelEvent* event)
{
    if (hasFocus())
        QSpinBox::wheelEvent(event);
    else
        event->ignore();
}

void LimitBox::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Escape)
        return QSpinBox::keyPressEvent(event);
    revert();
    selectAll();
    Q_EMIT reverted();
}

} // namespace coldframe::ui
