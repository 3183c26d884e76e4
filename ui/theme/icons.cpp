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
    painter.setOpacity(color.alphaF());
    renderer.render(&painter, QRectF(QPointF(), QSizeF(pixmap.size())));
    painter.end();
    pixmap.setDevicePixelRatio(scale);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

/// Draws the SVG anew for every size and scale it is asked for, so an icon never blurs.
class StrokeIconEngine : public QIconEngine {
public:
    StrokeIconEngine(QString name, QColor color, QColor disabled)
        : m_name(std::move(name)), m_color(color), m_disabled(disabled)
    { }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const qreal scale = painter->device()->devicePixelRatio();
        painter->drawPixmap(rect, render(m_name, colorOf(mode), rect.size(), scale));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        // Qt asks in device pixels.
        QPixmap image = render(m_name, colorOf(mode), size, 1.0);
        image.setDevicePixelRatio(scale);
        return image;
    }

    QIconEngine* clone() const override
    {
        return new StrokeIconEngine(m_name, m_color, m_disabled);
    }

private:
    QColor colorOf(QIcon::Mode mode) const
    {
        return mode == QIcon::Disabled ? m_disabled : m_color;
    }

    QString m_name;
    QColor m_color, m_disabled;
};

} // namespace

QIcon strokeIcon(const QString& name, const QColor& color, const QColor& disabled)
{
    return QIcon(new StrokeIconEngine(name, color, disabled));
}

QIcon strokeIcon(const QString& name, const QColor& color)
{
    QColor faint = color;
    faint.setAlphaF(color.alphaF() * 0.45F);
    return strokeIcon(name, color, faint);
}

void paintIcon(QPainter& painter, const QString& name, const QRect& rect, const QColor& color)
{
    painter.drawPixmap(rect,
                       render(name, color, rect.size(), painter.device()->devicePixelRatio()));
}

} // namespace coldframe::ui
