#pragma once

#include <memory>
#include <string>

#include "pantomatrix/transport.h"

// A transport over an engine's sockets that a thread of its own pumps, as a game's loop would.
std::shared_ptr<pantomatrix::Transport> pumped_transport(const std::string& address);
