#include "ui/stores/store_names.h"

#include <fcntl.h>

#include "stores/folder_listing.h"

namespace coldframe::ui {

std::vector<stores::Object> firstObjects(const std::filesystem::path& folder,
                                         std::string_view prefix, std::size_t limit)
{
    const stores::FileHandle root(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    stores::ListPage page;
    if (!root
        || !stores::listFolder(
            root.get(), {.prefix = std::string(prefix), .after = {}, .delimiter = {}, .limit = limit},
            page))
        return {};
    std::erase_if(page.objects, [](const stores::Object& object) {
        return object.key[object.key.rfind('/') + 1] == '.'; // npos + 1 is the beginning
    });
    return page.objects;
}

} // namespace coldframe::ui
