#pragma once

#include <QListView>

#include "ui/editor/event_completion.h"

class QStandardItemModel;

namespace coldframe::ui {

struct Theme;

/// The list of suggestions below the cursor of an editor, each with what it is. It never takes the
/// focus: whoever shows it hands it the keys.
class CompletionPopup : public QListView {
    Q_OBJECT
public:
    explicit CompletionPopup(QWidget* parent);

    void setTheme(const Theme& theme);
    /// Shows these, the first one chosen.
    ///
    /// @param place of the word that they are for, on the screen.
    void present(const std::vector<Suggestion>& suggestions, const QRect& place);
    /// Chooses another one, `rows` further down; stops at the ends.
    void step(int rows);
    int rowsOnPage() const;
    const Suggestion* chosen() const;

Q_SIGNALS:
    void picked(); ///< with the mouse

private:
    QSize sizeFor(int rows) const;

    QStandardItemModel* m_model;
    std::vector<Suggestion> m_suggestions;
};

} // namespace coldframe::ui
