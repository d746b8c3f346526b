// The plugin's own code, on stand-ins for the engine, against a real server.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "AnimGraphNode_PantoMatrix.h"
#include "AnimNode_PantoMatrix.h"
#include "PantoMatrixAudioToMotion.h"
#include "PantoMatrixBake.h"
#include "PantoMatrixBakeCommandlet.h"
#include "PantoMatrixClip.h"
#include "PantoMatrixLiveLinkSource.h"
#include "PantoMatrixLiveLinkSourceFactory.h"
#include "PantoMatrixSettings.h"
#include "PantoMatrixSubsystem.h"
#include "PantoMatrixVoice.h"

namespace {

constexpr int32 Rate = 16000;
constexpr float TickSeconds = 1 / 60.f;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// Speech, 16 kHz mono 16 bit.
std::string SpeechBytes(double seconds) {
  std::ifstream file(Environment("PANTOMATRIX_TEST_SPEECH"), std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  return all.substr(44, static_cast<std::size_t>(2 * Rate * seconds));
}

std::vector<float> Speech(double seconds) {
  const std::string bytes = SpeechBytes(seconds);
  std::vector<float> samples(bytes.size() / 2);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    int16 sample;
    std::memcpy(&sample, bytes.data() + 2 * i, 2);
    samples[i] = sample / 32768.f;
  }
  return samples;
}

// The mannequin, and bones that no motion knows. Lines of "name parent tx ty tz qx qy qz qw".
USkeletalMesh* Manny() {
  static USkeletalMesh* mesh = [] {
    auto* made = NewObject<USkeletalMesh>();
    made->path = TEXT("/Game/SKM_Manny");
    made->asset = NewObject<USkeleton>();
    std::ifstream file(Environment("PANTOMATRIX_TEST_SKELETON"));
    std::string name;
    int32 parent;
    double t[3], q[4];
    while (file >> name >> parent >> t[0] >> t[1] >> t[2] >> q[0] >> q[1] >> q[2] >> q[3]) {
      made->skeleton.bones.Add({FName(FromUtf8(name.c_str()).c_str()), parent});
      made->skeleton.pose.Add(FTransform({q[0], q[1], q[2], q[3]}, {t[0], t[1], t[2]}));
    }
    for (const TCHAR* extra : {TEXT("ik_foot_root"), TEXT("weapon_r")}) {
      made->skeleton.bones.Add({FName(extra), 0});
      made->skeleton.pose.Add(FTransform({0, 0, 0, 1}, {1, 2, 3}));
    }
    stand_in::Assets["/Game/SKM_Manny"] = made;
    return made;
  }();
  return mesh;
}

USoundWave* Sound(const char* path, double seconds) {
  auto* sound = NewObject<USoundWave>();
  sound->path = FString(FromUtf8(path));
  const std::string bytes = SpeechBytes(seconds);
  sound->samples.Append(reinterpret_cast<const uint8*>(bytes.data()), static_cast<int32>(bytes.size()));
  stand_in::Assets[path] = sound;
  return sound;
}

class LiveLink : public ILiveLinkClient {
 public:
  FGuid AddSource(TSharedPtr<ILiveLinkSource> source) override {
    sources.push_back(source);
    source->ReceiveClient(this, {});
    return {};
  }
  void RemoveSource(TSharedPtr<ILiveLinkSource> source) override { source->RequestSourceShutdown(); }
  void PushSubjectStaticData_AnyThread(const FLiveLinkSubjectKey& key, UClass* role, FLiveLinkStaticDataStruct&& data) override {
    auto& subject = subjects[ToUtf8(*key.SubjectName.ToString())];
    subject.role = role;
    subject.properties = data.Cast<FLiveLinkBaseStaticData>()->PropertyNames;
    if (const auto* skeleton = data.Cast<FLiveLinkSkeletonStaticData>()) subject.bones = skeleton->BoneNames, subject.parents = skeleton->BoneParents;
    ++subject.descriptions;
  }
  void PushSubjectFrameData_AnyThread(const FLiveLinkSubjectKey& key, FLiveLinkFrameDataStruct&& data) override {
    auto& subject = subjects[ToUtf8(*key.SubjectName.ToString())];
    ++subject.frames;
    subject.weights = data.Cast<FLiveLinkBaseFrameData>()->PropertyValues;
    if (const auto* frame = data.Cast<FLiveLinkAnimationFrameData>()) subject.transforms = frame->Transforms;
  }
  struct Subject {
    UClass* role = nullptr;
    int descriptions = 0, frames = 0;
    TArray<FName> properties, bones;
    TArray<int32> parents;
    TArray<float> weights;
    TArray<FTransform> transforms;
  };
  std::map<std::string, Subject> subjects;
  std::vector<TSharedPtr<ILiveLinkSource>> sources;
};

class Plugin : public testing::Test {
 protected:
  void SetUp() override {
    if (Environment("PANTOMATRIX_TEST_WEBSOCKET").empty()) GTEST_SKIP() << "no server";
    UseServer("ws://" + Environment("PANTOMATRIX_TEST_WEBSOCKET"));
    IModularFeatures::Get().live_link = &live_link_;
    static UWorld* world = NewObject<UWorld>();
    world_ = world;
    actor_->world = world_;
    actor_->root = actor_->add<USceneComponent>();
    mesh_ = actor_->add<USkeletalMeshComponent>();
    mesh_->mesh = Manny();
    component_ = actor_->add<UPantoMatrixAudioToMotion>();
    component_->path = TEXT("/Game/Level.Speaker");
    static_cast<UActorComponent*>(component_)->BeginPlay();
    component_->OnStateChanged.AddLambda([this](EPantoMatrixState state) { states_.push_back(state); });
    component_->OnFailed.AddLambda([this](const FPantoMatrixError& error) { errors_.push_back(ToUtf8(*error.ToString())); });
    stand_in::Logged.clear();
  }

