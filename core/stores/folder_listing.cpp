#include "stores/folder_listing.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "stores/file_stamp.h"
#include "stores/folder_tree.h"
#include "stores/object_key.h"

namespace coldframe::stores {

namespace {

bool isTemporary(std::string_view name)
{
    return name.starts_with(kTemporaryPrefix);
}

class Lister final : public TreeVisitor {
public:
    Lister(const ListQuery& query, ListPage& page) : m_query(query), m_page(page) { }

    bool file(const TreeFile& file) override
    {
        const std::string& key = file.key;
        if (isTemporary(file.name) || !key.starts_with(m_query.prefix) || key <= m_query.after)
            return true;
        if (const std::string_view common = commonPrefix(key); !common.empty())
            return add(std::string(common));
        struct stat status { };
        if (::fstatat(file.folder, file.name, &status, 0) != 0)
            return true; // gone since, or a link to nothing
        if (full(key))
            return false;
        const ObjectStamp stamp = stampOf(status);
        m_page.objects.push_back({key, stamp.bytes, stamp.modified, stamp.inode});
        return true;
    }

    Entering folder(const TreeFile& folder) override
    {
        const std::string& path = folder.key; // ends with a slash
        const std::string& prefix = m_query.prefix;
        const bool within = path.starts_with(prefix);
        if (!within && !prefix.starts_with(path))
            return Entering::Skip;
        const std::string& after = m_query.after;
        if (path < after && !after.starts_with(path))
            return Entering::Skip; // every key in it comes before
        if (m_query.delimiter != "/" || !within || path == prefix)
            return Entering::Enter;
        // With the usual delimiter a folder is one common prefix: no need to look at all of it.
        if (after == path || path == m_lastPrefix || !holdsFiles(folder))
            return Entering::Skip;
        return add(path) ? Entering::Skip : Entering::Stop;
    }

private:
    /// What `key` is rolled up into; empty when it stands for itself.
    std::string_view commonPrefix(std::string_view key) const
    {
        if (m_query.delimiter.empty())
            return {};
        const std::size_t at = key.find(m_query.delimiter, m_query.prefix.size());
        return at == key.npos ? std::string_view() : key.substr(0, at + m_query.delimiter.size());
    }

    /// False when the page is full and there is more.
    bool add(std::string prefix)
    {
        // A page that ended with this common prefix has told of all its keys.
        if (prefix == m_lastPrefix || prefix == m_query.after)
            return true;
        if (full(prefix))
            return false;
        m_lastPrefix = prefix;
        m_page.prefixes.push_back(std::move(prefix));
        return true;
    }

    bool full(const std::string& next)
    {
        if (m_page.objects.size() + m_page.prefixes.size() >= m_query.limit) {
            m_page.truncated = m_query.limit > 0;
            return true;
        }
        m_page.last = next;
        return false;
    }

    static bool holdsFiles(const TreeFile& folder)
    {
        const FileHandle handle(
            ::openat(folder.folder, folder.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        bool any = false;
        if (handle)
            walkFiles(handle.get(), [&any](const TreeFile& file) {
                any = !isTemporary(file.name);
                return !any;
            });
        return any;
    }

    const ListQuery& m_query;
    ListPage& m_page;
    std::string m_lastPrefix;
};

} // namespace

bool listFolder(int root, const ListQuery& query, ListPage& page)
{
    Lister lister(query, page);
    return walkInOrder(root, lister);
}

} // namespace coldframe::stores
