#include "ui/theme/icons.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace coldframe::ui {

namespace {

QByteArray svgText(const QString& name, const QColor& color)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().replace("currentColor", color.name(QColor::HexRgb).toLatin1());
}

QPixmap render(const QString& name, const QColor& color, QSize size, qreal scale)
{
    const QString key = QStringLiteral("coldframe/%1/%2/%3x%4@%5")
                            .arg(name, color.name(QColor::HexArgb))
                            .arg(size.width())
                            .arg(size.height())
                            .arg(scale);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(size * scale);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(svgText(name, color));
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(QPointF(), QSizeF(pixmap.size())));
    painter.end();
    pixmap.setDevicePixelRatio(scale);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

/// Draws the SVG anew for every size and scale it is asked for, so an icon never blurs.
class StrokeIconEngine : public QIconEngine {
public:
    StrokeIconEngine(QString name, QColor color) : m_name(std::move(name)), m_color(color) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const qreal scale = painter->device()->devicePixelRatio();
        painter->save();
        if (mode == QIcon::Disabled)
            painter->setOpacity(painter->opacity() * 0.45);
        painter->drawPixmap(rect, render(m_name, m_color, rect.size(), scale));
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        // Qt asks in device pixels and sets the ratio itself.
        QPixmap image = render(m_name, m_color, size, 1.0);
        if (mode == QIcon::Disabled) {
            QPixmap faint(image.size());
            faint.fill(Qt::transparent);
            QPainter painter(&faint);
            painter.setOpacity(0.45);
            painter.drawPixmap(0, 0, image);
            painter.end();
            image = faint;
        }
        image.setDevicePixelRatio(scale);
        return image;
    }

    QIconEngine* clone() const override { return new StrokeIconEngine(m_name, m_color); }

private:
    QString m_name;
    QColor m_color;
};

} // namespace

QIcon strokeIcon(const QString& name, const QColor& color)
{
    return QIcon(new StrokeIconEngine(name, color));
}

void paintIcon(QPainter& painter, const QString& name, const QRect& rect, const QColor& color)
{
    painter.drawPixmap(rect,
                       render(name, color, rect.size(), painter.device()->devicePixelRatio()));
}

} // namespace coldframe::ui