  void TearDown() override {
    if (component_) component_->EndPlay(EEndPlayReason::Destroyed);
    UPantoMatrixSubsystem::Get().Deinitialize();
    FSubsystemCollectionBase collection;
    UPantoMatrixSubsystem::Get().Initialize(collection);
    IModularFeatures::Get().live_link = nullptr;
  }

  static void UseServer(const std::string& url) {
    GetMutableDefault<UPantoMatrixSettings>()->ServerUrl = FString(FromUtf8(url.c_str()));
  }

  // One frame of the game.
  void Tick() {
    FPlatformProcess::Sleep(TickSeconds);
    const double now = FPlatformTime::Seconds();
    const float seconds = static_cast<float>(now - last_tick_);
    last_tick_ = now;
    for (const auto& source : live_link_.sources) source->Update();
    component_->TickComponent(seconds, LEVELTICK_All, nullptr);
    FTSTicker::GetCoreTicker().Tick(seconds);
  }

  // Plays the game until a condition holds; false after a minute.
  template <class Condition>
  bool Until(Condition condition) {
    for (const double end = FPlatformTime::Seconds() + 60; FPlatformTime::Seconds() < end;) {
      if (condition()) return true;
      Tick();
    }
    return false;
  }

  template <class T>
  T* Find() const {
    for (auto it = actor_->components.rbegin(); it != actor_->components.rend(); ++it)
      if (auto* found = dynamic_cast<T*>(*it)) return found;
    return nullptr;
  }

  LiveLink live_link_;
  AActor* actor_ = NewObject<AActor>();
  UWorld* world_ = nullptr;
  USkeletalMeshComponent* mesh_ = nullptr;
  UPantoMatrixAudioToMotion* component_ = nullptr;
  double last_tick_ = FPlatformTime::Seconds();
  std::vector<EPantoMatrixState> states_;
  std::vector<std::string> errors_;
};

// Between two rotations; exact near zero, where the arc cosine of their product is not.
double Degrees(const FQuat& one, const FQuat& other) {
  const double sign = (one | other) < 0 ? -1 : 1;
  const double x = one.X - sign * other.X, y = one.Y - sign * other.Y, z = one.Z - sign * other.Z, w = one.W - sign * other.W;
  return 4 * std::asin(std::min(1.0, std::sqrt(x * x + y * y + z * z + w * w) / 2)) * 180 / M_PI;
}

}  // namespace

TEST_F(Plugin, TellsWhatTheServerHas) {
  FPantoMatrixCatalog catalog;
  FPantoMatrixError error;
  bool answered = false;
  FPantoMatrixCatalogReceived received;
  received.bound = [&](const FPantoMatrixCatalog& got, const FPantoMatrixError& told) { catalog = got, error = told, answered = true; };
  UPantoMatrixSubsystem::Get().RequestCatalog(received);
  ASSERT_TRUE(Until([&] { return answered; }));
  EXPECT_FALSE(error.IsSet());
  EXPECT_EQ(ToUtf8(*catalog.Models[0]), "builtin");
  EXPECT_NE(catalog.Speakers.IndexOfByKey(FString(TEXT("lively"))), INDEX_NONE);
  EXPECT_NE(catalog.Emotions.IndexOfByKey(FString(TEXT("joy"))), INDEX_NONE);
  EXPECT_NE(catalog.Skeletons.IndexOfByKey(FString(TEXT("ue5_manny"))), INDEX_NONE);

  UseServer("ws://127.0.0.1:1");
  answered = false;
  UPantoMatrixSubsystem::Get().RequestCatalog(received);
  ASSERT_TRUE(Until([&] { return answered; }));
  EXPECT_EQ(ToUtf8(*error.Code), "unavailable");
}

