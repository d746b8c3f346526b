#include <algorithm>
#include <chrono>
#include <new>

#include "values.h"

using namespace pm_c;

namespace {

template <class Use>
void with_list(const pm_catalog& catalog, pm_listed listed, Use use) {
  const auto& message = catalog.taken->value;
  switch (listed) {
    case PM_MODELS:
      return use(message.models());
    case PM_SKELETONS:
      return use(message.skeletons());
    case PM_FACE_RIGS:
      return use(message.face_rigs());
    case PM_COORDINATE_SYSTEMS:
      return use(message.coordinate_systems());
    case PM_FORMATS:
      return use(message.formats());
    case PM_EMOTIONS:
      return use(message.emotions());
  }
}

}  // namespace

pm_catalog* pm_catalog_ask(pm_client* client, double timeout_seconds) {
  const auto timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout_seconds * 1000));
  return new (std::nothrow) pm_catalog{client->client.start_catalog(timeout), {}, {}};
}

int pm_catalog_done(const pm_catalog* catalog) { return catalog->taken || catalog->pending->done(); }

int pm_catalog_wait(pm_catalog* catalog, pm_error* error) {
  const bool is_new = !catalog->taken;
  const int ok = wait_for(catalog, error);
  if (is_new) catalog->message = catalog->taken->value.SerializeAsString();
  return ok;
}

const char* pm_catalog_server_version(const pm_catalog* catalog) { return catalog->taken->value.server_version().c_str(); }

int pm_catalog_count(const pm_catalog* catalog, pm_listed listed) {
  int count = 0;
  with_list(*catalog, listed, [&](const auto& list) { count = list.size(); });
  return count;
}

const char* pm_catalog_name(const pm_catalog* catalog, pm_listed listed, int index) {
  const char* name = nullptr;
  with_list(*catalog, listed, [&](const auto& list) {
    if (within(index, list.size())) name = list.Get(index).name().c_str();
  });
  return name;
}

int pm_catalog_speaker_count(const pm_catalog* catalog, int model) {
  const auto& models = catalog->taken->value.models();
  return within(model, models.size()) ? models.Get(model).speakers_size() : 0;
}

const char* pm_catalog_speaker(const pm_catalog* catalog, int model, int index) {
  if (!within(index, pm_catalog_speaker_count(catalog, model))) return nullptr;
  return catalog->taken->value.models(model).speakers(index).id().c_str();
}

int pm_catalog_emotion_count(const pm_catalog* catalog, int model) {
  const auto& models = catalog->taken->value.models();
  return within(model, models.size()) ? models.Get(model).emotions_size() : 0;
}

const char* pm_catalog_emotion(const pm_catalog* catalog, int model, int index) {
  if (!within(index, pm_catalog_emotion_count(catalog, model))) return nullptr;
  return catalog->taken->value.models(model).emotions(index).c_str();
}

int pm_catalog_has_feature(const pm_catalog* catalog, const char* name) {
  const auto& features = catalog->taken->value.features();
  return std::find(features.begin(), features.end(), name) != features.end();
}

const void* pm_catalog_message(const pm_catalog* catalog, size_t* bytes) {
  *bytes = catalog->message.size();
  return catalog->message.data();
}

void pm_catalog_free(pm_catalog* catalog) { delete catalog; }
