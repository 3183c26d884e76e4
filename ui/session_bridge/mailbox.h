#pragma once

#include <QObject>

#include <functional>
#include <memory>
#include <mutex>

namespace coldframe::ui {

/// Carries work from any thread to the thread of one object, and drops it once that object is gone.
/// A bare queued call would race with the object's destructor; here the lock decides.
class Mailbox {
public:
    explicit Mailbox(QObject* receiver) : m_receiver(receiver) { }

    void post(std::function<void()> work)
    {
        const std::lock_guard lock(m_mutex);
        if (m_receiver)
            QMetaObject::invokeMethod(m_receiver, std::move(work), Qt::QueuedConnection);
    }
    /// Called by the receiver's destructor, first thing.
    void close()
    {
        const std::lock_guard lock(m_mutex);
        m_receiver = nullptr;
    }

private:
    std::mutex m_mutex;
    QObject* m_receiver;
};

} // namespace coldframe::ui
