#include "ui/simulate/study_head.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/widgets/status_dot.h"

namespace coldframe::ui {

namespace {
constexpr int kProgressSteps = 1000;
} // namespace

StudyHead::StudyHead(const QString& title, const QString& progressName, QWidget* parent)
    : QWidget(parent), m_state(new StatusDot(this, true)), m_progress(new QProgressBar(this)),
      m_row(new QHBoxLayout)
{
    m_progress->setRange(0, kProgressSteps);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(progressName);
    m_progress->setFixedHeight(6);
    QSizePolicy stays = m_progress->sizePolicy();
    stays.setRetainSizeWhenHidden(true);
    m_progress->setSizePolicy(stays);
    m_progress->hide();
    // The view it heads may be narrow: what became of the run is cut short, and buttons are brief.
    m_state->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_state->setMinimumWidth(fontMetrics().averageCharWidth() * 8);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    auto* label = new QLabel(title, this);
    label->setFont(uiFont(9.5, QFont::DemiBold));
    m_row->addWidget(label);
    m_row->addSpacing(8);
    m_row->addWidget(m_state);
    m_row->addStretch(1);
    m_row->addSpacing(8);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(m_row);
    column->addWidget(m_progress);
}

void StudyHead::setTheme(const Theme& theme)
{
    m_state->setTheme(theme);
}

void StudyHead::setState(Tone tone, const QString& words)
{
    m_state->setState(tone, words);
    m_state->setToolTip(words);
    fit();
}

QString StudyHead::state() const
{
    return m_state->text();
}

void StudyHead::setRunning(bool running)
{
    m_progress->setVisible(running);
}

void StudyHead::setProgress(double share)
{
    m_progress->setRange(0, share < 0 ? 0 : kProgressSteps); // 0 … 0: it is busy
    if (share >= 0)
        m_progress->setValue(static_cast<int>(share * kProgressSteps));
}

int StudyHead::progress() const
{
    return m_progress->value();
}

void StudyHead::addButton(QPushButton* button)
{
    m_row->addWidget(button);
}

void StudyHead::setButtonText(QPushButton* button, const QString& text, const QString& brief)
{
    m_words[button] = {text, brief};
    button->setAccessibleName(text);
    fit();
}

int StudyHead::neededWidth() const
{
    m_row->invalidate();
    return m_row->sizeHint().width();
}

void StudyHead::fit()
{
    for (auto it = m_words.cbegin(); it != m_words.cend(); ++it)
        it.key()->setText(it->text);
    if (neededWidth() > width())
        for (auto it = m_words.cbegin(); it != m_words.cend(); ++it)
            it.key()->setText(it->brief);
}

void StudyHead::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fit();
}

} // namespace coldframe::ui
