#pragma once

#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace coldframe::ui {

class MessageBar;
struct Theme;

/// What a start without a workspace shows: the shipped examples, the recent ones, *Open* and *New*.
class WelcomePage : public QWidget {
    Q_OBJECT
public:
    explicit WelcomePage(QWidget* parent = nullptr);
    void setTheme(const Theme& theme);
    /// Why a workspace did not open; empty hides it.
    void setProblem(const QString& problem);
    void refresh();

Q_SIGNALS:
    void workspaceChosen(const QString& folder);
    void browseRequested();
    void newRequested();

private:
    void addSection(const QString& title, const QStringList& folders);

    QVBoxLayout* m_list;
    QWidget* m_holder;
    MessageBar* m_problem;
    QLabel* m_mark;
    const Theme* m_theme;
};

} // namespace coldframe::ui
