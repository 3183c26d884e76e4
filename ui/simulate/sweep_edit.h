#pragma once

#include <QWidget>

#include "model/error.h"
#include "study/sweep.h"

class QComboBox;
class QLineEdit;

namespace coldframe::ui {

/// One setting and the values it is to take: "functions.orders.memoryMb", "128,256,512".
class SweepEdit : public QWidget {
    Q_OBJECT
public:
    /// `word` stands before it.
    explicit SweepEdit(const QString& word, QWidget* parent = nullptr);

    /// Paths to choose from and the scenario they are of, from which first values come.
    void setScenario(const QStringList& paths, std::string text);
    /// Nothing when either is empty. Errors: values that cannot be read.
    tl::expected<std::optional<study::Sweep>, Error> sweep() const;
    bool isEmpty() const;
    void setSweep(const QString& path, const QString& values);
    void setProblem(bool problem);

Q_SIGNALS:
    void changed();

private:
    void pathChosen();

    QComboBox* m_path;
    QLineEdit* m_values;
    std::string m_text;
};

} // namespace coldframe::ui