TEST_F(Plugin, SpeaksASoundWithItsMotion) {
  component_->LiveLinkSubject = TEXT("Hero");
  component_->bSetMorphTargets = true;
  EXPECT_EQ(mesh_->ticks_after.count(component_), 1u);
  component_->Speak(nullptr);
  EXPECT_EQ(stand_in::Logged.size(), 1u) << "a warning";

  component_->Speak(Sound("/Game/Line", 1));
  auto* source = Find<UAudioComponent>();
  auto* voice = Find<UPantoMatrixVoice>();
  ASSERT_TRUE(source && source->is_playing && source->is_zeroed && source->listener);
  ASSERT_TRUE(voice && voice->is_playing && voice->attached_to == actor_->root);
  EXPECT_EQ(voice->sample_rate, Rate);

  // The sound card: blocks of 10 ms, in time, to the source's listener and from the voice.
  constexpr std::size_t block = Rate / 100, after = 2 * Rate;
  std::vector<float> spoken = Speech(3), heard;
  std::atomic<bool> stop{false};
  std::atomic<std::size_t> played{0};
  std::thread card([&] {
    auto next = std::chrono::steady_clock::now();
    for (std::size_t at = 0; !stop; at += block) {
      if (at < spoken.size()) source->listener->OnNewBuffer({spoken.data() + at, 0, block, 1, Rate});
      heard.resize(heard.size() + block);
      voice->render(heard.data() + heard.size() - block, block);
      played = heard.size();
      std::this_thread::sleep_until(next += std::chrono::milliseconds(10));
    }
  });
  float widest = 0, farthest = 0;
  FQuat first;
  bool is_shown = false, told_the_end = false;
  EXPECT_TRUE(Until([&] {
    if (played > spoken.size() && !told_the_end) told_the_end = true, source->finish();
    const FPantoMatrixPose& pose = component_->GetPose();
    if (!pose.Layout) return false;
    if (!is_shown) is_shown = true, first = pose.Rotations[11];
    widest = std::max(widest, component_->GetCurve(TEXT("JawOpen")));
    farthest = std::max(farthest, static_cast<float>(Degrees(first, pose.Rotations[11])));
    return played > spoken.size() + after;
  }));
  stop = true;
  card.join();
  EXPECT_EQ(errors_, std::vector<std::string>{});
  ASSERT_GE(states_.size(), 1u);
  EXPECT_EQ(states_.back(), EPantoMatrixState::Streaming);
  EXPECT_GT(widest, 0.2f);
  EXPECT_GT(farthest, 0.5f) << "the upper arm moves";
  EXPECT_EQ(component_->GetPose().Alpha, 1);
  EXPECT_EQ(component_->GetCurve(TEXT("noSuchCurve")), 0);

  // What was heard is what was spoken, later: on a busy machine with gaps, where nothing came in time.
  const std::size_t length = Rate / 5;
  std::vector<double> delays;
  int loud = 0;
  const auto sum = [&](const std::vector<float>& one, std::size_t at, const std::vector<float>& other, std::size_t from) {
    float all = 1e-9f;
    for (std::size_t i = 0; i < length; i += 4) all += one[at + i] * other[from + i];
    return all;
  };
  for (std::size_t from = Rate / 5; from + length <= spoken.size(); from += length) {
    const float wanted = sum(spoken, from, spoken, from);
    if (wanted < 0.5f) continue;
    ++loud;
    float best = 0;
    std::size_t best_at = 0;
    for (std::size_t at = from; at + length < heard.size() && at < from + after; at += 2) {
      const float product = sum(heard, at, spoken, from);
      if (product <= 0) continue;
      if (const float alike = product / std::sqrt(wanted * sum(heard, at, heard, at)); alike > best) best = alike, best_at = at;
    }
    if (best > 0.9f) delays.push_back(static_cast<double>(best_at - from) / Rate);
  }
  ASSERT_GE(loud, 8);
  ASSERT_FALSE(delays.empty()) << "none of " << loud << " loud parts was heard";
  std::sort(delays.begin(), delays.end());
  const double delay = delays[delays.size() / 2];
  EXPECT_GT(delay, 0.01) << "the motion comes later than what was spoken, and so does its sound";
  RecordProperty("sound_delay_ms", static_cast<int>(delay * 1000));
  std::printf("%zu of %d parts are heard; the sound and its motion come %.0f ms after the source\n", delays.size(), loud, delay * 1000);

  EXPECT_NEAR(mesh_->morph_targets[TEXT("jawOpen")], component_->GetCurve(TEXT("jawOpen")), 1e-6);
  const auto& body = live_link_.subjects["Hero"];
  const auto& face = live_link_.subjects["Hero_Face"];
  EXPECT_EQ(body.role, ULiveLinkAnimationRole::StaticClass());
  EXPECT_EQ(face.role, ULiveLinkBasicRole::StaticClass());
  EXPECT_EQ(body.descriptions, 1);
  EXPECT_GT(body.frames, 30);
  EXPECT_EQ(body.bones.Num(), Manny()->skeleton.bones.Num());
  EXPECT_EQ(body.parents[1], 0);
  EXPECT_EQ(body.transforms.Num(), body.bones.Num());
  EXPECT_EQ(face.properties.Num(), 52);
  EXPECT_EQ(face.weights.Num(), 52);
  EXPECT_NEAR(body.transforms[2].GetTranslation().X, Manny()->skeleton.pose[2].GetTranslation().X, 1e-3);

  component_->StopSpeaking();
  EXPECT_FALSE(voice->is_playing || source->is_playing);
  ASSERT_TRUE(Until([&] { return component_->GetPose().Alpha == 0; })) << "fades out";
  EXPECT_EQ(component_->GetState(), EPantoMatrixState::Ended);
}

