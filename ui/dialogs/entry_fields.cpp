// The kinds of fields that the dialogs of entries are made of.
#include "ui/dialogs/entry_dialog.h"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

#include "model/json_edit.h"
#include "ui/editor/json_format.h"
#include "ui/support/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

namespace coldframe::ui {

namespace {

QWidget* beside(QWidget* left, QWidget* right)
{
    auto* both = new QWidget(left->parentWidget());
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(left, 1);
    row->addWidget(right);
    return both;
}

} // namespace

QLineEdit* EntryDialog::addText(const QString& label, const std::string& key, IfEmpty ifEmpty)
{
    auto* edit = new QLineEdit(text(textOf(key)), this);
    connect(edit, &QLineEdit::textChanged, this, [this, edit] { touched(edit); });
    // A text that is there and empty stays so until it is changed.
    addField(label, edit, edit, key, [edit, ifEmpty]() -> Value {
        if (edit->text().isEmpty() && ifEmpty == IfEmpty::LeaveOut)
            return std::nullopt;
        return quotedJson(edit->text().toStdString());
    });
    return edit;
}

QLineEdit* EntryDialog::addNumber(const QString& label, const std::string& key,
                                  const QString& fallback, const QString& unit)
{
    auto* edit = new QLineEdit(text(textOf(key)), this);
    edit->setPlaceholderText(fallback);
    connect(edit, &QLineEdit::textChanged, this, [this, edit] { touched(edit); });
    QWidget* shown = unit.isEmpty() ? edit : beside(edit, dimLabel(unit, this));
    addField(label, shown, edit, key, [edit]() -> Value {
        const QString typed = edit->text().trimmed();
        if (typed.isEmpty())
            return std::nullopt;
        // What is no number goes to core as a text, which says so.
        const std::string json = typed.toStdString();
        const Result<JsonText> read = parseJson(json, {});
        return read && read->root().kind() == JsonValue::Kind::Number ? json : quotedJson(json);
    });
    return edit;
}

QLineEdit* EntryDialog::addFolder(const QString& label, const std::string& key,
                                  std::function<bool()> isFile)
{
    auto* edit = new QLineEdit(text(textOf(key)), this);
    auto* browse = new QPushButton(tr("Browse…"), this);
    browse->setAutoDefault(false);
    connect(edit, &QLineEdit::textChanged, this, [this, edit] { touched(edit); });
    connect(browse, &QPushButton::clicked, this, [this, edit, isFile] {
        const QDir home(text(m_editor.file().parent_path().string()));
        const QString now = home.absoluteFilePath(edit->text());
        const QString chosen = isFile && isFile()
            ? QFileDialog::getSaveFileName(this, tr("Choose file"), now, {}, nullptr,
                                           QFileDialog::DontConfirmOverwrite) // nothing is written
            : QFileDialog::getExistingDirectory(this, tr("Choose folder"), now);
        if (chosen.isEmpty())
            return;
        const QString inside = home.relativeFilePath(chosen);
        edit->setText(inside.startsWith(QStringLiteral("..")) ? chosen : inside);
    });
    addField(label, beside(edit, browse), edit, key,
             [edit]() -> Value { return quotedJson(edit->text().toStdString()); });
    return edit;
}

QComboBox* EntryDialog::addChoice(const QString& label, const std::string& key)
{
    auto* box = new QComboBox(this);
    box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(box, &QComboBox::currentIndexChanged, this, [this, box] { touched(box); });
    addField(label, box, box, key, [box]() -> Value {
        if (box->currentIndex() < 0)
            return quotedJson({}); // core names what there is to choose from
        const QString json = box->currentData().toString();
        return json.isEmpty() ? Value() : Value(json.toStdString());
    });
    return box;
}

QComboBox* EntryDialog::addDefaulted(const QString& label, const std::string& key,
                                     const QList<std::pair<const char*, QString>>& items)
{
    QComboBox* box = addChoice(label, key);
    for (const auto& [json, what] : items)
        box->addItem(what, QLatin1String(json));
    const std::optional<JsonValue> inFile = valueOf(key);
    if (!inFile) {
        box->setItemData(0, QString());
        return box;
    }
    const QString json = text(inFile->compact());
    if (box->findData(json) < 0)
        box->addItem(json, json); // what is wrong with it is told
    box->setCurrentIndex(box->findData(json));
    return box;
}

QPlainTextEdit* EntryDialog::addJson(const QString& label, const std::string& key, int lines)
{
    auto* edit = new QPlainTextEdit(this);
    edit->setProperty("field", true);
    edit->setFont(codeFont());
    edit->setTabChangesFocus(true);
    edit->setFixedHeight(QFontMetrics(codeFont()).lineSpacing() * lines + 20);
    if (const std::optional<JsonValue> inFile = valueOf(key))
        if (const Result<JsonText> json = parseJson(std::string(inFile->raw()), {}))
            edit->setPlainText(text(formatJson(*json)).trimmed());
    connect(edit, &QPlainTextEdit::textChanged, this, [this, edit] { touched(edit); });
    addField(label, edit, edit, key, [edit]() -> Value {
        const QString typed = edit->toPlainText().trimmed();
        return typed.isEmpty() ? Value() : Value(typed.toStdString());
    });
    return edit;
}

QString quoted(const QString& word)
{
    return text(quotedJson(word.toStdString()));
}

void chooseOf(QComboBox& box, const std::string& word)
{
    const QString json = quoted(text(word));
    if (box.findData(json) < 0)
        box.addItem(text(word), json);
    box.setCurrentIndex(box.findData(json));
}

void EntryDialog::addFixed(const std::string& key, const std::string& json)
{
    auto* nothing = new QWidget(this);
    addField({}, nothing, nothing, key, [json]() -> Value { return json; });
    m_fields.back().row->hide();
    m_fields.back().caption->hide();
}

} // namespace coldframe::ui
