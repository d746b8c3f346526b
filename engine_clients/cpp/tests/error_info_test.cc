#include "error_info.h"

#include <gtest/gtest.h>

namespace {

// A field of a message: its number, its content.
std::string field(int number, const std::string& content) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(content.size())} + content;
}

std::string any(const std::string& type, const std::string& value) {
  return field(3, field(1, "type.googleapis.com/google.rpc." + type) + field(2, value));
}

}  // namespace

TEST(ErrorInfo, IsFoundAmongTheDetails) {
  const std::string code = "\x08\x03", message = field(2, "no such model");
  const std::string info = any("ErrorInfo", field(1, "UNKNOWN_NAME") + field(2, "pantomatrix"));
  EXPECT_EQ(pantomatrix::reason_in(code + message + any("BadRequest", field(1, "OTHER")) + info), "UNKNOWN_NAME");
  EXPECT_EQ(pantomatrix::reason_in(info + code), "UNKNOWN_NAME");
  EXPECT_EQ(pantomatrix::reason_in(any("ErrorInfo", "")), "");
  EXPECT_EQ(pantomatrix::reason_in(code + message), "");
  EXPECT_EQ(pantomatrix::reason_in(""), "");
  for (std::size_t cut = 1; cut < info.size(); ++cut)
    EXPECT_EQ(pantomatrix::reason_in(info.substr(0, cut)), "") << "not a whole message: " << cut;
  EXPECT_EQ(pantomatrix::reason_in(std::string(100, '\xff')), "");
}
