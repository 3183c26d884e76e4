#include "ui/tests_view/expectation_help.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

namespace coldframe::ui {

namespace {

/// A name as JSON spells it.
QString quoted(const QString& name)
{
    const QByteArray object
        = QJsonDocument(QJsonObject{{QStringLiteral("x"), name}}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(object.sliced(5, object.size() - 6)); // without {"x": and }
}

} // namespace

ExpectationHelp::ExpectationHelp(QWidget* parent)
    : QScrollArea(parent), m_title(new QLabel), m_text(dimLabel(QString(), nullptr)),
      m_example(new QLabel)
{
    setFrameShape(NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* inside = new QWidget(this);
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(14, 10, 14, 10);
    column->setSpacing(6);
    m_title->setFont(uiFont(10.5, QFont::DemiBold));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_example->setTextFormat(Qt::PlainText);
    m_example->setFont(codeFont(9.0));
    m_example->setMinimumWidth(1); // a long name is cut rather than widening the window
    for (QLabel* label : {m_text, m_example})
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    for (QLabel* label : {m_title, m_text, m_example})
        column->addWidget(label);
    column->addStretch(1);
    setWidget(inside);
    viewport()->setAutoFillBackground(false);
    inside->setAutoFillBackground(false);
    setEvent({}, {});
}

void ExpectationHelp::setEvent(const QString& name, const QString& function)
{
    const QString of = name.isEmpty() ? QStringLiteral("NAME") : name;
    m_title->setText(name.isEmpty() ? tr("No test events yet") : tr("Nothing is expected of it"));
    m_text->setText(name.isEmpty()
                        ? tr("A test is a saved event, events/NAME.json (Ctrl+S in the event "
                             "editor), and beside it events/NAME.expect.json, which says what must "
                             "come of it. Everything in it is optional:")
                        : tr("Write events/%1.expect.json, and it is a test. Everything in it is "
                             "optional; {} expects that the event succeeds:")
                              .arg(of));
    m_example->setText(QStringLiteral("{\n"
                                      "  \"function\": %1,\n"
                                      "  \"result\": { \"statusCode\": 200 },\n"
                                      "  \"logMatches\": \"received \\\\d+ values\",\n"
                                      "  \"maxPlatformMs\": 500\n"
                                      "}")
                           .arg(quoted(function.isEmpty() ? tr("my-function") : function)));
}

} // namespace coldframe::ui
