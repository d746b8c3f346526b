#include "error_info.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <vector>

namespace pantomatrix {
namespace {

using google::protobuf::internal::WireFormatLite;

// The contents of a field of strings, bytes or messages.
std::vector<std::string> contents(const std::string& message, int field) {
  std::vector<std::string> out;
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const std::uint8_t*>(message.data()),
                                                static_cast<int>(message.size()));
  while (const std::uint32_t tag = stream.ReadTag()) {
    std::string content;
    const bool is_wanted = WireFormatLite::GetTagFieldNumber(tag) == field &&
                           WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    if (!(is_wanted ? WireFormatLite::ReadBytes(&stream, &content) : WireFormatLite::SkipField(&stream, tag))) break;
    if (is_wanted) out.push_back(std::move(content));
  }
  return out;
}

std::string last(const std::vector<std::string>& contents) { return contents.empty() ? std::string() : contents.back(); }

}  // namespace

std::string reason_in(const std::string& status) {
  constexpr int details = 3, type_url = 1, value = 2, reason = 1;
  for (const std::string& any : contents(status, details))
    if (last(contents(any, type_url)) == "type.googleapis.com/google.rpc.ErrorInfo")
      return last(contents(last(contents(any, value)), reason));
  return {};
}

}  // namespace pantomatrix
