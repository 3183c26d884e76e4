#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "cost/example.h"
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

inline PriceBooks shippedBooks()
{
    PriceBooks books;
    for (const auto& file : std::filesystem::directory_iterator(kBookFile.parent_path())) {
        auto book = readPriceBook(textOf(file), file.path().filename());
        if (!book)
            throw std::runtime_error(describe(book.error()));
        books.emplace(book->id, std::move(*book));
    }
    return books;
}

inline Rate& rateOf(PriceBook& book, Resource resource)
{
    return book.rates[static_cast<std::size_t>(resource)].value();
}

inline Allowance& freeOf(PriceBook& book, const std::string& name)
{
    const auto found = std::ranges::find(book.free, name, &Allowance::name);
    if (found == book.free.end())
        throw std::runtime_error("nothing is free of " + name);
    return *found;
}

} // namespace coldframe::cost::tests
