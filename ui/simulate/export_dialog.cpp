#include "ui/simulate/export_dialog.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>

namespace coldframe::ui {

namespace {

QString exportTr(const char* source)
{
    return QCoreApplication::translate("Export", source);
}

} // namespace

void askAndExport(QWidget* parent, QString& folder, const QString& name,
                  const std::function<QString(const QString& path)>& write)
{
    const QString path = QFileDialog::getSaveFileName(
        parent, exportTr("Export"), folder.isEmpty() ? name : QDir(folder).filePath(name),
        exportTr("Charts as a picture (*.png);;Charts as drawings (*.svg);;Figures (*.csv);;"
                 "Course over time (*.series.csv)"));
    if (path.isEmpty())
        return;
    folder = QFileInfo(path).absolutePath();
    if (const QString problem = write(path); !problem.isEmpty())
        QMessageBox::warning(parent, exportTr("Export"), problem);
}

} // namespace coldframe::ui
