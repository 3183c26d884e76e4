#include "s3/xml_tree.h"

#include <algorithm>
#include <memory>

#include <expat.h>

namespace coldframe::s3 {

namespace {

constexpr std::size_t kDeepest = 8; ///< no request of S3 needs more than 4

struct FreeParser {
    void operator()(XML_ParserStruct* parser) const { ::XML_ParserFree(parser); }
};

class Reader {
public:
    std::optional<XmlElement> read(std::string_view document)
    {
        m_parser.reset(::XML_ParserCreate(nullptr));
        ::XML_SetUserData(m_parser.get(), this);
        ::XML_SetElementHandler(m_parser.get(), &Reader::begin, &Reader::end);
        ::XML_SetCharacterDataHandler(m_parser.get(), &Reader::text);
        // Entities of one's own have no place in a request, and blow it up.
        ::XML_SetStartDoctypeDeclHandler(m_parser.get(), &Reader::doctype);
        const auto status = ::XML_Parse(m_parser.get(), document.data(),
                                        static_cast<int>(document.size()), XML_TRUE);
        if (status != XML_STATUS_OK || m_failed || m_root.children.empty())
            return std::nullopt;
        return std::move(m_root.children.front());
    }

private:
    static Reader& self(void* data) { return *static_cast<Reader*>(data); }

    void fail()
    {
        m_failed = true;
        ::XML_StopParser(m_parser.get(), XML_FALSE);
    }

    static void begin(void* data, const XML_Char* name, const XML_Char**)
    {
        Reader& reader = self(data);
        if (reader.m_open.size() > kDeepest)
            return reader.fail();
        std::string_view plain = name;
        if (const std::size_t colon = plain.find(':'); colon != plain.npos)
            plain.remove_prefix(colon + 1);
        auto& children = reader.m_open.back()->children;
        children.push_back({std::string(plain), {}, {}});
        reader.m_open.push_back(&children.back()); // siblings come only after it is closed
    }

    static void end(void* data, const XML_Char*) { self(data).m_open.pop_back(); }

    static void text(void* data, const XML_Char* text, int size)
    {
        self(data).m_open.back()->text.append(text, static_cast<std::size_t>(size));
    }

    static void doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int)
    {
        self(data).fail();
    }

    std::unique_ptr<XML_ParserStruct, FreeParser> m_parser;
    XmlElement m_root;
    std::vector<XmlElement*> m_open{&m_root};
    bool m_failed = false;
};

} // namespace

const XmlElement* XmlElement::child(std::string_view childName) const
{
    const auto it = std::ranges::find(children, childName, &XmlElement::name);
    return it == children.end() ? nullptr : &*it;
}

std::string_view XmlElement::textOf(std::string_view childName) const
{
    const XmlElement* const found = child(childName);
    return found ? std::string_view(found->text) : std::string_view();
}

std::optional<XmlElement> readXml(std::string_view document)
{
    return Reader().read(document);
}

} // namespace coldframe::s3