TEST_F(Plugin, TheNodeAppliesJointsAndCurves) {
  const std::vector<float> speech = Speech(3);
  TArray<float> samples;
  samples.Append(speech.data(), static_cast<int32>(speech.size()));
  ASSERT_TRUE(component_->PushAudio(samples, Rate, 1));
  component_->EndUtterance();
  ASSERT_TRUE(Until([&] { return component_->GetPose().Alpha == 1 && component_->GetCurve(TEXT("jawOpen")) > 0.2f; }));

  UAnimGraphNode_PantoMatrix graph_node;
  EXPECT_EQ(ToUtf8(*graph_node.GetNodeTitle(ENodeTitleType::FullTitle).ToString()), "PantoMatrix");
  FAnimNode_PantoMatrix& node = graph_node.Node;
  EXPECT_TRUE(node.HasPreUpdate());
  UAnimInstance instance;
  instance.actor = actor_;

  // A level of detail without fingers: compact bones are some of the mesh's, and the last ones come first.
  const auto& bones = Manny()->skeleton.bones;
  FBoneContainer container;
  for (int32 i = 0; i < bones.Num(); ++i) container.mesh_bones.Add(bones[i].Name);
  for (int32 i = 0; i < bones.Num(); ++i)
    if (const std::string name = ToUtf8(*bones[i].Name.ToString()); name.find("index") == std::string::npos) container.compact_bones.Add(i);
  const auto evaluate = [&] {
    FPoseContext output;
    output.Pose.container = container;
    for (int32 i = 0; i < container.compact_bones.Num(); ++i) output.Pose.bones.Add(Manny()->skeleton.pose[container.compact_bones[i]]);
    output.Curve.Set(TEXT("jawOpen"), 0.5f);
    output.Curve.Set(TEXT("breath"), 0.25f);
    node.Initialize_AnyThread({});
    node.CacheBones_AnyThread({});
    node.PreUpdate(&instance);
    node.Update_AnyThread({});
    node.Evaluate_AnyThread(output);
    return output;
  };
  const auto bone = [&](const TCHAR* name) { return container.compact_bones.IndexOfByKey(container.GetPoseBoneIndexForBoneName(name)); };
  const FPantoMatrixPose& pose = component_->GetPose();
  FPoseContext output = evaluate();
  int turned = 0;
  for (int32 joint = 0; joint < pose.Rotations.Num(); ++joint) {
    const int32 index = bone(*pose.Layout->JointNames[joint].ToString());
    if (index == INDEX_NONE) continue;
    const FQuat& rest = Manny()->skeleton.pose[joint].GetRotation();
    EXPECT_LT(Degrees(output.Pose.bones[index].GetRotation(), pose.Layout->Driven[joint] ? pose.Rotations[joint] : rest), 0.01);
    turned += Degrees(output.Pose.bones[index].GetRotation(), rest) > 0.5;
  }
  EXPECT_GT(turned, 15);
  EXPECT_FALSE(pose.Layout->Driven[pose.Layout->JointNames.IndexOfByKey(FName(TEXT("weapon_r")))]);
  EXPECT_NEAR(output.Curve.Get(TEXT("jawOpen")), component_->GetCurve(TEXT("jawOpen")), 1e-6);
  EXPECT_EQ(output.Curve.Get(TEXT("breath")), 0.25f);
  EXPECT_EQ(output.Pose.bones[0].GetTranslation().Z, Manny()->skeleton.pose[0].GetTranslation().Z);

  const FQuat whole = output.Pose.bones[bone(TEXT("upperarm_l"))].GetRotation();
  const FQuat rest = Manny()->skeleton.pose[container.GetPoseBoneIndexForBoneName(TEXT("upperarm_l"))].GetRotation();
  node.Alpha = 0.5f;
  output = evaluate();
  EXPECT_NEAR(Degrees(output.Pose.bones[bone(TEXT("upperarm_l"))].GetRotation(), rest), Degrees(whole, rest) / 2, 0.01);
  EXPECT_NEAR(output.Curve.Get(TEXT("jawOpen")), (0.5 + component_->GetCurve(TEXT("jawOpen"))) / 2, 1e-6);
  node.Alpha = 1, node.bApplyJoints = false, node.bApplyCurves = false, node.bApplyRootTranslation = true;
  output = evaluate();
  EXPECT_EQ(Degrees(output.Pose.bones[bone(TEXT("upperarm_l"))].GetRotation(), rest), 0);
  EXPECT_EQ(output.Curve.Get(TEXT("jawOpen")), 0.5f);
  EXPECT_NEAR(output.Pose.bones[0].GetTranslation().Z, pose.RootTranslation.Z, 1e-6);
  FNodeDebugData debug;
  node.GatherDebugData(debug);
  EXPECT_NE(ToUtf8(*debug.items[0]).find("52 curves"), std::string::npos);
}

