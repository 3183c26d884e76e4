#pragma once

#include <QWidget>

#include "ui/support/object_preview.h"
#include "ui/theme/theme.h"

class QLabel;
class QStackedLayout;
class QTableView;

namespace coldframe::ui {

class JsonView;
class RowsModel;

/// Shows the beginning of an object: as text, laid-out JSON, a table or a picture.
class PreviewView : public QWidget {
    Q_OBJECT
public:
    explicit PreviewView(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    void showNothing(const QString& why);
    /// Reads it at once: for where it was just written and is small.
    void showFile(const QString& file);
    void showPreview(const ObjectPreview& preview);

private:
    void showTable(const QList<QStringList>& rows);
    void showPicture(const QImage& picture);
    JsonView* textView();

    QLabel* m_note;
    QStackedLayout* m_pages;
    QWidget* m_blank;
    QWidget* m_textPage;
    JsonView* m_text = nullptr; ///< made with the first text
    QTableView* m_table;
    RowsModel* m_rows;
    QLabel* m_picture;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui
