// The engine here is the test: it opens nothing and says what it likes.
#include "pantomatrix/socket_transport.h"

#include <gtest/gtest.h>

#include <thread>

#include "pantomatrix/client.h"

namespace pm = pantomatrix;
using namespace std::chrono_literals;

namespace {

constexpr pm::Method one_request{"/one", false}, many_requests{"/many", true};

class Ended : public pm::CallListener {
 public:
  void on_message(const void* data, std::size_t bytes) noexcept override {
    messages.emplace_back(static_cast<const char*>(data), bytes);
    if (cancel_on_message) cancel_on_message->cancel();
  }
  void on_end(const pm::Error& told) noexcept override {
    ++ends;
    error = told;
  }
  std::vector<std::string> messages;
  pm::Call* cancel_on_message = nullptr;
  int ends = 0;
  pm::Error error;
};

class SocketTransportTest : public testing::Test {
 protected:
  struct TestSocket : pm::Socket {
    explicit TestSocket(SocketTransportTest* owner) : test(owner) {}
    ~TestSocket() override { ++test->closed_; }
    void send(const void* data, std::size_t bytes) noexcept override {
      test->sent_.emplace_back(static_cast<const char*>(data), bytes);
    }
    SocketTransportTest* test;
  };

  pm::OpenSocket opener() {
    return [this](const char* path, pm::SocketListener* listener) -> std::unique_ptr<pm::Socket> {
      path_ = path;
      engine_ = listener;
      if (none_) return nullptr;
      if (fails_) listener->failed("no route");
      return std::make_unique<TestSocket>(this);
    };
  }

  std::string path_;
  pm::SocketListener* engine_ = nullptr;
  std::vector<std::string> sent_;
  int closed_ = 0;
  bool none_ = false, fails_ = false;
  std::shared_ptr<Ended> ended_ = std::make_shared<Ended>();
  std::unique_ptr<pm::SocketTransport> transport_ = std::make_unique<pm::SocketTransport>(opener());
};

}  // namespace

TEST_F(SocketTransportTest, SendsWhatWaitedOnceItIsOpen) {
  const auto call = transport_->start(many_requests, ended_, 0ms);
  call->send("first");
  EXPECT_EQ(engine_, nullptr) << "nothing happens on the caller's thread";
  transport_->pump();
  EXPECT_EQ(path_, "/many");
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(call->unsent_bytes(), 5u);
  engine_->opened();
  EXPECT_EQ(call->unsent_bytes(), 0u);
  call->send("second");
  call->close_sending();
  transport_->pump();
  EXPECT_EQ(sent_, (std::vector<std::string>{"first", "second", ""}));
  engine_->binary("answer", 6);
  engine_->closed(1000, "");
  EXPECT_EQ(ended_->messages, std::vector<std::string>{"answer"});
  EXPECT_EQ(ended_->ends, 1);
  EXPECT_FALSE(ended_->error);
  EXPECT_EQ(closed_, 0);
  transport_->pump();
  EXPECT_EQ(closed_, 1);
}

TEST_F(SocketTransportTest, SaysHowItEnded) {
  const struct {
    int code;
    const char* text;
    pm::Error expected;
  } cases[] = {
      {4005, R"({"code": 5, "message": "no such model", "details": [{"reason": "UNKNOWN_NAME", "metadata": {"request_id": "r1"}}, 7]})",
       {pm::ErrorCode::not_found, "no such model", "r1", "UNKNOWN_NAME"}},
      {4014, R"({"message": 7, "details": "x"})", {pm::ErrorCode::unavailable, "", ""}},
      {4003, "not JSON", {pm::ErrorCode::invalid_argument, "not JSON", ""}},
      {1009, "", {pm::ErrorCode::resource_exhausted, "the request is larger than the server takes", "", "OVER_LIMIT"}},
      {1006, "", {pm::ErrorCode::unavailable, "the connection was closed (1006) gone", ""}},
      {4099, "", {pm::ErrorCode::unavailable, "the connection was closed (4099) gone", ""}},
  };
  for (const auto& it : cases) {
    ended_ = std::make_shared<Ended>();
    const auto call = transport_->start(one_request, ended_, 0ms);
    transport_->pump();
    engine_->opened();
    if (*it.text) engine_->text(it.text);
    engine_->closed(it.code, "gone");
    EXPECT_EQ(ended_->error.code, it.expected.code) << it.code;
    EXPECT_EQ(ended_->error.message, it.expected.message);
    EXPECT_EQ(ended_->error.request_id, it.expected.request_id);
    EXPECT_EQ(ended_->error.reason, it.expected.reason);
    EXPECT_EQ(ended_->error.passing(), it.expected.code == pm::ErrorCode::unavailable);
  }
}

TEST_F(SocketTransportTest, SocketsThatDoNotOpen) {
  none_ = true;
  const auto none = transport_->start(one_request, ended_, 0ms);
  transport_->pump();
  EXPECT_EQ(ended_->error.code, pm::ErrorCode::unavailable);
  none_ = false, fails_ = true;
  ended_ = std::make_shared<Ended>();
  const auto failing = transport_->start(one_request, ended_, 0ms);
  transport_->pump();
  EXPECT_EQ(ended_->error.message, "no route");
  EXPECT_EQ(closed_, 1);
}

TEST_F(SocketTransportTest, EndsWithoutThePump) {
  auto call = transport_->start(many_requests, ended_, 0ms);
  transport_->pump();
  engine_->opened();
  std::thread([&] { call.reset(); }).join();
  EXPECT_EQ(ended_->error.code, pm::ErrorCode::cancelled);
  engine_->binary("late", 4);
  EXPECT_TRUE(ended_->messages.empty());
  EXPECT_EQ(closed_, 0) << "the socket belongs to the thread that pumps";
  transport_->pump();
  EXPECT_EQ(closed_, 1);
}

TEST_F(SocketTransportTest, AListenerMayCancel) {
  const auto call = transport_->start(many_requests, ended_, 0ms);
  ended_->cancel_on_message = call.get();
  transport_->pump();
  engine_->opened();
  engine_->binary("one", 3);
  engine_->binary("two", 3);
  EXPECT_EQ(ended_->messages.size(), 1u);
  EXPECT_EQ(ended_->ends, 1);
}

TEST_F(SocketTransportTest, TimeoutAndLettingGo) {
  const auto late = transport_->start(one_request, ended_, 1ms);
  transport_->pump();
  std::this_thread::sleep_for(2ms);
  transport_->pump();
  EXPECT_EQ(ended_->error.code, pm::ErrorCode::deadline_exceeded);
  const auto other = std::make_shared<Ended>();
  const auto running = transport_->start(one_request, other, 0ms);
  transport_->pump();
  transport_.reset();
  EXPECT_EQ(other->error.code, pm::ErrorCode::cancelled);
  EXPECT_EQ(closed_, 2);
}