TEST_F(Plugin, InterruptsAndTakesWrongSamplesCalmly) {
  TArray<float> samples;
  const std::vector<float> speech = Speech(6);
  samples.Append(speech.data(), static_cast<int32>(speech.size()));
  EXPECT_FALSE(component_->PushAudio(samples, Rate, 0));
  EXPECT_FALSE(component_->PushAudio(samples, Rate, 7));
  ASSERT_TRUE(component_->PushAudio(samples, Rate, 1));
  ASSERT_TRUE(Until([&] { return component_->GetCurve(TEXT("jawOpen")) > 0.2f; }));
  EXPECT_TRUE(component_->IsSpeaking());
  component_->Interrupt();
  Tick();
  std::vector<float> heard(Rate / 10, 1);
  Find<UPantoMatrixVoice>()->render(heard.data(), heard.size());
  EXPECT_EQ(heard.back(), 0) << "the sound ends at once";
  int shut = 0;
  EXPECT_TRUE(Until([&] { return (shut = component_->GetCurve(TEXT("jawOpen")) < 0.03f ? shut + 1 : 0) > 40; })) << "six seconds were pushed";
  EXPECT_EQ(component_->GetState(), EPantoMatrixState::Streaming);
  EXPECT_FALSE(component_->IsSpeaking());
  ASSERT_TRUE(component_->PushAudio(samples, Rate, 1));
  EXPECT_TRUE(Until([&] { return component_->GetCurve(TEXT("jawOpen")) > 0.2f; })) << "speaks again on the same stream";
}

TEST_F(Plugin, ChangesWhileItRuns) {
  std::vector<std::string> refusals;
  component_->OnRefused.AddLambda([&](const FPantoMatrixRefusal& refusal) {
    refusals.push_back(ToUtf8(*(refusal.Reason + TEXT(" ") + refusal.Field + TEXT(" ") + refusal.Text)));
  });
  component_->ApplyOptions();  // nothing runs
  const std::vector<float> speech = Speech(11);
  std::size_t at = 0;
  const double started = FPlatformTime::Seconds();
  const auto speaks_until = [&](auto condition) {
    return Until([&] {
      for (; at + 160 < speech.size() && static_cast<double>(at) / Rate < FPlatformTime::Seconds() - started; at += 160) {
        TArray<float> samples;
        samples.Append(speech.data() + at, 160);
        component_->PushAudio(samples, Rate, 1);
      }
      return condition();
    });
  };
  const auto jaw = [&] { return component_->GetCurve(TEXT("jawOpen")); };
  ASSERT_TRUE(speaks_until([&] { return jaw() > 0.2f; }));
  component_->Options.Emotions.Add(TEXT("joi"), 1);
  component_->ApplyOptions();
  ASSERT_TRUE(speaks_until([&] { return !refusals.empty(); }));
  EXPECT_EQ(refusals[0].substr(0, 29), "UNKNOWN_NAME options.emotions") << refusals[0];
  EXPECT_EQ(stand_in::Logged.size(), 1u);
  component_->Options.Emotions = {};
  component_->Options.Strengths.Add(EPantoMatrixPart::Face, 0);
  component_->ApplyOptions();
  int still = 0;
  EXPECT_TRUE(speaks_until([&] { return (still = jaw() == 0 ? still + 1 : 0) > 40; }));
  component_->Options.Strengths = {};
  component_->ApplyOptions();
  EXPECT_TRUE(speaks_until([&] { return jaw() > 0.1f; })) << "taken back";
  EXPECT_EQ(refusals.size(), 1u);
  EXPECT_EQ(component_->GetState(), EPantoMatrixState::Streaming);
}

