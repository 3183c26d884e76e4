#pragma once

#include <QScrollArea>

class QLabel;

namespace coldframe::ui {

/// What an expectation is and how one begins, where there is none yet.
class ExpectationHelp : public QScrollArea {
    Q_OBJECT
public:
    explicit ExpectationHelp(QWidget* parent = nullptr);
    /// For this event of this function; both empty: there is no event either.
    void setEvent(const QString& name, const QString& function);

private:
    QLabel* m_title;
    QLabel* m_text;
    QLabel* m_example;
};

} // namespace coldframe::ui
