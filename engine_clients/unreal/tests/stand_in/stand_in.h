// Stand-ins for what the plugin uses of Unreal Engine 5.4, enough to compile it and to run it against a real server without
// the engine. Written from Epic's public documentation of these interfaces; what the engine does beyond them is not here.
#pragma once

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <typeindex>
#include <vector>

using int8 = std::int8_t;
using int16 = std::int16_t;
using int32 = std::int32_t;
using int64 = std::int64_t;
using uint8 = std::uint8_t;
using uint16 = std::uint16_t;
using uint32 = std::uint32_t;
using uint64 = std::uint64_t;
using SIZE_T = std::size_t;
using TCHAR = char16_t;
#define TEXT(literal) u##literal
// As in the engine, where they break third-party headers.
#define check(expression) assert(expression)
#define verify(expression) ((void)(expression))
constexpr int32 INDEX_NONE = -1;

#define UCLASS(...)
#define USTRUCT(...)
#define UENUM(...)
#define UPROPERTY(...)
#define UFUNCTION(...)
#define UMETA(...)
#define STAND_IN_JOIN_2(a, b, c, d) a##b##c##d
#define STAND_IN_JOIN(a, b, c, d) STAND_IN_JOIN_2(a, b, c, d)
#define GENERATED_BODY(...) STAND_IN_JOIN(CURRENT_FILE_ID, _, __LINE__, _GENERATED_BODY)
#define PANTOMATRIX_API

// ------------------------------------------------------------------------------------------------------------- text

std::string ToUtf8(const TCHAR* text);
std::u16string FromUtf8(const char* text);

class FString {
 public:
  FString() = default;
  FString(const TCHAR* text) : text_(text) {}
  explicit FString(std::u16string text) : text_(std::move(text)) {}
  const TCHAR* operator*() const { return text_.c_str(); }
  bool IsEmpty() const { return text_.empty(); }
  FString operator+(const FString& other) const { return FString(text_ + other.text_); }
  FString operator/(const FString& other) const { return FString(text_ + u"/" + other.text_); }
  bool operator==(const FString& other) const { return ToUtf8(**this) == ToUtf8(*other); }
  bool operator!=(const FString& other) const { return !(*this == other); }
  bool operator<(const FString& other) const { return text_ < other.text_; }
  template <class... Arguments>
  static FString Printf(const TCHAR* format, const Arguments&... arguments);

 private:
  std::u16string text_;
};
inline FString operator+(const TCHAR* one, const FString& other) { return FString(one) + other; }

namespace stand_in {
inline std::string PrintfArgument(const TCHAR* text) { return ToUtf8(text); }
template <class Number>
Number PrintfArgument(Number number) { return number; }
inline const char* Raw(const std::string& text) { return text.c_str(); }
template <class Number>
Number Raw(Number number) { return number; }
template <class... Arguments>
std::string Printf(const TCHAR* format, const Arguments&... arguments) {
  char buffer[4096];
  const std::string utf8 = ToUtf8(format);
  std::snprintf(buffer, sizeof buffer, utf8.c_str(), Raw(PrintfArgument(arguments))...);
  return buffer;
}
// What UE_LOG said, in order.
extern std::vector<std::string> Logged;
}  // namespace stand_in

template <class... Arguments>
FString FString::Printf(const TCHAR* format, const Arguments&... arguments) {
  return FString(FromUtf8(stand_in::Printf(format, arguments...).c_str()));
}

class FTCHARToUTF8 {
 public:
  explicit FTCHARToUTF8(const TCHAR* text) : text_(ToUtf8(text)) {}
  const char* Get() const { return text_.data(); }
  int32 Length() const { return static_cast<int32>(text_.size()); }

 private:
  std::string text_;
};
#define TCHAR_TO_UTF8(text) (ToUtf8(text).c_str())
#define UTF8_TO_TCHAR(text) (FromUtf8(text).c_str())

