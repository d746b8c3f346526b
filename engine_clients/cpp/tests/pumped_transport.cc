#include "pumped_transport.h"

#include <atomic>
#include <thread>

#include "engine_sockets.h"

namespace {

namespace pm = pantomatrix;

class PumpedTransport : public pm::Transport {
 public:
  explicit PumpedTransport(const std::string& address)
      : sockets_(std::make_unique<pm::SocketTransport>(engine_sockets(network_, address))), thread_([this] {
          while (!stopping_) {
            sockets_->pump();
            network_.poll();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
          }
        }) {}
  ~PumpedTransport() override {
    stopping_ = true;
    thread_.join();
  }
  std::unique_ptr<pm::Call> start(const pm::Method& method, std::shared_ptr<pm::CallListener> listener,
                                  std::chrono::milliseconds timeout) noexcept override {
    return sockets_->start(method, std::move(listener), timeout);
  }

 private:
  EngineNetwork network_;
  std::unique_ptr<pm::SocketTransport> sockets_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace

std::shared_ptr<pm::Transport> pumped_transport(const std::string& address) {
  return std::make_shared<PumpedTransport>(address);
}
