// A clip's motion over gRPC: generate_file HOST:PORT speech.wav [out.csv]
#include <cstdio>
#include <fstream>

#include "pantomatrix/client.h"
#include "pantomatrix/grpc_transport.h"

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: generate_file HOST:PORT speech.wav [out.csv]\n");
    return 2;
  }
  pantomatrix::GrpcOptions options;
  options.address = arguments[1];
  pantomatrix::Client client(pantomatrix::grpc_transport(options));

  const auto audio = pantomatrix::read_file(arguments[2]);
  if (!audio.ok()) {
    std::fprintf(stderr, "error: %s\n", audio.error.message.c_str());
    return 1;
  }
  pantomatrix::v1::GenerateMotionRequest request;
  request.mutable_options()->set_skeleton("smplx");
  request.mutable_audio()->mutable_encoded()->set_data(audio.value);
  const auto motion = client.generate(request, std::chrono::minutes(10),
                                      [](double done) { std::fprintf(stderr, "\r%3.0f %%", 100 * done); });
  if (!motion.ok()) {
    std::fprintf(stderr, "error: %s: %s\n", pantomatrix::name(motion.error.code), motion.error.message.c_str());
    return 1;
  }
  const auto& [header, layout, frames, summary] = motion.value;
  std::fprintf(stderr, "\n");
  std::printf("%d frames at %g fps, %d joints, %d curves\n", frames.frame_count, header.fps(), layout.joints,
              layout.curves);
  if (count < 4) return 0;

  std::ofstream out(arguments[3]);
  for (const auto& name : header.curve_names()) out << name << (&name == &*header.curve_names().rbegin() ? "\n" : ",");
  for (int frame = 0; frame < frames.frame_count; ++frame)
    for (int i = layout.weights(); i < layout.floats(); ++i)
      out << motion.value.frame(frame)[i] << (i + 1 < layout.floats() ? "," : "\n");
  return out ? 0 : 1;
}
