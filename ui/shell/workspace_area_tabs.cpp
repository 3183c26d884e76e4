#include "ui/shell/workspace_area.h"

#include <QFileInfo>
#include <QSignalBlocker>
#include <QTabBar>

#include "ui/dialogs/trigger_page.h"
#include "ui/editor/event_pane.h"
#include "ui/explorer/explorer_rows.h"
#include "ui/limits/limits_bar.h"
#include "ui/queues/queue_page.h"
#include "ui/replay/recording_list.h"
#include "ui/replay/replay_page.h"
#include "ui/result/result_pane.h"
#include "ui/simulate/scenario_editor.h"
#include "ui/simulate/simulate_page.h"
#include "ui/stores/database_page.h"
#include "ui/stores/store_page.h"
#include "ui/support/format.h"
#include "ui/support/resources.h"
#include "ui/theme/icons.h"
#include "ui/widgets/page_scroll.h"

namespace coldframe::ui {

namespace {

constexpr int kFunctionPage = 0;
constexpr int kTriggerPage = 1;

} // namespace

bool WorkspaceArea::isDatabase(const QString& store) const
{
    const Store* found = m_workspace ? m_workspace->findStore(store.toStdString()) : nullptr;
    return found
        && (std::holds_alternative<SqliteStore>(found->kind)
            || std::holds_alternative<PostgresStore>(found->kind));
}

/// The tab in front has the accent colour.
void WorkspaceArea::tintTabs()
{
    for (int tab = 0; tab < m_tabs->count(); ++tab)
        m_tabs->setTabIcon(
            tab,
            strokeIcon(iconOf(tab),
                       tab == m_tabs->currentIndex() ? m_theme->accent : m_theme->dim));
}

void WorkspaceArea::open(Kind kind, const QString& name)
{
    int tab = findTab(kind, name);
    if (tab < 0) {
        tab = m_tabs->count();
        // The data must be in place before the first tab announces itself as current.
        const QSignalBlocker quiet(m_tabs);
        m_tabs->addTab(titleOf(kind, name));
        m_tabs->setTabToolTip(tab,
                              kind == Kind::Scenario || kind == Kind::Recording ? name : QString());
        m_tabs->setTabData(tab, QStringList{QString::number(static_cast<int>(kind)), name});
    }
    if (m_tabs->currentIndex() == tab)
        showTab(tab);
    else
        m_tabs->setCurrentIndex(tab);
}

void WorkspaceArea::showTab(int tab)
{
    if (tab < 0)
        return;
    if (kindOf(tab) == Kind::Function) {
        m_pages->setCurrentIndex(kFunctionPage);
        m_events->setFunction(nameOf(tab));
        const Function* function
            = m_workspace ? m_workspace->findFunction(nameOf(tab).toStdString()) : nullptr;
        m_results->setFunction(nameOf(tab), function ? text(function->code.string()) : QString());
        m_limits->setFunction(nameOf(tab));
    } else if (kindOf(tab) == Kind::Store && isQueue(nameOf(tab))) {
        queuePage()->setQueue(nameOf(tab));
        m_pages->setCurrentWidget(m_queue);
    } else if (kindOf(tab) == Kind::Store && isDatabase(nameOf(tab))) {
        m_pages->setCurrentWidget(databasePage());
        m_database->setStore(nameOf(tab));
    } else if (kindOf(tab) == Kind::Store) {
        StorePage* page = storePage();
        page->setFallbackFunction(m_events->function().isEmpty() ? firstFunction()
                                                                 : m_events->function());
        page->setStore(nameOf(tab));
        m_pages->setCurrentWidget(page);
    } else if (kindOf(tab) == Kind::Scenario || kindOf(tab) == Kind::Recording) {
        m_pages->setCurrentWidget(studyPage(kindOf(tab), nameOf(tab)));
    } else {
        m_pages->setCurrentIndex(kTriggerPage);
        m_trigger->setTrigger(nameOf(tab));
    }
    tintTabs();
    Q_EMIT currentChanged();
}

void WorkspaceArea::closeTab(int tab)
{
    if (tab >= 0 && m_tabs->count() > 1)
        removeTab(tab);
}

/// The page of a scenario or a recording goes with its tab; what was not saved of a scenario comes
/// back with the next one.
void WorkspaceArea::removeTab(int tab)
{
    StudyPage* page = m_studies.take(nameOf(tab));
    m_tabs->removeTab(tab);
    delete page;
}

void WorkspaceArea::closeCurrentTab()
{
    closeTab(m_tabs->currentIndex());
}

StudyPage* WorkspaceArea::studyPage(Kind kind, const QString& path)
{
    if (StudyPage* page = m_studies.value(path))
        return page;
    StudyPage* page = makeStudyPage(kind, path);
    m_studies.insert(path, page);
    page->setTheme(*m_theme);
    m_pages->addWidget(page);
    connect(page, &StudyPage::stateChanged, this, &WorkspaceArea::studyChanged);
    return page;
}

StudyPage* WorkspaceArea::makeStudyPage(Kind kind, const QString& path)
{
    if (kind == Kind::Recording)
        return new ReplayPage(path, resourceFolder(), this);
    auto* page = new SimulatePage(path, resourceFolder(), this);
    const auto show = [this, path](bool modified) { showModified(path, modified); };
    connect(page, &SimulatePage::modifiedChanged, this, show);
    show(page->editor()->isModified()); // by a draft
    return page;
}

/// A dot behind the name, as long as there is something to save.
void WorkspaceArea::showModified(const QString& scenario, bool modified)
{
    const int tab = findTab(Kind::Scenario, scenario);
    const QString title = titleOf(Kind::Scenario, scenario);
    m_tabs->setTabText(tab, modified ? tr("%1 •").arg(title) : title);
    m_tabs->setTabToolTip(tab, modified ? tr("%1, not saved").arg(scenario) : scenario);
}

StudyPage* WorkspaceArea::currentStudy() const
{
    return m_studies.value(nameOf(m_tabs->currentIndex()));
}

SimulatePage* WorkspaceArea::currentScenario() const
{
    return qobject_cast<SimulatePage*>(currentStudy());
}

ReplayPage* WorkspaceArea::currentReplay() const
{
    return qobject_cast<ReplayPage*>(currentStudy());
}

int WorkspaceArea::findTab(Kind kind, const QString& name) const
{
    for (int tab = 0; tab < m_tabs->count(); ++tab)
        if (kindOf(tab) == kind && nameOf(tab) == name)
            return tab;
    return -1;
}

WorkspaceArea::Kind WorkspaceArea::kindOf(int tab) const
{
    return static_cast<Kind>(m_tabs->tabData(tab).toStringList().value(0).toInt());
}

QString WorkspaceArea::nameOf(int tab) const
{
    return m_tabs->tabData(tab).toStringList().value(1);
}

QString WorkspaceArea::iconOf(int tab) const
{
    if (kindOf(tab) == Kind::Function)
        return QStringLiteral("function");
    if (kindOf(tab) == Kind::Store) {
        const Store* store
            = m_workspace ? m_workspace->findStore(nameOf(tab).toStdString()) : nullptr;
        return store ? storeIcon(*store) : QStringLiteral("bucket");
    }
    if (kindOf(tab) == Kind::Scenario)
        return QStringLiteral("rate");
    if (kindOf(tab) == Kind::Recording)
        return QStringLiteral("chart");
    const Trigger* trigger
        = m_workspace ? m_workspace->findTrigger(nameOf(tab).toStdString()) : nullptr;
    return trigger ? triggerIcon(*trigger) : QStringLiteral("rate");
}

QString WorkspaceArea::titleOf(Kind kind, const QString& name) const
{
    switch (kind) {
    case Kind::Scenario:
        return QFileInfo(name).fileName();
    case Kind::Recording:
        return isRecording(name) ? tr("Replay: %1").arg(recordingTitle(recordingAt(name)))
                                 : tr("Replay: %1").arg(QFileInfo(name).fileName());
    case Kind::Function:
    case Kind::Store:
    case Kind::Trigger:
        break;
    }
    return name;
}

/// What a tab shows, in the workspace as it is now.
bool WorkspaceArea::isThere(int tab) const
{
    const std::string name = nameOf(tab).toStdString();
    switch (kindOf(tab)) {
    case Kind::Function: {
        const Function* function = m_workspace->findFunction(name);
        return function && !function->removed;
    }
    case Kind::Store:
        return m_workspace->findStore(name) != nullptr;
    case Kind::Trigger:
        return m_workspace->findTrigger(name) != nullptr;
    case Kind::Scenario:
    case Kind::Recording:
        break;
    }
    return true;
}

} // namespace coldframe::ui
