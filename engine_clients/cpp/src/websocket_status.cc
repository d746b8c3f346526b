#include "websocket_status.h"

#include <nlohmann/json.hpp>

namespace pantomatrix {
namespace {

// The server closes with this plus a status' number.
constexpr int status_close_code = 4000;
constexpr int last_status = 16;
constexpr int normal_close_code = 1000, no_status_close_code = 1005, too_big_close_code = 1009;

std::string text_of(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Error status_error(ErrorCode code, const std::string& text) {
  const auto status = nlohmann::json::parse(text, nullptr, false);
  if (!status.is_object()) return {code, text, {}};
  Error error{code, text_of(status, "message"), {}};
  const auto take = [](const nlohmann::json& object, const char* key, std::string* out) {
    if (auto text_there = text_of(object, key); !text_there.empty()) *out = std::move(text_there);
  };
  if (const auto details = status.find("details"); details != status.end() && details->is_array())
    for (const auto& detail : *details) {
      if (!detail.is_object()) continue;
      take(detail, "reason", &error.reason);
      if (detail.contains("metadata") && detail["metadata"].is_object())
        take(detail["metadata"], "request_id", &error.request_id);
    }
  return error;
}

}  // namespace

Error closing_error(int code, const std::string& reason, const std::string& status) {
  if (code > status_close_code && code <= status_close_code + last_status)
    return status_error(static_cast<ErrorCode>(code - status_close_code), status);
  if (code == too_big_close_code) 
    return {ErrorCode::resource_exhausted, "the request is larger than the server takes", {}, "OVER_LIMIT"};
  if (code == normal_close_code || code == no_status_close_code) return {};
  return {ErrorCode::unavailable, "the connection was closed (" + std::to_string(code) + ") " + reason, {}};
}

}  // namespace pantomatrix
