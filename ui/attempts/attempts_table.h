#pragma once

#include <QTableView>

#include "ui/theme/theme.h"

namespace coldframe::ui {

class AttemptDelegate;
class AttemptsModel;

/// The table itself: newest on top. Scrolled to the top it follows the run; scrolled away it keeps
/// what is being read in place.
class AttemptsTable : public QTableView {
    Q_OBJECT
public:
    explicit AttemptsTable(AttemptsModel* model, QWidget* parent = nullptr);
    void setTheme(const Theme& theme);
    /// What an empty table says: a line and a sentence.
    void setHint(const QString& title, const QString& hint);
    bool following() const;
    /// Rows that came in above since it was scrolled away.
    std::uint64_t unseen() const { return m_unseen; }
    void follow();

Q_SIGNALS:
    void followingChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void measure();
    void shareWidth();
    void keepInPlace(int added);

    AttemptDelegate* m_delegate;
    QString m_hintTitle, m_hint;
    std::uint64_t m_unseen = 0;
    bool m_wasFollowing = true;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui
