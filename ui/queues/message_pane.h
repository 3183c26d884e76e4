#pragma once

#include <QWidget>

#include <optional>

#include "session/queue_view.h"
#include "ui/theme/theme.h"

class QAction;
class QLabel;
class QPushButton;

namespace coldframe::ui {

class ButtonRow;
class ElidedLabel;
class JsonView;
class WrappedLabel;

/// One message: where it stands, its body and attributes. Its body can be edited in place; what
/// comes meanwhile does not touch what is typed.
class MessagePane : public QWidget {
    Q_OBJECT
public:
    explicit MessagePane(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// A row of buttons, each as its action is.
    void setActions(const QList<QAction*>& actions);
    /// Where it stands; `gone`: it is no longer in the queue.
    void showMessage(const session::MessageView& message, TimePoint now, bool gone);
    void showText(const session::MessageText& text);
    void showProblem(const QString& problem); ///< in place of its body

    bool isEditing() const { return m_editing; }
    void beginEditing();
    void endEditing(); ///< and shows the body as it is again
    /// As it would be kept.
    std::string editedBody() const;
    const session::MessageText& shownText() const { return m_text; }

Q_SIGNALS:
    void saveWanted();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void layText();
    void showEditing(bool editing);

    ElidedLabel* m_title;
    WrappedLabel *m_facts, *m_problem;
    ButtonRow* m_buttonRow;
    QWidget* m_editRow;
    QPushButton *m_save, *m_cancel;
    JsonView *m_body, *m_attributes;
    QLabel* m_attributesTitle;
    session::MessageText m_text;
    bool m_editing = false;
    bool m_laid = false; ///< the body that is shown is that of m_text
};

} // namespace coldframe::ui
