#include "pantomatrix/client.h"

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>

namespace pantomatrix {
namespace {

constexpr Method get_catalog{"/pantomatrix.v1.CatalogService/GetCatalog", false};
constexpr Method generate_motion{"/pantomatrix.v1.MotionService/GenerateMotion", false};
constexpr Method convert_file{"/pantomatrix.v1.ConvertService/Convert", false};

// Gathers responses into a value; both `take` and the end are told by the transport's threads.
template <class Response, class Value>
class Gathering : public CallListener {
 public:
  // Puts a response into the value and returns how far it has come, 0 to 1.
  using Take = std::function<Error(Response&, Value*, double* progress)>;

  Gathering(Take take, Client::Progress tell) : take_(std::move(take)), tell_(std::move(tell)) {}

  void on_message(const void* data, std::size_t bytes) noexcept override {
    if (broken_) return;
    Response response;
    double progress = progress_;
    broken_ = response.ParseFromArray(data, static_cast<int>(bytes))
                  ? take_(response, &value_, &progress)
                  : Error{ErrorCode::data_loss, "a response does not parse", {}};
    if (tell_ && progress != progress_) tell_(progress);
    progress_ = progress;
  }

  void on_end(const Error& error) noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    error_ = broken_ ? broken_ : error;
    done_ = true;
    ended_.notify_all();
  }

  bool done() const noexcept { return done_; }
  double progress() const noexcept { return progress_; }

  Result<Value> take() noexcept {
    std::unique_lock<std::mutex> lock(mutex_);
    ended_.wait(lock, [this] { return done_.load(); });
    if (error_) return {Value{}, error_};
    return {std::move(value_), {}};
  }

 private:
  Take take_;
  Client::Progress tell_;
  Value value_;
  Error broken_;
  std::atomic<double> progress_{0};
  std::mutex mutex_;
  std::condition_variable ended_;
  Error error_;
  std::atomic<bool> done_{false};
};

template <class Response, class Value>
class PendingCall : public Pending<Value> {
 public:
  PendingCall(std::shared_ptr<Transport> transport, const Method& method, std::string request, Client::Timeout timeout,
              typename Gathering<Response, Value>::Take take, Client::Progress tell)
      : transport_(std::move(transport)),
        gathering_(std::make_shared<Gathering<Response, Value>>(std::move(take), std::move(tell))),
        call_(transport_->start(method, gathering_, timeout)) {
    call_->send(std::move(request));
    call_->close_sending();
  }

  bool done() const noexcept override { return gathering_->done(); }
  double progress() const noexcept override { return gathering_->progress(); }
  Result<Value> take() noexcept override { return gathering_->take(); }
  void cancel() noexcept override { call_->cancel(); }

 private:
  std::shared_ptr<Transport> transport_;
  std::shared_ptr<Gathering<Response, Value>> gathering_;
  std::unique_ptr<Call> call_;
};

Error take_frames(const v1::FrameBlock& block, Motion* motion) noexcept {
  if (motion->layout.bytes_per_frame == 0) return {ErrorCode::data_loss, "frames came before their header", {}};
  return append(block, motion->layout, &motion->frames);
}

Error take_header(v1::MotionHeader& header, Motion* motion) noexcept {
  motion->header.Swap(&header);
  motion->layout = FrameLayout(motion->header);
  return check(motion->header);
}

double come(const Motion& motion) noexcept {
  const auto expected = motion.header.frame_count();
  return expected > 0 ? static_cast<double>(motion.frames.frame_count) / static_cast<double>(expected) : 0;
}

Error take_motion(v1::GenerateMotionResponse& response, Motion* motion, double* progress) noexcept {
  switch (response.message_case()) {
    case v1::GenerateMotionResponse::kHeader:
      return take_header(*response.mutable_header(), motion);
    case v1::GenerateMotionResponse::kFrames: {
      const Error error = take_frames(response.frames(), motion);
      *progress = come(*motion);
      return error;
    }
    case v1::GenerateMotionResponse::kSummary:
      motion->summary.Swap(response.mutable_summary());
      return {};
    default:
      return {};
  }
}

Error take_conversion(v1::ConvertResponse& response, Conversion* conversion, double* progress) noexcept {
  switch (response.message_case()) {
    case v1::ConvertResponse::kHeader:
      conversion->header.Swap(response.mutable_header());
      return {};
    case v1::ConvertResponse::kChunk:
      conversion->file += response.chunk().data();
      return {};
    case v1::ConvertResponse::kMotionHeader:
      return take_header(*response.mutable_motion_header(), &conversion->motion);
    case v1::ConvertResponse::kFrames: {
      const Error error = take_frames(response.frames(), &conversion->motion);
      *progress = come(conversion->motion);
      return error;
    }
    default:
      return {};
  }
}

Error take_catalog(v1::GetCatalogResponse& response, v1::GetCatalogResponse* catalog, double*) noexcept {
  catalog->Swap(&response);
  return {};
}

}  // namespace

Result<std::string> read_file(const std::string& path) noexcept {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return {{}, {ErrorCode::not_found, "cannot read " + path, {}}};
  return {{std::istreambuf_iterator<char>(stream), {}}, {}};
}

std::unique_ptr<Pending<v1::GetCatalogResponse>> Client::start_catalog(Timeout timeout) noexcept {
  return std::make_unique<PendingCall<v1::GetCatalogResponse, v1::GetCatalogResponse>>(
      transport_, get_catalog, std::string(), timeout, take_catalog, Progress());
}

Result<v1::GetCatalogResponse> Client::catalog(Timeout timeout) noexcept { return start_catalog(timeout)->take(); }

std::unique_ptr<Pending<Motion>> Client::start_generate(const v1::GenerateMotionRequest& request, Timeout timeout,
                                                        Progress progress) noexcept {
  return std::make_unique<PendingCall<v1::GenerateMotionResponse, Motion>>(
      transport_, generate_motion, request.SerializeAsString(), timeout, take_motion, std::move(progress));
}

Result<Motion> Client::generate(const v1::GenerateMotionRequest& request, Timeout timeout, Progress progress) noexcept {
  return start_generate(request, timeout, std::move(progress))->take();
}

Result<Conversion> Client::convert(const v1::ConvertRequest& request, Timeout timeout) noexcept {
  return PendingCall<v1::ConvertResponse, Conversion>(transport_, convert_file, request.SerializeAsString(), timeout,
                                                      take_conversion, {})
      .take();
}

}  // namespace pantomatrix
