#include "stand_in.h"

#include <codecvt>
#include <locale>

#include "engine_sockets.h"

std::string ToUtf8(const TCHAR* text) {
  return std::wstring_convert<std::codecvt_utf8_utf16<char16_t>, char16_t>().to_bytes(text);
}
std::u16string FromUtf8(const char* text) {
  return std::wstring_convert<std::codecvt_utf8_utf16<char16_t>, char16_t>().from_bytes(text);
}

namespace stand_in {
std::vector<std::string> Logged;
std::map<std::string, UObject*> Assets;
std::vector<std::string> SavedPackages;
void Keep(UObject* object) {
  static std::vector<std::unique_ptr<UObject>> objects;
  objects.emplace_back(object);
}
std::map<std::string, IModuleInterface*>& Modules() {
  static std::map<std::string, IModuleInterface*> modules;
  return modules;
}
}  // namespace stand_in

const FVector FVector::ZeroVector;
static UEngine Engine;
UEngine* GEngine = &Engine;
const FName ILiveLinkClient::ModularFeatureName(TEXT("ModularFeature_LiveLink"));
Audio::FOnAudioCaptureFunction Audio::Microphone;
bool FScopedSlowTask::cancel = false;
std::vector<std::string> FMessageDialog::shown;

FQuat FQuat::Slerp(const FQuat& from, const FQuat& to, double amount) {
  const double cosine = from | to, angle = std::acos(std::min(1.0, std::abs(cosine)));
  const double a = angle < 1e-6 ? 1 - amount : std::sin((1 - amount) * angle) / std::sin(angle);
  const double b = (angle < 1e-6 ? amount : std::sin(amount * angle) / std::sin(angle)) * (cosine < 0 ? -1 : 1);
  return {a * from.X + b * to.X, a * from.Y + b * to.Y, a * from.Z + b * to.Z, a * from.W + b * to.W};
}

double FPlatformTime::Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
FTSTicker& FTSTicker::GetCoreTicker() {
  static FTSTicker ticker;
  return ticker;
}
void stand_in::SetOwner(UActorComponent* component, UObject* outer) { component->owner = Cast<AActor>(outer); }
void UActorComponent::RegisterComponent() {
  is_registered = true;
  auto& all = owner->components;
  if (std::find(all.begin(), all.end(), this) == all.end()) all.push_back(this);
}
UPackage* UObject::GetPackage() const {
  auto* package = NewObject<UPackage>();
  package->path = path;
  return package;
}
IModularFeatures& IModularFeatures::Get() {
  static IModularFeatures features;
  return features;
}

