#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coldframe::interop {

/// "a%3Ab" → "a:b". Nothing when a percent sign is not followed by two hexadecimal digits, or when
/// the text holds a NUL.
std::optional<std::string> percentDecode(std::string_view text);

/// A function as callers name it. Texts lie in what was parsed.
struct FunctionName {
    std::string_view name;
    std::string_view qualifier; ///< version or alias; empty when not given
};

/// Takes NAME, ACCOUNT:function:NAME and arn:aws:lambda:REGION:ACCOUNT:function:NAME, each with or
/// without :QUALIFIER. Account and region are not looked at: one workspace stands for all of them.
/// Nothing for any other form.
std::optional<FunctionName> parseFunctionName(std::string_view text);

/// "arn:aws:lambda:us-east-1:000000000000:function:NAME", and ":QUALIFIER" if there is one.
std::string functionArn(const FunctionName& function);

} // namespace coldframe::interop
