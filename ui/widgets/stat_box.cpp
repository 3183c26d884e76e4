#include "ui/widgets/stat_box.h"

#include "ui/theme/theme.h"

namespace coldframe::ui {

StatBox::StatBox(const QString& caption, QWidget* parent)
    : Card(parent, QStringLiteral("stat")), m_caption(dimLabel(caption, this)),
      m_value(new QLabel(this))
{
    m_caption->setFont(uiFont(8.0));
    m_value->setFont(uiFont(11.5, QFont::DemiBold));
    m_caption->setMinimumWidth(0);
    m_caption->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_value->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setToolTip(caption);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 6, 6, 6);
    column->setSpacing(1);
    column->addWidget(m_caption);
    column->addWidget(m_value);
    setValue(QString());
}

void StatBox::setCaption(const QString& caption)
{
    m_caption->setText(caption);
    setToolTip(caption);
    setAccessibleName(caption + QStringLiteral(": ") + m_value->text());
}

void StatBox::setValue(const QString& value)
{
    m_value->setText(value.isEmpty() ? QStringLiteral("–") : value);
    setAccessibleName(m_caption->text() + QStringLiteral(": ") + m_value->text());
}

int StatBox::captionWidth() const
{
    const QMargins around = layout()->contentsMargins();
    return m_caption->sizeHint().width() + around.left() + around.right() + 2;
}

QString StatBox::value() const
{
    return m_value->text();
}

} // namespace coldframe::ui
