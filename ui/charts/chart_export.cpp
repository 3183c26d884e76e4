#include "ui/charts/chart_export.h"

#include <QFileInfo>
#include <QImageWriter>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

#include "ui/charts/chart_text.h"
#include "ui/charts/study_card.h"
#include "ui/charts/study_chart.h"

namespace coldframe::ui {

namespace {

constexpr int kMargin = 16, kHead = 44, kGap = 14; ///< pixels
constexpr int kScale = 2; ///< of pictures

using chart_text::tr;

QSize sizeOf(const QList<StudyCard*>& cards)
{
    QSize size(0, kMargin);
    for (const StudyCard* card : cards)
        size = {qMax(size.width(), card->chart()->width()),
                size.height() + kHead + card->chart()->height() + kGap};
    return {size.width() + 2 * kMargin, size.height() - kGap + kMargin};
}

void paintLegend(QPainter& painter, const StudyCard& card, const Theme& theme, QPointF at)
{
    painter.setFont(uiFont(8.0));
    for (const StudyLine& line : card.chart()->lines()) {
        painter.setPen(QPen(theme.*line.role, 2.0, line.kept ? Qt::DotLine : Qt::SolidLine));
        painter.drawLine(at + QPointF(0, -4), at + QPointF(14, -4));
        painter.setPen(theme.dim);
        painter.drawText(at + QPointF(19, 0), line.name);
        at.rx() += 33 + QFontMetricsF(painter.font()).horizontalAdvance(line.name);
    }
}

void paintCards(QPainter& painter, const QList<StudyCard*>& cards, const Theme& theme)
{
    painter.fillRect(QRect(QPoint(), sizeOf(cards)), theme.card);
    int top = kMargin;
    for (StudyCard* card : cards) {
        painter.setFont(uiFont(10.0, QFont::DemiBold));
        painter.setPen(theme.text);
        painter.drawText(QPointF(kMargin, top + 14), card->title());
        paintLegend(painter, *card, theme, QPointF(kMargin, top + 32));
        const QSize chart = card->chart()->size();
        card->chart()->render(&painter, QRectF(QPointF(kMargin, top + kHead), chart));
        top += kHead + chart.height() + kGap;
    }
}

bool writeDrawing(const QList<StudyCard*>& cards, const Theme& theme, QSaveFile& file)
{
    QSvgGenerator generator;
    generator.setOutputDevice(&file);
    generator.setSize(sizeOf(cards));
    generator.setViewBox(QRect(QPoint(), sizeOf(cards)));
    generator.setTitle(cards.front()->title());
    QPainter painter(&generator);
    paintCards(painter, cards, theme);
    return painter.end();
}

bool writePicture(const QList<StudyCard*>& cards, const Theme& theme, QSaveFile& file)
{
    QImage image(sizeOf(cards) * kScale, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.scale(kScale, kScale);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    paintCards(painter, cards, theme);
    painter.end();
    return QImageWriter(&file, "png").write(image);
}

} // namespace

QString exportCards(const QList<StudyCard*>& cards, const Theme& theme, const QString& path)
{
    if (cards.isEmpty())
        return tr("There is no chart to export yet. Run the simulation first.");
    QSaveFile file(path);
    const bool drawing
        = QFileInfo(path).suffix().compare(QLatin1String("svg"), Qt::CaseInsensitive) == 0;
    if (!file.open(QIODevice::WriteOnly)
        || !(drawing ? writeDrawing(cards, theme, file) : writePicture(cards, theme, file))
        || !file.commit())
        return tr("%1 cannot be written: %2. Choose another folder.").arg(path, file.errorString());
    return {};
}

} // namespace coldframe::ui
