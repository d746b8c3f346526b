// Calls that have one request: a clip's motion, a conversion, the catalog.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "pantomatrix/motion.h"
#include "pantomatrix/transport.h"
#include "pantomatrix/v1/catalog.pb.h"
#include "pantomatrix/v1/convert.pb.h"
#include "pantomatrix/v1/motion.pb.h"

namespace pantomatrix {

// A call that runs by itself. Letting go of it cancels the call.
template <class Value>
class Pending {
 public:
  virtual ~Pending() = default;
  // Never blocks.
  virtual bool done() const noexcept = 0;
  // 0 to 1, as far as frames have come; 0 where it cannot be told. Never blocks.
  virtual double progress() const noexcept = 0;
  // Waits for the end and hands the value over, once.
  virtual Result<Value> take() noexcept = 0;
  virtual void cancel() noexcept = 0;
};

// A converted file, or frames if they were asked for.
struct Conversion {
  v1::ConvertHeader header;
  std::string file;
  Motion motion;
};

// The content of a file; not_found if it cannot be read.
Result<std::string> read_file(const std::string& path) noexcept;

class Client {
 public:
  using Timeout = std::chrono::milliseconds;
  // Called by a thread of the transport, with 0 to 1.
  using Progress = std::function<void(double)>;

  explicit Client(std::shared_ptr<Transport> transport) noexcept : transport_(std::move(transport)) {}

  Result<v1::GetCatalogResponse> catalog(Timeout timeout = std::chrono::seconds(10)) noexcept;
  std::unique_ptr<Pending<v1::GetCatalogResponse>> start_catalog(Timeout timeout = std::chrono::seconds(10)) noexcept;

  // Waits for the whole clip.
  Result<Motion> generate(const v1::GenerateMotionRequest& request, Timeout timeout = std::chrono::minutes(10),
                          Progress progress = {}) noexcept;
  // For threads that may not wait.
  std::unique_ptr<Pending<Motion>> start_generate(const v1::GenerateMotionRequest& request,
                                                  Timeout timeout = std::chrono::minutes(10),
                                                  Progress progress = {}) noexcept;

  Result<Conversion> convert(const v1::ConvertRequest& request, Timeout timeout = std::chrono::minutes(10)) noexcept;

  const std::shared_ptr<Transport>& transport() const noexcept { return transport_; }

 private:
  std::shared_ptr<Transport> transport_;
};

}  // namespace pantomatrix
