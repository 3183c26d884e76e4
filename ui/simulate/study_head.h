#pragma once

#include <QHash>
#include <QWidget>

#include "ui/theme/theme.h"

class QHBoxLayout;
class QProgressBar;
class QPushButton;

namespace coldframe::ui {

class StatusDot;

/// The head of a result: its title, what became of the newest run, buttons, and a bar of progress
/// that leaves its room when it is hidden, so that nothing jumps when a run begins.
class StudyHead : public QWidget {
    Q_OBJECT
public:
    StudyHead(const QString& title, const QString& progressName, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    void setState(Tone tone, const QString& words);
    QString state() const;
    void setRunning(bool running);
    /// Share done, 0 … 1; below zero when it is not known.
    void setProgress(double share);
    int progress() const; ///< per mille
    void addButton(QPushButton* button);
    /// `brief` stands there where there is little room.
    void setButtonText(QPushButton* button, const QString& text, const QString& brief);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fit();
    int neededWidth() const;

    struct Words {
        QString text, brief;
    };
    QHash<QPushButton*, Words> m_words;
    StatusDot* m_state;
    QProgressBar* m_progress;
    QHBoxLayout* m_row;
};

} // namespace coldframe::ui
