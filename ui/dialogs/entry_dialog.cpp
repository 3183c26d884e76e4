#include "ui/dialogs/entry_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QStyle>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

#include "model/json_edit.h"
#include "ui/support/format.h"
#include "ui/widgets/card.h"

namespace coldframe::ui {

namespace {

constexpr int kLinesOfPart = 64; ///< more than a dialog has fields

/// The style sheet knows the property; a widget has to be told that it changed.
void mark(QWidget* widget, bool problem)
{
    if (widget->property("problem").toBool() == problem)
        return;
    widget->setProperty("problem", problem);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

QString sentence(const Error& error)
{
    QString said = text(error.message);
    if (!error.hint.empty())
        said += QStringLiteral(" — ") + text(error.hint);
    return said;
}

/// Pointer inside the entry; empty for the name.
std::string placeOf(const std::string& key)
{
    return key.empty() ? key : '/' + key;
}

} // namespace

EntryDialog::EntryDialog(EntryKind kind, std::string name, session::WorkspaceEditor editor,
                         std::string fileText, QWidget* parent)
    : QDialog(parent), m_kind(kind), m_name(std::move(name)), m_before(std::move(fileText)),
      m_after(m_before), m_editor(std::move(editor))
{
    if (Result<JsonText> json = parseJson(m_before, m_editor.file().string()))
        m_json = std::move(*json);
    QString title;
    switch (kind) {
    case EntryKind::Function:
        title = adds() ? tr("Add function") : tr("Function “%1”").arg(text(m_name));
        break;
    case EntryKind::Store:
        title = adds() ? tr("Add store") : tr("Store “%1”").arg(text(m_name));
        break;
    case EntryKind::Trigger:
        title = adds() ? tr("Add trigger") : tr("Trigger “%1”").arg(text(m_name));
        break;
    }
    build(title);
    m_nameEdit = new QLineEdit(text(m_name), this);
    connect(m_nameEdit, &QLineEdit::textChanged, this, [this] { touched(m_nameEdit); });
    addField(tr("&Name"), m_nameEdit, m_nameEdit, {}, [] { return Value(); });
}

void EntryDialog::build(const QString& title)
{
    setWindowTitle(title);
    m_scroll = new QScrollArea(this);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* page = new QWidget(m_scroll);
    page->setObjectName(QStringLiteral("page"));
    m_form = new QGridLayout(page);
    m_form->setContentsMargins(0, 0, 8, 0);
    m_form->setVerticalSpacing(8);
    m_form->setHorizontalSpacing(16);
    m_form->setColumnStretch(1, 1);
    m_scroll->setWidget(page);
    m_rest = new QLabel(this);
    m_rest->setWordWrap(true);
    m_rest->setMinimumWidth(420);
    m_rest->setObjectName(QStringLiteral("rest"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel,
                                         Qt::Horizontal, this);
    m_ok = buttons->button(QDialogButtonBox::Ok);
    m_ok->setText(adds() ? tr("Add") : tr("Save"));
    connect(buttons, &QDialogButtonBox::accepted, this, &EntryDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 16, 18, 16);
    column->setSpacing(12);
    column->addWidget(m_scroll, 1);
    column->addWidget(m_rest);
    column->addWidget(buttons);
}

void EntryDialog::addPart(int part, const QString& heading)
{
    auto* label = new QLabel(heading, m_form->parentWidget());
    label->setFont(uiFont(9.5, QFont::DemiBold));
    label->setContentsMargins(0, 8, 0, 0);
    m_form->addWidget(label, part * kLinesOfPart, 0, 1, 2);
    m_headings[part] = label;
}

void EntryDialog::showHeadings()
{
    for (const auto& [part, heading] : m_headings)
        heading->setVisible(std::ranges::any_of(m_fields, [of = part](const Field& field) {
            return field.used && field.line / kLinesOfPart == of;
        }));
}

/// As they are seen, whatever the order they were made in.
void EntryDialog::orderTabs()
{
    std::vector<std::pair<int, QWidget*>> stops;
    for (const Field& field : m_fields) {
        stops.emplace_back(field.line, field.inner);
        for (auto* button : field.row->findChildren<QPushButton*>())
            if (button != field.inner)
                stops.emplace_back(field.line, button);
    }
    std::ranges::stable_sort(stops, {}, &std::pair<int, QWidget*>::first);
    for (std::size_t i = 1; i < stops.size(); ++i)
        setTabOrder(stops[i - 1].second, stops[i].second);
}

void EntryDialog::start()
{
    m_form->setRowStretch(m_form->rowCount(), 1); // what is left over goes below the last
    showHeadings();
    orderTabs();
    for (Field& field : m_fields) {
        field.first = adds() || !field.used ? std::nullopt : field.value();
        field.touched = !adds(); // what is in the file may be told to be wrong at once
    }
    const QSize wanted = m_form->parentWidget()->sizeHint();
    resize(std::max(600, wanted.width() + 60), std::min(wanted.height() + 110, mostHeight()));
    m_nameEdit->setFocus();
    m_started = true;
    check();
}

int EntryDialog::mostHeight() const
{
    return screen()->availableGeometry().height() - 80; // the frame, and something of the window
}

/// For messages and for fields that another choice brings; past the screen they are scrolled to.
void EntryDialog::makeRoom()
{
    const QSize seen = m_scroll->viewport()->size();
    const int missing = m_form->totalHeightForWidth(seen.width()) - seen.height();
    if (missing > 0)
        resize(width(), std::min(height() + missing, std::max(mostHeight(), height())));
}

void EntryDialog::addField(const QString& label, QWidget* widget, QWidget* inner,
                           const std::string& key, Getter value)
{
    auto* row = new QWidget(m_form->parentWidget());
    auto* column = new QVBoxLayout(row);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    auto* problem = new QLabel(row);
    problem->setWordWrap(true);
    problem->setProperty("problem", true);
    problem->setObjectName(QStringLiteral("problem.") + text(key));
    problem->hide();
    column->addWidget(widget);
    column->addWidget(problem);
    auto* caption = new QLabel(label, m_form->parentWidget());
    caption->setBuddy(inner);
    // On the line of what is typed, also where the field has several.
    const int line = m_part * kLinesOfPart + 1 + static_cast<int>(m_fields.size());
    const int high = m_nameEdit->sizeHint().height() - caption->sizeHint().height();
    caption->setContentsMargins(0, std::max(0, high / 2), 0, 0);
    m_form->addWidget(caption, line, 0, Qt::AlignLeft | Qt::AlignTop);
    m_form->addWidget(row, line, 1, Qt::AlignTop);
    inner->setObjectName(QStringLiteral("field.") + text(key));
    inner->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    m_fields.push_back({.key = key,
                        .label = QString(label).remove(QLatin1Char('&')),
                        .caption = caption,
                        .row = row,
                        .inner = inner,
                        .problem = problem,
                        .value = std::move(value),
                        .first = {},
                        .line = line});
}

void EntryDialog::setUsed(const std::string& key, bool used)
{
    for (Field& field : m_fields)
        if (field.key == key) {
            field.used = used;
            field.row->setVisible(used);
            field.caption->setVisible(used);
        }
    if (m_started)
        showHeadings();
}

void EntryDialog::setLabel(const std::string& key, const QString& label)
{
    for (Field& field : m_fields)
        if (field.key == key) {
            field.label = QString(label).remove(QLatin1Char('&'));
            field.inner->setAccessibleName(field.label);
            static_cast<QLabel*>(field.caption)->setText(label);
        }
}

void EntryDialog::touched(QWidget* inner)
{
    for (Field& field : m_fields)
        if (field.inner == inner)
            field.touched = true;
    if (m_started)
        check();
}

std::optional<JsonValue> EntryDialog::valueOf(const std::string& key) const
{
    if (!m_json || adds() || !m_json->root().isObject())
        return std::nullopt;
    const auto section = m_json->root().find(std::string(nameOf(m_kind)) + 's');
    std::optional<JsonValue> value
        = section && section->isObject() ? section->find(m_name) : std::nullopt;
    for (const QString& step : text(key).split(QLatin1Char('/')))
        value = value && value->isObject() ? value->find(step.toStdString()) : std::nullopt;
    return value;
}

std::string EntryDialog::textOf(const std::string& key) const
{
    const std::optional<JsonValue> value = valueOf(key);
    return !value ? std::string() : value->isString() ? value->string() : std::string(value->raw());
}

QStringList EntryDialog::namesIn(const char* section) const
{
    QStringList names;
    if (m_json && m_json->root().isObject())
        if (const auto found = m_json->root().find(section); found && found->isObject())
            for (const JsonMember& member : found->members())
                names << text(member.key);
    return names;
}

QStringList EntryDialog::storesOf(const char* kind) const
{
    QStringList names;
    if (m_json && m_json->root().isObject())
        if (const auto found = m_json->root().find("stores"); found && found->isObject())
            for (const JsonMember& member : found->members())
                if (const auto of
                    = member.value.isObject() ? member.value.find("kind") : std::nullopt;
                    of && of->isString() && of->string() == kind)
                    names << text(member.key);
    return names;
}

std::uint64_t EntryDialog::seed() const
{
    const auto found
        = m_json && m_json->root().isObject() ? m_json->root().find("seed") : std::nullopt;
    const auto number
        = found && found->kind() == JsonValue::Kind::Number ? found->integer() : std::nullopt;
    return static_cast<std::uint64_t>(number.value_or(1));
}

std::string EntryDialog::newName() const
{
    return m_nameEdit->text().trimmed().toStdString();
}

EntryChange EntryDialog::change() const
{
    EntryChange change{m_kind, m_name, newName(), {}};
    for (const Field& field : m_fields) {
        if (field.key.empty())
            continue;
        Value now = field.used ? field.value() : std::nullopt;
        if (now != field.first)
            change.values.push_back({placeOf(field.key), std::move(now)});
    }
    addChanges(change.values);
    return change;
}

void EntryDialog::check()
{
    clearProblems();
    const Result<std::string> edited = changeEntry(m_before, change());
    std::vector<Error> errors;
    if (edited)
        errors = m_editor.check(*edited).errors;
    else
        errors.push_back(edited.error());
    m_after = edited.value_or(m_before);
    m_good = errors.empty();
    showProblems(errors);
    checkMore();
    m_ok->setEnabled(m_good);
    QTimer::singleShot(0, this, &EntryDialog::makeRoom); // once the layout has taken it up
}

void EntryDialog::clearProblems()
{
    for (Field& field : m_fields) {
        field.problem->hide();
        field.problem->clear();
        mark(field.inner, false);
    }
}

EntryDialog::Field* EntryDialog::fieldOf(const std::string& rest)
{
    for (Field& field : m_fields) {
        const std::string place = placeOf(field.key);
        if (field.used && (rest == place || (!place.empty() && rest.starts_with(place + '/'))))
            return &field;
    }
    return nullptr;
}

void EntryDialog::showProblems(const std::vector<Error>& errors)
{
    const std::string own = entryPointer(m_kind, newName());
    QStringList general, needed;
    for (const Error& error : errors) {
        const bool here = error.pointer == own || error.pointer.starts_with(own + '/');
        Field* field = here ? fieldOf(error.pointer.substr(own.size())) : nullptr;
        if (!field)
            general << text(describe(error));
        else if (!field->touched)
            needed << field->label;
        else
            showProblem(field->key, sentence(error));
    }
    needed.removeDuplicates();
    const bool wrong = !general.isEmpty();
    if (!wrong && !needed.isEmpty())
        general << tr("Still needed: %1.").arg(needed.join(QStringLiteral(", ")));
    m_rest->setProperty("dim", !wrong);
    mark(m_rest, wrong);
    m_rest->setText(general.join(QLatin1Char('\n')));
}

void EntryDialog::showProblem(const std::string& key, const QString& problem)
{
    m_good = false;
    for (Field& field : m_fields)
        if (field.key == key && field.problem->text().isEmpty()) {
            field.problem->setText(problem);
            field.problem->show();
            mark(field.inner, true);
        }
}

bool EntryDialog::hasProblem(const std::string& key) const
{
    return std::ranges::any_of(m_fields, [&key](const Field& field) {
        return field.key == key && !field.problem->text().isEmpty();
    });
}

void EntryDialog::accept()
{
    check(); // folders come and go
    if (!m_good)
        return;
    if (m_after != m_before)
        if (const Result<void> written = m_editor.write(m_before, m_after); !written) {
            mark(m_rest, true);
            m_rest->setText(text(describe(written.error())));
            return;
        }
    QDialog::accept();
}

} // namespace coldframe::ui