TEST_F(Plugin, ListensToASubmix) {
  component_->ListenToSubmix(nullptr);
  EXPECT_EQ(stand_in::Logged.size(), 1u);
  component_->ListenToSubmix(NewObject<USoundSubmix>());
  const auto listener = world_->device.submix_listener;
  ASSERT_TRUE(listener);
  EXPECT_EQ(Find<UPantoMatrixVoice>(), nullptr) << "it is heard already";
  std::vector<float> speech = Speech(10), stereo;
  for (const float sample : speech) stereo.insert(stereo.end(), {sample, sample});
  std::size_t at = 0;
  const double started = FPlatformTime::Seconds();
  EXPECT_TRUE(Until([&] {
    for (; at + 320 < stereo.size() && static_cast<double>(at) / 2 / Rate < FPlatformTime::Seconds() - started; at += 320)
      listener->OnNewSubmixBuffer(nullptr, stereo.data() + at, 320, 2, Rate, 0);
    return component_->GetCurve(TEXT("jawOpen")) > 0.2f;
  }));
  component_->StopSpeaking();
  EXPECT_FALSE(world_->device.submix_listener);
}

TEST_F(Plugin, AMicrophoneThroughLiveLink) {
  auto* factory = NewObject<UPantoMatrixLiveLinkSourceFactory>();
  EXPECT_EQ(factory->GetMenuType(), ULiveLinkSourceFactory::EMenuType::MenuEntry);
  EXPECT_FALSE(factory->GetSourceDisplayName().IsEmpty() || factory->GetSourceTooltip().IsEmpty());
  const auto source = factory->CreateSource({});
  live_link_.AddSource(source);
  EXPECT_EQ(ToUtf8(*source->GetSourceStatus().ToString()), "Waiting for motion");
  Tick();
  ASSERT_TRUE(Audio::Microphone);
  const std::vector<float> speech = Speech(10);
  std::size_t at = 0;
  const double started = FPlatformTime::Seconds();
  EXPECT_TRUE(Until([&] {
    for (; at + 160 < speech.size() && static_cast<double>(at) / Rate < FPlatformTime::Seconds() - started; at += 160)
      Audio::Microphone(speech.data() + at, 160, 1, Rate, 0, false);
    const auto& face = live_link_.subjects["PantoMatrix_Face"];
    const int32 jaw = face.properties.IndexOfByKey(FName(TEXT("JawOpen")));
    return face.weights.IsValidIndex(jaw) && face.weights[jaw] > 0.2f;
  }));
  EXPECT_EQ(live_link_.subjects["PantoMatrix"].bones.Num(), 80) << "the skeleton of the settings";
  EXPECT_EQ(ToUtf8(*source->GetSourceStatus().ToString()), "Publishing");
  EXPECT_EQ(ToUtf8(*source->GetSourceType().ToString()), "PantoMatrix");
  live_link_.RemoveSource(source);
  EXPECT_FALSE(Audio::Microphone);
  EXPECT_FALSE(source->IsSourceStillValid());
}

TEST_F(Plugin, SaysWhatWentWrong) {
  component_->Options.Model = TEXT("emagee");
  component_->Speak(Sound("/Game/Line", 1));
  ASSERT_TRUE(Until([&] { return !errors_.empty(); }));
  EXPECT_EQ(errors_[0].substr(0, 11), "not_found: ");
  EXPECT_TRUE(Until([&] { return component_->GetState() == EPantoMatrixState::Ended; }));
  for (int i = 0; i < 10; ++i) Tick();
  EXPECT_EQ(errors_.size(), 1u) << "once";
  component_->Options.Model = {};
  component_->Speak(Sound("/Game/Line", 1));
  EXPECT_TRUE(Until([&] { return component_->GetState() == EPantoMatrixState::Streaming; })) << "the next Speak tries again";

  component_->StopSpeaking();
  UseServer("ws://127.0.0.1:1");
  component_->Speak(Sound("/Game/Line", 1));
  EXPECT_TRUE(Until([&] { return component_->GetState() == EPantoMatrixState::WaitingToReconnect; }));
  EXPECT_EQ(errors_.back().substr(0, 13), "unavailable: ");
}

