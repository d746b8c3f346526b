// What the C interface hands out as pointers.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "pantomatrix/c_api.h"
#include "pantomatrix/client.h"
#include "pantomatrix/live_stream.h"
#include "pantomatrix/playback.h"
#include "pantomatrix/socket_transport.h"
#include "pantomatrix/speech_delay.h"

namespace pm = pantomatrix;

struct pm_header {
  void set(const pm::v1::MotionHeader& header) {
    message = header;
    layout = pm::FrameLayout(header);
  }

  pm::v1::MotionHeader message;
  pm::FrameLayout layout;
};

struct pm_client {
  pm::Client client;
  std::shared_ptr<pm::SocketTransport> sockets;
};

struct pm_socket : pm::Socket {
  pm_socket(const pm_sockets& engine, pm::SocketListener* told) : functions(engine), listener(told) {}
  ~pm_socket() override {
    if (socket) functions.close(socket);
  }
  void send(const void* data, std::size_t bytes) noexcept override { functions.send(socket, data, bytes); }

  const pm_sockets functions;
  pm::SocketListener* const listener;
  void* socket = nullptr;
  std::string parts;
};

struct pm_catalog {
  std::unique_ptr<pm::Pending<pm::v1::GetCatalogResponse>> pending;
  std::optional<pm::Result<pm::v1::GetCatalogResponse>> taken;
  std::string message;
};

struct pm_clip {
  std::unique_ptr<pm::Pending<pm::Motion>> pending;
  std::optional<pm::Result<pm::Motion>> taken;
  pm_header header;
};

struct pm_live {
  pm::LiveStream stream;
  pm::Playback playback;
  std::optional<pm::SpeechDelay> sound;
  pm::LiveEvent event;
  pm_header header;
  pm::Error error;
  std::deque<pm::v1::Refusal> refusals;
  // For the thread that interrupts, and from it.
  std::atomic<double> shown_seconds{0};
  std::atomic<bool> interrupted{false};
};
