// The kinds of fields that the dialogs of entries are made of.
#include "ui/dialogs/entry_dialog.h"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

#include "model/json_edit.h"
#include "ui/support/format.h"
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

QLineEdit* EntryDialog::addFolder(const QString& label, const std::string& key)
{
    auto* edit = new QLineEdit(text(textOf(key)), this);
    auto* browse = new QPushButton(tr("Browse…"), this);
    browse->setAutoDefault(false);
    connect(edit, &QLineEdit::textChanged, this, [this, edit] { touched(edit); });
    connect(browse, &QPushButton::clicked, this, [this, edit] {
        const QDir home(text(m_editor.file().parent_path().string()));
        const QString chosen = QFileDialog::getExistingDirectory(
            this, tr("Choose folder"), home.absoluteFilePath(edit->text()));
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

void EntryDialog::addFixed(const std::string& key, const std::string& json)
{
    auto* nothing = new QWidget(this);
    addField({}, nothing, nothing, key, [json]() -> Value { return json; });
    m_fields.back().row->hide();
    m_fields.back().caption->hide();
}

} // namespace coldframe::ui