#define STAND_IN_STRUCT(Name)            \
  UScriptStruct* Name::StaticStruct() {  \
    static UScriptStruct it(TEXT(#Name)); \
    return &it;                          \
  }
STAND_IN_STRUCT(FLiveLinkBaseStaticData)
STAND_IN_STRUCT(FLiveLinkSkeletonStaticData)
STAND_IN_STRUCT(FLiveLinkBaseFrameData)
STAND_IN_STRUCT(FLiveLinkAnimationFrameData)
#define STAND_IN_CLASS(Name)       \
  UClass* Name::StaticClass() {    \
    static UClass it(TEXT(#Name)); \
    return &it;                    \
  }
STAND_IN_CLASS(ULiveLinkAnimationRole)
STAND_IN_CLASS(ULiveLinkBasicRole)

// ------------------------------------------------------------------------------------------------------- WebSockets

namespace {

EngineNetwork& Network() {
  static EngineNetwork network;
  static const bool ticks = (FTSTicker::GetCoreTicker().AddTicker({[](float) {
    network.poll();
    return true;
  }}), true);
  (void)ticks;
  return network;
}

class StandInSocket : public IWebSocket, public pantomatrix::SocketListener {
 public:
  StandInSocket(std::string address, std::string token) : address_(std::move(address)), token_(std::move(token)) {}
  void Connect() override {
    const auto slash = address_.find('/');
    path_ = address_.substr(slash);
    socket_ = Network().open(address_.substr(0, slash), path_, token_, this);
  }
  void Close(int32, const FString&) override { socket_.reset(); }
  void Send(const void* data, SIZE_T size, bool is_binary) override {
    assert(is_binary && socket_);
    socket_->send(data, size);
  }

  void opened() noexcept override { OnConnected().Broadcast(); }
  void binary(const void* data, std::size_t bytes) noexcept override {
    OnBinaryMessage().Broadcast(data, bytes / 2, false);
    OnBinaryMessage().Broadcast(static_cast<const char*>(data) + bytes / 2, bytes - bytes / 2, true);
  }
  void text(const std::string& message) noexcept override { OnMessage().Broadcast(FString(FromUtf8(message.c_str()))); }
  void closed(int code, const std::string& reason) noexcept override {
    OnClosed().Broadcast(code, FString(FromUtf8(reason.c_str())), code == 1000);
  }
  void failed(const std::string& why) noexcept override { OnConnectionError().Broadcast(FString(FromUtf8(why.c_str()))); }

 private:
  std::string address_, token_, path_;
  std::unique_ptr<pantomatrix::Socket> socket_;
};

}  // namespace

TSharedRef<IWebSocket> FWebSocketsModule::CreateWebSocket(const FString& url, const FString&, const TMap<FString, FString>& headers) {
  std::string token;
  for (const auto& [name, value] : headers) token = ToUtf8(*value).substr(std::strlen("Bearer "));
  return TSharedRef<IWebSocket>(std::make_shared<StandInSocket>(ToUtf8(*url).substr(std::strlen("ws://")), token));
}

// ----------------------------------------------------------------------------------------------------------- editor

void IAssetTools::CreateUniqueAssetName(const FString& base, const FString& suffix, FString& package, FString& name) const {
  package = base + suffix;
  for (int number = 1; stand_in::Assets.count(ToUtf8(*package)); ++number) package = FString::Printf(TEXT("%s%d"), *(base + suffix), number);
  const std::string utf8 = ToUtf8(*package);
  name = FString(FromUtf8(utf8.substr(utf8.rfind('/') + 1).c_str()));
}
UObject* IAssetTools::CreateAsset(const FString& name, const FString& folder, UClass*, UFactory* factory) {
  auto* sequences = Cast<UAnimSequenceFactory>(factory);
  if (!sequences || !sequences->TargetSkeleton) return nullptr;
  auto* made = NewObject<UAnimSequence>();
  made->path = folder / name;
  stand_in::Assets[ToUtf8(*made->path)] = made;
  return made;
}
bool IAssetRegistry::GetAssets(const FARFilter& filter, TArray<FAssetData>& found) const {
  for (const auto& [path, object] : stand_in::Assets)
    if (path.rfind(ToUtf8(*filter.PackagePaths[0].ToString()) + "/", 0) == 0 && Cast<USoundWave>(object)) found.Add({object});
  return true;
}
bool UEditorLoadingAndSavingUtils::SavePackages(const TArray<UPackage*>& packages, bool) {
  for (const UPackage* package : packages) stand_in::SavedPackages.push_back(ToUtf8(*package->GetPathName()));
  return true;
}
bool FParse::Value(const TCHAR* stream, const TCHAR* match, FString& value) {
  const std::string text = ToUtf8(stream), key = ToUtf8(match);
  const auto at = text.find(key);
  if (at == std::string::npos) return false;
  const auto start = at + key.size();
  value = FString(FromUtf8(text.substr(start, text.find(' ', start) - start).c_str()));
  return true;
}
bool FParse::Value(const TCHAR* stream, const TCHAR* match, int32& value) {
  FString text;
  if (!Value(stream, match, text)) return false;
  value = std::stoi(ToUtf8(*text));
  return true;
}
UToolMenus* UToolMenus::Get() {
  static UToolMenus menus;
  return &menus;
}