TEST_F(Plugin, ClipsAndOptions) {
  const std::string bytes = SpeechBytes(2);
  const TConstArrayView<int16> samples(reinterpret_cast<const int16*>(bytes.data()), Rate * 2);
  const auto made = [&](const FPantoMatrixOptions& options, const USkeletalMesh* mesh, int32 fps) {
    auto clip = std::make_unique<FPantoMatrixClip>(samples, Rate, 1, options, mesh, fps);
    EXPECT_TRUE(Until([&] { return clip->IsDone(); }));
    return clip;
  };
  FPantoMatrixOptions options;
  const auto own = made(options, Manny(), 60);
  EXPECT_FALSE(own->GetError().IsSet()) << ToUtf8(*own->GetError().ToString());
  EXPECT_EQ(own->GetNumFrames(), 120);
  EXPECT_EQ(own->GetFps(), 60);
  EXPECT_EQ(own->GetProgress(), 1);
  options.Skeleton = TEXT("ue5_manny");
  const auto named = made(options, Manny(), 60);
  EXPECT_FALSE(named->GetError().IsSet());
  FPantoMatrixPose one, other;
  own->GetPose(60, one);
  named->GetPose(60, other);
  ASSERT_EQ(other.Rotations.Num(), 80);
  for (int32 i = 0; i < 80; ++i) EXPECT_LT(Degrees(one.Rotations[i], other.Rotations[i]), 0.05) << "the mesh's own skeleton is the same mannequin";

  options.Seed = 3;
  options.Speaker = TEXT("lively");
  options.GestureAmplitude = 1.5f;
  options.Emotions.Add(TEXT("joy"), 1);
  options.FrameEncoding = EPantoMatrixFrameEncoding::Compact;
  options.Strengths.Add(EPantoMatrixPart::Face, 0.5f);
  const auto lively = made(options, nullptr, 60);
  EXPECT_FALSE(lively->GetError().IsSet()) << ToUtf8(*lively->GetError().ToString());
  FPantoMatrixPose third;
  lively->GetPose(60, third);
  const int32 smile = third.Layout->CurveNames.IndexOfByKey(FName(TEXT("mouthSmileLeft")));
  EXPECT_GT(third.Weights[smile], other.Weights[smile] + 0.1f);
  options.Emotions.Add(TEXT("joy"), 7);
  const auto wrong = made(options, nullptr, 60);
  EXPECT_EQ(ToUtf8(*wrong->GetError().Code), "invalid_argument");
  EXPECT_FALSE(wrong->GetError().RequestId.IsEmpty());
  EXPECT_EQ(ToUtf8(*wrong->GetError().Reason), "INVALID_OPTION");
}