enum class EStandInVerbosity { Log, Display, Warning, Error };
#define DECLARE_LOG_CATEGORY_EXTERN(Name, Default, Compiled) extern const char* const Name
#define DEFINE_LOG_CATEGORY(Name) const char* const Name = #Name
#define DEFINE_LOG_CATEGORY_STATIC(Name, Default, Compiled) static const char* const Name = #Name
#define UE_LOG(Category, Verbosity, ...)                                                             \
  ((void)EStandInVerbosity::Verbosity,                                                               \
   stand_in::Logged.push_back(std::string(Category) + ": " #Verbosity ": " + stand_in::Printf(__VA_ARGS__)))

class FName {
 public:
  FName() = default;
  FName(const TCHAR* text) : text_(ToUtf8(text)) {}
  FString ToString() const { return FString(FromUtf8(text_.c_str())); }
  bool IsNone() const { return text_.empty() || lower() == "none"; }
  bool operator==(const FName& other) const { return lower() == other.lower(); }
  bool operator<(const FName& other) const { return lower() < other.lower(); }

 private:
  std::string lower() const {
    std::string result = text_;
    for (char& letter : result) letter = static_cast<char>(std::tolower(letter));
    return result;
  }
  std::string text_;
};

class FText {
 public:
  static FText FromString(const FString& text) {
    FText result;
    result.text_ = text;
    return result;
  }
  const FString& ToString() const { return text_; }
  bool IsEmpty() const { return text_.IsEmpty(); }
  template <class... Texts>
  static FText Format(const FText& format, const Texts&... texts) {
    std::string result = ToUtf8(*format.ToString());
    int index = 0;
    for (const FText& text : {texts...}) {
      const std::string mark = "{" + std::to_string(index++) + "}";
      if (const auto at = result.find(mark); at != std::string::npos) result.replace(at, mark.size(), ToUtf8(*text.ToString()));
    }
    return FromString(FString(FromUtf8(result.c_str())));
  }

 private:
  FString text_;
};
#define LOCTEXT(Key, Literal) ((void)LOCTEXT_NAMESPACE, FText::FromString(FString(TEXT(Literal))))

// ------------------------------------------------------------------------------------------------------- containers

enum class EAllowShrinking : uint8 { No, Yes };

template <class T>
class TArray {
 public:
  TArray() = default;
  TArray(std::initializer_list<T> items) {
    for (const T& item : items) Add(item);
  }
  int32 Num() const { return static_cast<int32>(slots_.size()); }
  bool IsEmpty() const { return slots_.empty(); }
  bool IsValidIndex(int32 index) const { return index >= 0 && index < Num(); }
  T& operator[](int32 index) { return slots_.at(static_cast<std::size_t>(index)).value; }
  const T& operator[](int32 index) const { return slots_.at(static_cast<std::size_t>(index)).value; }
  T* GetData() { return reinterpret_cast<T*>(slots_.data()); }
  const T* GetData() const { return reinterpret_cast<const T*>(slots_.data()); }
  T* begin() { return GetData(); }
  T* end() { return GetData() + Num(); }
  const T* begin() const { return GetData(); }
  const T* end() const { return GetData() + Num(); }
  int32 Add(T item) {
    slots_.push_back({std::move(item)});
    return Num() - 1;
  }
  T& Emplace_GetRef() { return slots_.emplace_back().value; }
  void Append(const T* items, int32 count) {
    for (int32 i = 0; i < count; ++i) Add(items[i]);
  }
  void SetNum(int32 count) { slots_.resize(static_cast<std::size_t>(count)); }
  void SetNumUninitialized(int32 count, EAllowShrinking = EAllowShrinking::Yes) { SetNum(count); }
  void Init(const T& item, int32 count) { slots_.assign(static_cast<std::size_t>(count), {item}); }
  void Reset() { slots_.clear(); }
  void Empty() { slots_.clear(); }
  void RemoveAt(int32 index) { slots_.erase(slots_.begin() + index); }
  template <class Predicate>
  void RemoveAll(Predicate predicate) {
    slots_.erase(std::remove_if(slots_.begin(), slots_.end(), [&](const Slot& slot) { return predicate(slot.value); }), slots_.end());
  }
  template <class Key>
  int32 IndexOfByKey(const Key& key) const {
    for (int32 i = 0; i < Num(); ++i)
      if ((*this)[i] == key) return i;
    return INDEX_NONE;
  }

 private:
  struct Slot {  // not std::vector<bool>
    T value;
  };
  std::vector<Slot> slots_;
};

template <class T>
class TConstArrayView {
 public:
  TConstArrayView(const T* data, int32 count) : data_(data), count_(count) {}
  const T* GetData() const { return data_; }
  int32 Num() const { return count_; }

 private:
  const T* data_;
  int32 count_;
};

template <class K, class V>
struct TPair {
  K Key;
  V Value;
};

template <class K, class V>
class TMap {
 public:
  V& FindOrAdd(const K& key) {
    for (auto& pair : pairs_)
      if (pair.Key == key) return pair.Value;
    pairs_.push_back({key, V()});
    return pairs_.back().Value;
  }
  void Add(const K& key, V value) { FindOrAdd(key) = std::move(value); }
  int32 Num() const { return static_cast<int32>(pairs_.size()); }
  auto begin() const { return pairs_.begin(); }
  auto end() const { return pairs_.end(); }

 private:
  std::vector<TPair<K, V>> pairs_;
};

// --------------------------------------------------------------------------------------------------------- pointers

enum class ESPMode { NotThreadSafe, ThreadSafe };
template <class T, ESPMode Mode = ESPMode::ThreadSafe>
class TSharedPtr;

template <class T, ESPMode Mode = ESPMode::ThreadSafe>
class TSharedRef {
 public:
  explicit TSharedRef(std::shared_ptr<T> pointer) : pointer(std::move(pointer)) { assert(this->pointer); }
  template <class Other>
  TSharedRef(const TSharedRef<Other, Mode>& other) : pointer(other.pointer) {}
  T* operator->() const { return pointer.get(); }
  T& operator*() const { return *pointer; }
  std::shared_ptr<T> pointer;
};

template <class T, ESPMode Mode>
class TSharedPtr {
 public:
  TSharedPtr() = default;
  TSharedPtr(std::nullptr_t) {}
  explicit TSharedPtr(std::shared_ptr<T> pointer) : pointer(std::move(pointer)) {}
  template <class Other>
  TSharedPtr(const TSharedPtr<Other, Mode>& other) : pointer(other.pointer) {}
  template <class Other>
  TSharedPtr(const TSharedRef<Other, Mode>& other) : pointer(other.pointer) {}
  T* operator->() const { return pointer.get(); }
  T& operator*() const { return *pointer; }
  explicit operator bool() const { return pointer != nullptr; }
  bool IsValid() const { return pointer != nullptr; }
  bool IsUnique() const { return pointer.use_count() == 1; }
  void Reset() { pointer.reset(); }
  TSharedRef<T, Mode> ToSharedRef() const { return TSharedRef<T, Mode>(pointer); }
  bool operator==(const TSharedPtr& other) const { return pointer == other.pointer; }
  bool operator!=(const TSharedPtr& other) const { return pointer != other.pointer; }
  std::shared_ptr<T> pointer;
};

template <class T, ESPMode Mode = ESPMode::ThreadSafe>
class TWeakPtr {
 public:
  TWeakPtr() = default;
  TWeakPtr(const TSharedPtr<T, Mode>& other) : pointer_(other.pointer) {}
  TSharedPtr<T, Mode> Pin() const { return TSharedPtr<T, Mode>(pointer_.lock()); }
  bool IsValid() const { return !pointer_.expired(); }

 private:
  std::weak_ptr<T> pointer_;
};

template <class T, ESPMode Mode = ESPMode::ThreadSafe, class... Arguments>
TSharedRef<T, Mode> MakeShared(Arguments&&... arguments) {
  return TSharedRef<T, Mode>(std::make_shared<T>(std::forward<Arguments>(arguments)...));
}

template <class T>
std::remove_reference_t<T>&& MoveTemp(T&& value) { return std::move(value); }

template <class T>
class TObjectPtr {
 public:
  TObjectPtr(T* object = nullptr) : object_(object) {}
  operator T*() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }

 private:
  T* object_;
};

template <class T>
class TWeakObjectPtr {
 public:
  bool IsValid() const { return object != nullptr; }
  T* object = nullptr;
};

template <class T>
class TSoftObjectPtr {
 public:
  TSoftObjectPtr(T* object = nullptr) : object_(object) {}
  T* LoadSynchronous() const { return object_; }

 private:
  T* object_;
};

// ---------------------------------------------------------------------------------------------------------- numbers

struct FVector {
  FVector() = default;
  FVector(double x, double y, double z) : X(x), Y(y), Z(z) {}
  double X = 0, Y = 0, Z = 0;
  static const FVector ZeroVector;
  FVector operator+(const FVector& other) const { return {X + other.X, Y + other.Y, Z + other.Z}; }
  FVector operator-(const FVector& other) const { return {X - other.X, Y - other.Y, Z - other.Z}; }
  FVector operator*(double factor) const { return {X * factor, Y * factor, Z * factor}; }
};
struct FQuat {
  FQuat() = default;
  FQuat(double x, double y, double z, double w) : X(x), Y(y), Z(z), W(w) {}
  double X = 0, Y = 0, Z = 0, W = 1;
  double operator|(const FQuat& other) const { return X * other.X + Y * other.Y + Z * other.Z + W * other.W; }
  static FQuat Slerp(const FQuat& from, const FQuat& to, double amount);
};
struct FVector3f {
  explicit FVector3f(float all) : X(all), Y(all), Z(all) {}
  explicit FVector3f(const FVector& from) : X(float(from.X)), Y(float(from.Y)), Z(float(from.Z)) {}
  float X, Y, Z;
};
struct FQuat4f {
  explicit FQuat4f(const FQuat& from) : X(float(from.X)), Y(float(from.Y)), Z(float(from.Z)), W(float(from.W)) {}
  float X, Y, Z, W;
};
class FTransform {
 public:
  FTransform() = default;
  FTransform(const FQuat& rotation, const FVector& translation) : rotation_(rotation), translation_(translation) {}
  const FQuat& GetRotation() const { return rotation_; }
  const FVector& GetTranslation() const { return translation_; }
  void SetRotation(const FQuat& rotation) { rotation_ = rotation; }
  void SetTranslation(const FVector& translation) { translation_ = translation; }

 private:
  FQuat rotation_;
  FVector translation_;
};
struct FMath {
  template <class T>
  static T Max(T one, T other) { return std::max(one, other); }
  template <class T>
  static T Clamp(T value, T low, T high) { return std::clamp(value, low, high); }
  template <class T, class Amount>
  static T Lerp(const T& from, const T& to, const Amount& amount) { return from + (to - from) * amount; }
  static int32 TruncToInt(float value) { return static_cast<int32>(value); }
  static int32 RoundToInt32(double value) { return static_cast<int32>(std::lround(value)); }
};
struct FMemory {
  static void Memcpy(void* to, const void* from, SIZE_T bytes) { std::memcpy(to, from, bytes); }
  static void Memzero(void* to, SIZE_T bytes) { std::memset(to, 0, bytes); }
};
struct FGuid {};
struct FFrameNumber {
  explicit FFrameNumber(int32 value) : Value(value) {}
  int32 Value;
};
struct FFrameRate {
  FFrameRate(uint32 numerator, uint32 denominator) : Numerator(int32(numerator)), Denominator(int32(denominator)) {}
  int32 Numerator, Denominator;
};

// ---------------------------------------------------------------------------------------------------- time, threads

struct FPlatformTime {
  static double Seconds();
};
struct FPlatformProcess {
  static void Sleep(float seconds) { std::this_thread::sleep_for(std::chrono::duration<float>(seconds)); }
};
using FCriticalSection = std::recursive_mutex;
class FScopeLock {
 public:
  explicit FScopeLock(FCriticalSection* mutex) : lock_(*mutex) {}

 private:
  std::lock_guard<FCriticalSection> lock_;
};

// -------------------------------------------------------------------------------------------------------- delegates

template <class... Arguments>
class TStandInEvent {
 public:
  template <class Owner, class Method>
  void AddRaw(Owner* owner, Method method) {
    handlers_.push_back({owner, [owner, method](Arguments... arguments) { (owner->*method)(arguments...); }});
  }
  template <class Owner, class Method>
  void AddUniqueDynamic(Owner* owner, Method method) {
    RemoveAll(owner);
    AddRaw(owner, method);
  }
  void AddLambda(std::function<void(Arguments...)> handler) { handlers_.push_back({nullptr, std::move(handler)}); }
  void RemoveAll(const void* owner) {
    handlers_.erase(std::remove_if(handlers_.begin(), handlers_.end(), [owner](const auto& each) { return each.first == owner; }), handlers_.end());
  }
  void Broadcast(Arguments... arguments) const {
    const auto handlers = handlers_;
    for (const auto& handler : handlers) handler.second(arguments...);
  }

 private:
  std::vector<std::pair<const void*, std::function<void(Arguments...)>>> handlers_;
};
#define DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(Name, Type, Parameter) using Name = TStandInEvent<Type>
#define DECLARE_DYNAMIC_DELEGATE_TwoParams(Name, Type1, Parameter1, Type2, Parameter2) \
  struct Name {                                                                        \
    void ExecuteIfBound(Type1 one, Type2 two) const {                                  \
      if (bound) bound(one, two);                                                      \
    }                                                                                  \
    std::function<void(Type1, Type2)> bound;                                           \
  }

struct FTickerDelegate {
  template <class Owner, class Method>
  static FTickerDelegate CreateUObject(Owner* owner, Method method) {
    return {[owner, method](float seconds) { return (owner->*method)(seconds); }};
  }
  std::function<bool(float)> function;
};
class FTSTicker {
 public:
  using FDelegateHandle = int32;
  static FTSTicker& GetCoreTicker();
  FDelegateHandle AddTicker(FTickerDelegate delegate) {
    delegates_[++last_] = std::move(delegate.function);
    return last_;
  }
  void RemoveTicker(FDelegateHandle handle) { delegates_.erase(handle); }
  void Tick(float seconds) {
    const auto delegates = delegates_;
    for (const auto& each : delegates) each.second(seconds);
  }

 private:
  std::map<int32, std::function<bool(float)>> delegates_;
  int32 last_ = 0;
};

// ---------------------------------------------------------------------------------------------------------- objects

struct FTopLevelAssetPath {
  FName name;
};
class UClass {
 public:
  explicit UClass(FName name) : name_(std::move(name)) {}
  FTopLevelAssetPath GetClassPathName() const { return {name_}; }

 private:
  FName name_;
};
using UScriptStruct = UClass;

class UObject;
class UPackage;
namespace stand_in {
// Objects live until the program ends; the engine collects garbage.
void Keep(UObject* object);
// What LoadObject and the asset registry find.
extern std::map<std::string, UObject*> Assets;
extern std::vector<std::string> SavedPackages;
}  // namespace stand_in

class UObject {
 public:
  virtual ~UObject() = default;
  FString GetPathName() const { return path; }
  FString GetName() const {
    const std::string utf8 = ToUtf8(*path);
    return FString(FromUtf8(utf8.substr(utf8.find_last_of("./") + 1).c_str()));
  }
  UPackage* GetPackage() const;
  void MarkPackageDirty() { is_dirty = true; }
  virtual void PostEditChange() {}
  FString path;
  bool is_dirty = false;
};
class UPackage : public UObject {};

class AActor;
class UActorComponent;
namespace stand_in {
void SetOwner(UActorComponent* component, UObject* outer);
}
template <class T>
T* NewObject(UObject* outer = nullptr) {
  T* object = new T;
  stand_in::Keep(object);
  if constexpr (std::is_base_of_v<UActorComponent, T>) stand_in::SetOwner(object, outer);
  return object;
}
template <class To, class From>
To* Cast(From* from) { return dynamic_cast<To*>(from); }
template <class T>
T* GetMutableDefault() {
  static T* object = NewObject<T>();
  return object;
}
template <class T>
const T* GetDefault() { return GetMutableDefault<T>(); }
enum { LOAD_NoWarn = 1, LOAD_Quiet = 2 };
template <class T>
T* LoadObject(UObject*, const TCHAR* path, const TCHAR* = nullptr, uint32 = 0) {
  const auto found = stand_in::Assets.find(ToUtf8(path));
  return found == stand_in::Assets.end() ? nullptr : Cast<T>(found->second);
}

class IModuleInterface {
 public:
  virtual ~IModuleInterface() = default;
  virtual void StartupModule() {}
  virtual void ShutdownModule() {}
};
using FDefaultModuleImpl = IModuleInterface;
namespace stand_in {
std::map<std::string, IModuleInterface*>& Modules();
}
#define IMPLEMENT_MODULE(Class, Name) \
  static const bool Implements##Name = (stand_in::Modules()[#Name] = new Class, true);
class FModuleManager {
 public:
  template <class Module>
  static Module& LoadModuleChecked(FName) {
    static Module module;
    return module;
  }
};

class FSubsystemCollectionBase {};
class UEngineSubsystem : public UObject {
 public:
  virtual void Initialize(FSubsystemCollectionBase&) {}
  virtual void Deinitialize() {}
};
class UEngine {
 public:
  template <class Subsystem>
  Subsystem* GetEngineSubsystem() {
    static Subsystem* subsystem = [] {
      auto* made = NewObject<Subsystem>();
      FSubsystemCollectionBase collection;
      made->Initialize(collection);
      return made;
    }();
    return subsystem;
  }
};
extern UEngine* GEngine;

class UDeveloperSettings : public UObject {
 public:
  virtual FName GetCategoryName() const { return {}; }
};

// ------------------------------------------------------------------------------------------------------- WebSockets

class IWebSocket {
 public:
  virtual ~IWebSocket() = default;
  virtual void Connect() = 0;
  virtual void Close(int32 code = 1000, const FString& reason = {}) = 0;
  virtual void Send(const void* data, SIZE_T size, bool is_binary = false) = 0;
  TStandInEvent<>& OnConnected() { return connected_; }
  TStandInEvent<const FString&>& OnConnectionError() { return failed_; }
  TStandInEvent<int32, const FString&, bool>& OnClosed() { return closed_; }
  TStandInEvent<const FString&>& OnMessage() { return message_; }
  TStandInEvent<const void*, SIZE_T, bool>& OnBinaryMessage() { return binary_; }

 private:
  TStandInEvent<> connected_;
  TStandInEvent<const FString&> failed_, message_;
  TStandInEvent<int32, const FString&, bool> closed_;
  TStandInEvent<const void*, SIZE_T, bool> binary_;
};
class FWebSocketsModule {
 public:
  TSharedRef<IWebSocket> CreateWebSocket(const FString& url, const FString& protocol, const TMap<FString, FString>& headers);
};

// ------------------------------------------------------------------------------------------------ actors, skeletons

struct FMeshBoneInfo {
  FName Name;
  int32 ParentIndex;
};
class FReferenceSkeleton {
 public:
  const TArray<FMeshBoneInfo>& GetRawRefBoneInfo() const { return bones; }
  const TArray<FTransform>& GetRawRefBonePose() const { return pose; }
  TArray<FMeshBoneInfo> bones;
  TArray<FTransform> pose;
};
class USkeleton : public UObject {};
class USkeletalMesh : public UObject {
 public:
  const FReferenceSkeleton& GetRefSkeleton() const { return skeleton; }
  USkeleton* GetSkeleton() const { return asset; }
  FReferenceSkeleton skeleton;
  USkeleton* asset = nullptr;
};

class USoundSubmix : public UObject {};
class ISubmixBufferListener {
 public:
  virtual ~ISubmixBufferListener() = default;
  virtual void OnNewSubmixBuffer(const USoundSubmix*, float*, int32, int32, const int32, double) = 0;
};
class ISourceBufferListener {
 public:
  struct FOnNewBufferParams {
    const float* AudioData = nullptr;
    int32 SourceId = INDEX_NONE;
    int32 NumSamples = 0;
    int32 NumChannels = 0;
    int32 SampleRate = 0;
  };
  virtual ~ISourceBufferListener() = default;
  virtual void OnNewBuffer(const FOnNewBufferParams&) = 0;
  virtual void OnSourceReleased(const int32) = 0;
};
class FAudioDevice {
 public:
  float GetSampleRate() const { return 16000; }
  void RegisterSubmixBufferListener(TSharedRef<ISubmixBufferListener, ESPMode::ThreadSafe> listener, USoundSubmix&) { submix_listener = listener.pointer; }
  void UnregisterSubmixBufferListener(TSharedRef<ISubmixBufferListener, ESPMode::ThreadSafe>, USoundSubmix&) { submix_listener.reset(); }
  std::shared_ptr<ISubmixBufferListener> submix_listener;
};
class UWorld : public UObject {
 public:
  FAudioDevice* GetAudioDeviceRaw() const { return &device; }
  mutable FAudioDevice device;
};

enum ELevelTick { LEVELTICK_All };
enum ETickingGroup { TG_PrePhysics };
struct FActorComponentTickFunction {
  bool bCanEverTick = false;
  ETickingGroup TickGroup = TG_PrePhysics;
};
namespace EEndPlayReason {
enum Type { Destroyed };
}
class USceneComponent;
class UActorComponent : public UObject {
 public:
  AActor* GetOwner() const { return owner; }
  UWorld* GetWorld() const;
  void RegisterComponent();
  void DestroyComponent() { is_registered = false; }
  void AddTickPrerequisiteComponent(UActorComponent* component) { ticks_after.insert(component); }
  virtual void TickComponent(float, ELevelTick, FActorComponentTickFunction*) {}
  virtual void BeginPlay() {}
  virtual void EndPlay(const EEndPlayReason::Type) {}
  FActorComponentTickFunction PrimaryComponentTick;
  AActor* owner = nullptr;
  bool is_registered = false;
  std::set<UActorComponent*> ticks_after;
};
class USceneComponent : public UActorComponent {
 public:
  void SetupAttachment(USceneComponent* parent) { attached_to = parent; }
  USceneComponent* attached_to = nullptr;
};
class USkeletalMeshComponent : public USceneComponent {
 public:
  USkeletalMesh* GetSkeletalMeshAsset() const { return mesh; }
  void SetMorphTarget(FName name, float value, bool = true) { morph_targets[name] = value; }
  TWeakObjectPtr<USkeletalMeshComponent> LeaderPoseComponent;
  USkeletalMesh* mesh = nullptr;
  std::map<FName, float> morph_targets;
};
class AActor : public UObject {
 public:
  USceneComponent* GetRootComponent() const { return root; }
  template <class Component>
  Component* FindComponentByClass() const {
    for (UActorComponent* component : components)
      if (auto* found = Cast<Component>(component)) return found;
    return nullptr;
  }
  template <class Component>
  Component* add() {
    auto* component = NewObject<Component>(this);
    component->RegisterComponent();
    return component;
  }
  std::vector<UActorComponent*> components;
  USceneComponent* root = nullptr;
  UWorld* world = nullptr;
};
inline UWorld* UActorComponent::GetWorld() const { return owner ? owner->world : nullptr; }
template <class Pointer>
class TInlineComponentArray : public TArray<Pointer> {
 public:
  explicit TInlineComponentArray(const AActor* actor) {
    for (UActorComponent* component : actor->components)
      if (auto* found = dynamic_cast<Pointer>(component)) this->Add(found);
  }
};

// ------------------------------------------------------------------------------------------------------------ sound

class USoundBase : public UObject {};
class USoundWave : public USoundBase {
 public:
  static UClass* StaticClass() {
    static UClass it(TEXT("SoundWave"));
    return &it;
  }
  bool GetImportedSoundWaveData(TArray<uint8>& pcm, uint32& sample_rate, uint16& channels) const {
    pcm = samples, sample_rate = 16000, channels = 1;
    return !samples.IsEmpty();
  }
  TArray<uint8> samples;
};
class USoundAttenuation : public UObject {};
struct FSoundAttenuationSettings {
  uint8 bAttenuate : 1 = 1;
  uint8 bSpatialize : 1 = 1;
};
class UAudioComponent : public USceneComponent {
 public:
  void SetSound(USoundBase* given) { sound = given; }
  void SetSourceBufferListener(const TSharedPtr<ISourceBufferListener, ESPMode::ThreadSafe>& given, bool should_zero) {
    listener = given.pointer, is_zeroed = should_zero;
  }
  void Play(float = 0) { is_playing = true; }
  void Stop() { is_playing = false; }
  bool IsPlaying() const { return is_playing; }
  void finish() {
    is_playing = false;
    OnAudioFinished.Broadcast();
  }
  TStandInEvent<> OnAudioFinished;
  uint8 bAutoActivate : 1 = 1;
  uint8 bAutoDestroy : 1 = 0;
  uint8 bAllowSpatialization : 1 = 1;
  uint8 bOverrideAttenuation : 1 = 0;
  FSoundAttenuationSettings AttenuationOverrides;
  USoundBase* sound = nullptr;
  std::shared_ptr<ISourceBufferListener> listener;
  bool is_zeroed = false, is_playing = false;
};
class USynthComponent : public USceneComponent {
 public:
  void Start() {
    sample_rate = 48000;
    is_playing = Init(sample_rate);
  }
  void Stop() { is_playing = false; }
  TObjectPtr<USoundAttenuation> AttenuationSettings;
  int32 render(float* samples, int32 count) { return OnGenerateAudio(samples, count); }
  int32 sample_rate = 0;
  bool is_playing = false;

 protected:
  virtual bool Init(int32&) { return true; }
  virtual int32 OnGenerateAudio(float*, int32) = 0;
  int32 NumChannels = 2;
};
namespace Audio {
struct FCaptureDeviceInfo {
  int32 PreferredSampleRate = 16000;
};
struct FAudioCaptureDeviceParams {};
using FOnAudioCaptureFunction = std::function<void(const void*, int32, int32, int32, double, bool)>;
// The test speaks into it.
extern FOnAudioCaptureFunction Microphone;
class FAudioCapture {
 public:
  bool GetCaptureDeviceInfo(FCaptureDeviceInfo& device) { return device = {}, true; }
  bool OpenAudioCaptureStream(const FAudioCaptureDeviceParams&, FOnAudioCaptureFunction function, uint32) {
    Microphone = std::move(function);
    return true;
  }
  bool StartStream() { return true; }
  bool StopStream() { return true; }
  bool CloseStream() {
    Microphone = nullptr;
    return true;
  }
  bool IsStreamOpen() const { return Microphone != nullptr; }
};
}  // namespace Audio

// -------------------------------------------------------------------------------------------------------- animation

class FCompactPoseBoneIndex {
 public:
  explicit FCompactPoseBoneIndex(int32 index) : index_(index) {}
  bool IsValid() const { return index_ != INDEX_NONE; }
  int32 GetInt() const { return index_; }

 private:
  int32 index_;
};
class FMeshPoseBoneIndex {
 public:
  explicit FMeshPoseBoneIndex(int32 index) : index_(index) {}
  int32 GetInt() const { return index_; }

 private:
  int32 index_;
};
class FBoneContainer {
 public:
  int32 GetPoseBoneIndexForBoneName(const FName& name) const { return mesh_bones.IndexOfByKey(name); }
  // The compact pose leaves out what the level of detail does not need.
  FCompactPoseBoneIndex MakeCompactPoseIndex(const FMeshPoseBoneIndex& bone) const {
    return FCompactPoseBoneIndex(compact_bones.IndexOfByKey(bone.GetInt()));
  }
  TArray<FName> mesh_bones;
  TArray<int32> compact_bones;
};
class FCompactPose {
 public:
  FTransform& operator[](const FCompactPoseBoneIndex& bone) { return bones[bone.GetInt()]; }
  const FBoneContainer& GetBoneContainer() const { return container; }
  TArray<FTransform> bones;
  FBoneContainer container;
};
class FBlendedCurve {
 public:
  float Get(const FName& name) const {
    const auto found = values.find(name);
    return found == values.end() ? 0 : found->second;
  }
  void Set(const FName& name, float value) { values[name] = value; }
  std::map<FName, float> values;
};
struct FPoseContext {
  FCompactPose Pose;
  FBlendedCurve Curve;
};
class UAnimInstance : public UObject {
 public:
  AActor* GetOwningActor() const { return actor; }
  AActor* actor = nullptr;
};
struct FAnimationInitializeContext {};
struct FAnimationCacheBonesContext {};
struct FAnimationUpdateContext {};
struct FNodeDebugData {
  template <class Node>
  FString GetNodeName(Node*) { return TEXT("PantoMatrix"); }
  void AddDebugItem(const FString& item) { items.Add(item); }
  TArray<FString> items;
};
struct FPoseLink {
  void Initialize(const FAnimationInitializeContext&) {}
  void CacheBones(const FAnimationCacheBonesContext&) {}
  void Update(const FAnimationUpdateContext&) {}
  void Evaluate(FPoseContext&) {}
  void GatherDebugData(FNodeDebugData&) {}
};
struct FStandInExposedValues {
  void Execute(const FAnimationUpdateContext&) const {}
};
struct FAnimNode_Base {
  virtual ~FAnimNode_Base() = default;
  virtual void Initialize_AnyThread(const FAnimationInitializeContext&) {}
  virtual void CacheBones_AnyThread(const FAnimationCacheBonesContext&) {}
  virtual void Update_AnyThread(const FAnimationUpdateContext&) {}
  virtual void Evaluate_AnyThread(FPoseContext&) {}
  virtual void GatherDebugData(FNodeDebugData&) {}
  virtual bool HasPreUpdate() const { return false; }
  virtual void PreUpdate(const UAnimInstance*) {}

 protected:
  FStandInExposedValues GetEvaluateGraphExposedInputs() const { return {}; }
};
namespace ENodeTitleType {
enum Type { FullTitle };
}
class UAnimGraphNode_Base : public UObject {
 public:
  virtual FText GetNodeTitle(ENodeTitleType::Type) const { return {}; }
  virtual FText GetTooltipText() const { return {}; }
  virtual FString GetNodeCategory() const { return {}; }
};

// -------------------------------------------------------------------------------------------------------- Live Link

struct FLiveLinkWorldTime {
  explicit FLiveLinkWorldTime(double time = 0) : Time(time) {}
  double Time;
};
struct FLiveLinkBaseStaticData {
  virtual ~FLiveLinkBaseStaticData() = default;
  static UScriptStruct* StaticStruct();
  TArray<FName> PropertyNames;
};
struct FLiveLinkSkeletonStaticData : FLiveLinkBaseStaticData {
  static UScriptStruct* StaticStruct();
  void SetBoneNames(const TArray<FName>& names) { BoneNames = names; }
  void SetBoneParents(const TArray<int32>& parents) { BoneParents = parents; }
  TArray<FName> BoneNames;
  TArray<int32> BoneParents;
};
struct FLiveLinkBaseFrameData {
  virtual ~FLiveLinkBaseFrameData() = default;
  static UScriptStruct* StaticStruct();
  FLiveLinkWorldTime WorldTime;
  TArray<float> PropertyValues;
};
struct FLiveLinkAnimationFrameData : FLiveLinkBaseFrameData {
  static UScriptStruct* StaticStruct();
  TArray<FTransform> Transforms;
};
template <class Base, class Derived>
class TStandInDataStruct {
 public:
  explicit TStandInDataStruct(const UScriptStruct* type)
      : data_(type == Derived::StaticStruct() ? std::make_unique<Derived>() : std::make_unique<Base>()) {}
  template <class Data>
  Data* Cast() { return dynamic_cast<Data*>(data_.get()); }

 private:
  std::unique_ptr<Base> data_;
};
using FLiveLinkStaticDataStruct = TStandInDataStruct<FLiveLinkBaseStaticData, FLiveLinkSkeletonStaticData>;
using FLiveLinkFrameDataStruct = TStandInDataStruct<FLiveLinkBaseFrameData, FLiveLinkAnimationFrameData>;
class ULiveLinkRole : public UObject {};
class ULiveLinkAnimationRole : public ULiveLinkRole {
 public:
  static UClass* StaticClass();
};
class ULiveLinkBasicRole : public ULiveLinkRole {
 public:
  static UClass* StaticClass();
};
struct FLiveLinkSubjectKey {
  FGuid Source;
  FName SubjectName;
};
class ILiveLinkSource;
class ILiveLinkClient {
 public:
  static const FName ModularFeatureName;
  virtual ~ILiveLinkClient() = default;
  virtual FGuid AddSource(TSharedPtr<ILiveLinkSource> source) = 0;
  virtual void RemoveSource(TSharedPtr<ILiveLinkSource> source) = 0;
  virtual void PushSubjectStaticData_AnyThread(const FLiveLinkSubjectKey& key, UClass* role, FLiveLinkStaticDataStruct&& data) = 0;
  virtual void PushSubjectFrameData_AnyThread(const FLiveLinkSubjectKey& key, FLiveLinkFrameDataStruct&& data) = 0;
};
class ILiveLinkSource {
 public:
  virtual ~ILiveLinkSource() = default;
  virtual void ReceiveClient(ILiveLinkClient*, FGuid) = 0;
  virtual void Update() {}
  virtual bool IsSourceStillValid() const = 0;
  virtual bool RequestSourceShutdown() = 0;
  virtual FText GetSourceType() const = 0;
  virtual FText GetSourceMachineName() const = 0;
  virtual FText GetSourceStatus() const = 0;
};
class ULiveLinkSourceFactory : public UObject {
 public:
  enum class EMenuType { SubPanel, MenuEntry, Disabled };
  virtual FText GetSourceDisplayName() const = 0;
  virtual FText GetSourceTooltip() const = 0;
  virtual EMenuType GetMenuType() const { return EMenuType::Disabled; }
  virtual TSharedPtr<ILiveLinkSource> CreateSource(const FString&) const { return nullptr; }
};
class IModularFeatures {
 public:
  static IModularFeatures& Get();
  bool IsModularFeatureAvailable(const FName&) const { return live_link != nullptr; }
  template <class Feature>
  Feature& GetModularFeature(const FName&) const { return *live_link; }
  ILiveLinkClient* live_link = nullptr;
};

// ----------------------------------------------------------------------------------------------------------- editor

struct FRichCurveKey {
  FRichCurveKey(float time, float value) : Time(time), Value(value) {}
  float Time, Value;
};
enum class ERawCurveTrackTypes : uint8 { RCT_Float };
enum { AACF_DefaultCurve = 4 };
struct FAnimationCurveIdentifier {
  FAnimationCurveIdentifier(const FName& name, ERawCurveTrackTypes) : CurveName(name) {}
  FName CurveName;
};
struct FStandInBoneTrack {
  TArray<FVector3f> positions;
  TArray<FQuat4f> rotations;
  TArray<FVector3f> scales;
};
class IAnimationDataController {
 public:
  void OpenBracket(const FText&, bool) { ++open_brackets; }
  void CloseBracket(bool) { --open_brackets; }
  void InitializeModel() {}
  void NotifyPopulated() { is_populated = true; }
  void SetFrameRate(FFrameRate rate, bool) { fps = double(rate.Numerator) / rate.Denominator; }
  void SetNumberOfFrames(FFrameNumber count, bool) { frames = count.Value; }
  bool AddBoneCurve(FName name, bool) { return tracks.emplace(name, FStandInBoneTrack()).second; }
  bool SetBoneTrackKeys(FName name, const TArray<FVector3f>& positions, const TArray<FQuat4f>& rotations, const TArray<FVector3f>& scales, bool) {
    tracks.at(name) = {positions, rotations, scales};
    return true;
  }
  bool AddCurve(const FAnimationCurveIdentifier& id, int32, bool) { return curves.emplace(id.CurveName, TArray<FRichCurveKey>()).second; }
  bool SetCurveKeys(const FAnimationCurveIdentifier& id, const TArray<FRichCurveKey>& keys, bool) {
    curves.at(id.CurveName) = keys;
    return true;
  }
  int open_brackets = 0, frames = 0;
  bool is_populated = false;
  double fps = 0;
  std::map<FName, FStandInBoneTrack> tracks;
  std::map<FName, TArray<FRichCurveKey>> curves;
};
class UAnimSequence : public UObject {
 public:
  static UClass* StaticClass() {
    static UClass it(TEXT("AnimSequence"));
    return &it;
  }
  IAnimationDataController& GetController() { return controller; }
  IAnimationDataController controller;
};
class UFactory : public UObject {};
class UAnimSequenceFactory : public UFactory {
 public:
  TObjectPtr<USkeleton> TargetSkeleton;
  TObjectPtr<USkeletalMesh> PreviewSkeletalMesh;
};
class IAssetTools {
 public:
  void CreateUniqueAssetName(const FString& base, const FString&, FString& package, FString& name) const;
  UObject* CreateAsset(const FString& name, const FString& folder, UClass*, UFactory* factory);
};
class FAssetToolsModule {
 public:
  IAssetTools& Get() { return tools; }
  IAssetTools tools;
};
class FScopedSlowTask {
 public:
  explicit FScopedSlowTask(float amount, const FText&) : left_(amount) {}
  void MakeDialog(bool) {}
  bool ShouldCancel() const { return cancel; }
  void EnterProgressFrame(float amount) {
    left_ -= amount;
    assert(amount >= 0 && left_ > -1e-3f);
  }
  static bool cancel;

 private:
  float left_;
};
class UCommandlet : public UObject {
 public:
  virtual int32 Main(const FString&) { return 0; }
  uint8 IsClient : 1, IsServer : 1, IsEditor : 1, LogToConsole : 1;
};
struct FAssetData {
  UObject* GetAsset() const { return object; }
  UObject* object;
};
struct FARFilter {
  TArray<FName> PackagePaths;
  TArray<FTopLevelAssetPath> ClassPaths;
  bool bRecursivePaths = false;
};
class IAssetRegistry {
 public:
  void SearchAllAssets(bool) {}
  bool GetAssets(const FARFilter& filter, TArray<FAssetData>& found) const;
};
class FAssetRegistryModule {
 public:
  IAssetRegistry& Get() { return registry; }
  IAssetRegistry registry;
};
struct UEditorLoadingAndSavingUtils {
  static bool SavePackages(const TArray<UPackage*>& packages, bool);
};
struct FPackageName {
  static FString GetLongPackagePath(const FString& path) {
    const std::string utf8 = ToUtf8(*path);
    return FString(FromUtf8(utf8.substr(0, utf8.rfind('/')).c_str()));
  }
};
struct FParse {
  static bool Value(const TCHAR* stream, const TCHAR* match, FString& value);
  static bool Value(const TCHAR* stream, const TCHAR* match, int32& value);
};
namespace EAppMsgType {
enum Type { Ok };
}
struct FMessageDialog {
  static void Open(EAppMsgType::Type, const FText& text) { shown.push_back(ToUtf8(*text.ToString())); }
  static std::vector<std::string> shown;
};

class UContentBrowserAssetContextMenuContext : public UObject {
 public:
  template <class T>
  TArray<T*> LoadSelectedObjects() const {
    TArray<T*> result;
    for (UObject* object : selected)
      if (auto* found = Cast<T>(object)) result.Add(found);
    return result;
  }
  std::vector<UObject*> selected;
};
struct FToolMenuContext {
  template <class T>
  T* FindContext() const { return Cast<T>(context); }
  UObject* context = nullptr;
};
struct FToolMenuExecuteAction {
  static FToolMenuExecuteAction CreateStatic(void (*function)(const FToolMenuContext&)) { return {function}; }
  void (*function)(const FToolMenuContext&);
};
struct FSlateIcon {};
struct FToolMenuSection {
  void AddMenuEntry(FName, const FText& label, const FText&, const FSlateIcon&, const FToolMenuExecuteAction& action) {
    entries[ToUtf8(*label.ToString())] = action;
  }
  std::map<std::string, FToolMenuExecuteAction> entries;
};
class UToolMenu : public UObject {
 public:
  FToolMenuSection& FindOrAddSection(FName name) { return sections[name]; }
  std::map<FName, FToolMenuSection> sections;
};
struct FSimpleMulticastDelegate {
  struct FDelegate {
    template <class Owner, class Method>
    static FDelegate CreateRaw(Owner* owner, Method method) {
      return {[owner, method] { (owner->*method)(); }};
    }
    std::function<void()> function;
  };
};
class UToolMenus : public UObject {
 public:
  static UToolMenus* Get();
  static void RegisterStartupCallback(const FSimpleMulticastDelegate::FDelegate& delegate) { delegate.function(); }
  static void UnRegisterStartupCallback(const void*) {}
  static void UnregisterOwner(const void*) {}
  UToolMenu* ExtendMenu(FName name) { return &menus[name]; }
  std::map<FName, UToolMenu> menus;
};
struct FToolMenuOwnerScoped {
  explicit FToolMenuOwnerScoped(const void*) {}
};
