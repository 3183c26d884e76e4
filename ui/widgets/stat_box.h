#pragma once

#include "ui/widgets/card.h"

namespace coldframe::ui {

/// One figure with a caption that says where it comes from: "Platform time · modelled", "412.8 ms".
class StatBox : public Card {
    Q_OBJECT
public:
    explicit StatBox(const QString& caption, QWidget* parent = nullptr);
    void setCaption(const QString& caption);
    void setValue(const QString& value);
    QString value() const;
    int captionWidth() const; ///< of the whole box, so that the caption is not cut

private:
    QLabel* m_caption;
    QLabel* m_value;
};

} // namespace coldframe::ui