TEST_F(Plugin, BakesAnAnimation) {
  FPantoMatrixBake bake;
  bake.Sound = Sound("/Game/Dialogue/Hello", 2);
  bake.Folder = TEXT("/Game/Baked");
  bake.Name = TEXT("Hello_Motion");
  FText error;
  EXPECT_EQ(BakePantoMatrixMotion(bake, error), nullptr);
  EXPECT_NE(ToUtf8(*error.ToString()).find("Bake Mesh"), std::string::npos);
  bake.Mesh = Manny();
  UAnimSequence* sequence = BakePantoMatrixMotion(bake, error);
  ASSERT_TRUE(sequence) << ToUtf8(*error.ToString());
  EXPECT_EQ(ToUtf8(*sequence->GetPathName()), "/Game/Baked/Hello_Motion");
  EXPECT_TRUE(sequence->is_dirty);
  const auto& baked = sequence->GetController();
  EXPECT_EQ(baked.open_brackets, 0);
  EXPECT_TRUE(baked.is_populated);
  EXPECT_EQ(baked.fps, 30);
  EXPECT_EQ(baked.frames, 59);
  EXPECT_EQ(baked.curves.size(), 52u);
  EXPECT_EQ(baked.tracks.count(TEXT("ik_foot_root")), 0u) << "what does not move has no track";
  EXPECT_EQ(baked.tracks.count(TEXT("root")), 1u);
  const auto& arm = baked.tracks.at(TEXT("upperarm_l"));
  EXPECT_EQ(arm.rotations.Num(), 60);
  EXPECT_EQ(arm.positions.Num(), 60);
  EXPECT_EQ(arm.scales[59].X, 1);
  EXPECT_NEAR(baked.curves.at(TEXT("jawOpen"))[30].Time, 1, 1e-6);

  const std::string bytes = SpeechBytes(2);
  FPantoMatrixClip clip({reinterpret_cast<const int16*>(bytes.data()), Rate * 2}, Rate, 1, {}, Manny(), 30);
  ASSERT_TRUE(Until([&] { return clip.IsDone(); }));
  ASSERT_FALSE(clip.GetError().IsSet());
  FPantoMatrixPose pose;
  clip.GetPose(30, pose);
  const int32 joint = pose.Layout->JointNames.IndexOfByKey(FName(TEXT("upperarm_l")));
  EXPECT_NEAR(arm.rotations[30].X, pose.Rotations[joint].X, 1e-6);
  EXPECT_NEAR(arm.positions[30].X, Manny()->skeleton.pose[joint].GetTranslation().X, 1e-3);
  EXPECT_NEAR(baked.curves.at(TEXT("jawOpen"))[30].Value, pose.Weights[pose.Layout->CurveNames.IndexOfByKey(FName(TEXT("jawOpen")))], 1e-6);

  UAnimSequence* second = BakePantoMatrixMotion(bake, error);
  ASSERT_TRUE(second);
  EXPECT_EQ(ToUtf8(*second->GetPathName()), "/Game/Baked/Hello_Motion1") << "never overwritten";
  FScopedSlowTask::cancel = true;
  EXPECT_EQ(BakePantoMatrixMotion(bake, error), nullptr);
  FScopedSlowTask::cancel = false;
  EXPECT_EQ(ToUtf8(*error.ToString()), "Cancelled");
  bake.Sound = NewObject<USoundWave>();
  EXPECT_EQ(BakePantoMatrixMotion(bake, error), nullptr);
  EXPECT_NE(ToUtf8(*error.ToString()).find("no imported samples"), std::string::npos);
  bake.Sound = Sound("/Game/Dialogue/Hello", 1);
  UseServer("ws://127.0.0.1:1");
  EXPECT_EQ(BakePantoMatrixMotion(bake, error), nullptr);
  EXPECT_EQ(ToUtf8(*error.ToString()).substr(0, 13), "unavailable: ");
}

TEST_F(Plugin, BakesFromTheCommandLineAndTheMenu) {
  auto* settings = GetMutableDefault<UPantoMatrixSettings>();
  EXPECT_EQ(ToUtf8(*settings->GetCategoryName().ToString()), "Plugins");
  stand_in::SavedPackages.clear();
  Manny();
  Sound("/Game/Lines/A", 1);
  Sound("/Game/Lines/B", 0.5);
  UPantoMatrixBakeCommandlet commandlet;
  EXPECT_EQ(commandlet.Main(TEXT("-Sounds=/Game/Lines")), 2);
  EXPECT_EQ(commandlet.Main(TEXT("-Sounds=/Game/Nothing -Out=/Game/Out -Mesh=/Game/SKM_Manny")), 2);
  EXPECT_EQ(commandlet.Main(TEXT("-Sounds=/Game/Lines -Out=/Game/Out -Mesh=/Game/SKM_Manny -Fps=24 -Speaker=calm")), 0);
  EXPECT_EQ(stand_in::SavedPackages, (std::vector<std::string>{"/Game/Out/A_Motion", "/Game/Out/B_Motion"}));
  EXPECT_EQ(Cast<UAnimSequence>(stand_in::Assets.at("/Game/Out/A_Motion"))->GetController().frames, 23);
  EXPECT_EQ(commandlet.Main(TEXT("-Sounds=/Game/Lines/A -Out=/Game/Out -Mesh=/Game/SKM_Manny -Speaker=nobody")), 1);

  IModuleInterface* editor = stand_in::Modules().at("PantoMatrixEditor");
  editor->StartupModule();
  const auto& section = UToolMenus::Get()->menus[TEXT("ContentBrowser.AssetContextMenu.SoundWave")].sections[TEXT("GetAssetActions")];
  const auto bake = section.entries.at("Bake PantoMatrix motion").function;
  UContentBrowserAssetContextMenuContext selection;
  selection.selected = {stand_in::Assets.at("/Game/Lines/B")};
  FToolMenuContext context;
  context.context = &selection;
  FMessageDialog::shown.clear();
  settings->BakeMesh = nullptr;
  bake(context);
  ASSERT_EQ(FMessageDialog::shown.size(), 1u);
  EXPECT_EQ(FMessageDialog::shown[0].substr(0, 3), "B: ");
  settings->BakeMesh = Manny();
  bake(context);
  EXPECT_EQ(FMessageDialog::shown.size(), 1u);
  EXPECT_EQ(stand_in::Assets.count("/Game/Lines/B_Motion"), 1u);
  editor->ShutdownModule();
}
