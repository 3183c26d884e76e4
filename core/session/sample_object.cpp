#include "session/sample_object.h"

#include <algorithm>
#include <map>

#include "model/base64.h"

namespace coldframe::session {

namespace {

// One colour, 64 × 48 pixels: large enough to be made smaller. 86 bytes.
constexpr const char* kPng
    = "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwAQMAAACbhe5cAAAAA1BMVEU7elevm2KAAAAADklEQVQY02NgGAVDCQ"
      "AAAbAAAYdw2p4AAAAASUVORK5CYII=";
// 32 × 24 pixels. 292 bytes.
constexpr const char* kJpeg
    = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNi"
      "UFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8"
      "fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAYACADASIAAhEBAxEB/8QAFQABAQAAAAAA"
      "AAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFgEBAQEAAAAAAAAAAAAAAAAAAAIE/8QAFBEB"
      "AAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AjAQyAAAAAAP/2Q==";

} // namespace

std::optional<std::string> sampleObject(const std::string& ending)
{
    static const std::string text = "hello from Coldframe\n";
    static const std::string json = "{\"message\": \"hello from Coldframe\"}\n";
    static const std::map<std::string, std::string> samples{
        {"", text},
        {".txt", text},
        {".log", text},
        {".md", "# hello from Coldframe\n"},
        {".csv", "id,name,amount\n1,seed,3\n2,leaf,5\n"},
        {".tsv", "id\tname\tamount\n1\tseed\t3\n2\tleaf\t5\n"},
        {".json", json},
        {".jsonl", json},
        {".ndjson", json},
        {".xml", "<message>hello from Coldframe</message>\n"},
        {".html", "<!DOCTYPE html><title>hello</title><p>hello from Coldframe</p>\n"},
        {".yaml", "message: hello from Coldframe\n"},
        {".yml", "message: hello from Coldframe\n"},
        {".png", fromBase64(kPng).value_or("")},
        {".jpg", fromBase64(kJpeg).value_or("")},
        {".jpeg", fromBase64(kJpeg).value_or("")},
    };
    std::string wanted = ending;
    std::ranges::transform(wanted, wanted.begin(), [](char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    const auto found = samples.find(wanted);
    return found == samples.end() ? std::nullopt : std::optional(found->second);
}

} // namespace coldframe::session
