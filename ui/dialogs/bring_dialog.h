#pragma once

#include <QDialog>

class QVBoxLayout;

namespace coldframe::session {
struct BringPlan;
}

namespace coldframe::ui {

/// Shows what would make a folder of code a workspace: the functions that were found, what triggers
/// them, their stores, the files that would be written. It writes nothing itself.
class BringDialog : public QDialog {
    Q_OBJECT
public:
    BringDialog(const session::BringPlan& plan, QWidget* parent);

private:
    void addHeading(const QString& title);
    void addEntry(const QString& title, const QString& detail);

    QVBoxLayout* m_list;
    QWidget* m_holder;
};

} // namespace coldframe::ui
