#include "study/study_platform.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/live_rules.h"
#include "engine/platform_file.h"
#include "model/resources.h"
#include "model/suggestion.h"

namespace coldframe::study {

namespace fs = std::filesystem;

Result<StudyPlatform> readStudyPlatform(const fs::path& resources, const std::string& id)
{
    const std::vector<std::string> known = platformIds(resources);
    if (std::ranges::find(known, id) == known.end()) {
        const auto meant = suggestFor(id, known);
        return tl::unexpected(Error{Error::Code::Missing,
                                    fmt::format("there is no platform \"{}\"", id),
                                    meant ? fmt::format("did you mean \"{}\"?", *meant)
                                          : fmt::format("choose one of {}", listOfNames(known)),
                                    {},
                                    {}});
    }
    const fs::path file = platformFile(resources, id);
    const auto text = readText(file);
    if (!text)
        return tl::unexpected(text.error());
    auto platform = engine::readPlatform(*text, file.string());
    if (!platform)
        return tl::unexpected(platform.error());
    if (auto problem = engine::onlySimulated(*platform)) { // no live run could be like that
        problem->file = file.string();
        return tl::unexpected(std::move(*problem));
    }
    const auto details = engine::readPlatformDetails(*text, file.string());
    const fs::path prices = resources / "prices" / (platform->priceBook + ".json");
    const auto pricesText = readText(prices);
    if (!pricesText)
        return tl::unexpected(pricesText.error());
    auto book = cost::readPriceBook(*pricesText, prices.string());
    if (!book)
        return tl::unexpected(book.error());
    return StudyPlatform{std::move(*platform), std::move(*book),
                         details && details->architecture == "arm64" ? cost::Architecture::Arm64
                                                                     : cost::Architecture::X86_64};
}

} // namespace coldframe::study
