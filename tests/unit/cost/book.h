#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "cost/price_book.h"

// The shipped price book, for tests.
namespace coldframe::cost::tests {

inline std::string textOf(const std::filesystem::path& file)
{
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

inline const std::filesystem::path kBookFile
    = std::filesystem::path(COLDFRAME_SOURCE_DIR) / "resources/prices/aws-lambda-us-east-1.json";

inline PriceBook shippedBook()
{
    const Result<PriceBook> book = readPriceBook(textOf(kBookFile), kBookFile.filename());
    if (!book)
        throw std::runtime_error(describe(book.error()));
    return *book;
}

} // namespace coldframe::cost::tests
