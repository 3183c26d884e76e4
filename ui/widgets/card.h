#pragma once

#include <QFrame>
#include <QLabel>
#include <QVBoxLayout>

namespace coldframe::ui {

/// A framed surface with rounded corners; the style sheet knows it by name.
class Card : public QFrame {
public:
    explicit Card(QWidget* parent = nullptr, const QString& kind = QStringLiteral("card"))
        : QFrame(parent)
    {
        setObjectName(kind);
        setFrameShape(QFrame::NoFrame);
    }
};

/// A label in the dim text colour.
inline QLabel* dimLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setProperty("dim", true);
    return label;
}

} // namespace coldframe::ui
