from pantomatrix.v1 import skeleton_pb2 as _skeleton_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BodyPart(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BODY_PART_UNSPECIFIED: _ClassVar[BodyPart]
    BODY_PART_FACE: _ClassVar[BodyPart]
    BODY_PART_UPPER_BODY: _ClassVar[BodyPart]
    BODY_PART_HANDS: _ClassVar[BodyPart]
    BODY_PART_LOWER_BODY: _ClassVar[BodyPart]
    BODY_PART_TRANSLATION: _ClassVar[BodyPart]

class RootMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROOT_MODE_UNSPECIFIED: _ClassVar[RootMode]
    ROOT_MODE_FREE: _ClassVar[RootMode]
    ROOT_MODE_IN_PLACE: _ClassVar[RootMode]
    ROOT_MODE_LOCKED: _ClassVar[RootMode]

class Floor(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FLOOR_UNSPECIFIED: _ClassVar[Floor]
    FLOOR_KEEP: _ClassVar[Floor]
    FLOOR_GROUND: _ClassVar[Floor]

class Alphabet(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ALPHABET_UNSPECIFIED: _ClassVar[Alphabet]
    ALPHABET_IPA: _ClassVar[Alphabet]
    ALPHABET_ARPABET: _ClassVar[Alphabet]
    ALPHABET_KOKORO: _ClassVar[Alphabet]
    ALPHABET_AZURE_VISEMES: _ClassVar[Alphabet]
    ALPHABET_OVR_VISEMES: _ClassVar[Alphabet]
    ALPHABET_INWORLD_VISEMES: _ClassVar[Alphabet]
    ALPHABET_POLLY_VISEMES: _ClassVar[Alphabet]
    ALPHABET_RHUBARB_VISEMES: _ClassVar[Alphabet]
    ALPHABET_WORDS: _ClassVar[Alphabet]

class Timing(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TIMING_UNSPECIFIED: _ClassVar[Timing]
    TIMING_EXACT: _ClassVar[Timing]
    TIMING_REFERENCE: _ClassVar[Timing]
BODY_PART_UNSPECIFIED: BodyPart
BODY_PART_FACE: BodyPart
BODY_PART_UPPER_BODY: BodyPart
BODY_PART_HANDS: BodyPart
BODY_PART_LOWER_BODY: BodyPart
BODY_PART_TRANSLATION: BodyPart
ROOT_MODE_UNSPECIFIED: RootMode
ROOT_MODE_FREE: RootMode
ROOT_MODE_IN_PLACE: RootMode
ROOT_MODE_LOCKED: RootMode
FLOOR_UNSPECIFIED: Floor
FLOOR_KEEP: Floor
FLOOR_GROUND: Floor
ALPHABET_UNSPECIFIED: Alphabet
ALPHABET_IPA: Alphabet
ALPHABET_ARPABET: Alphabet
ALPHABET_KOKORO: Alphabet
ALPHABET_AZURE_VISEMES: Alphabet
ALPHABET_OVR_VISEMES: Alphabet
ALPHABET_INWORLD_VISEMES: Alphabet
ALPHABET_POLLY_VISEMES: Alphabet
ALPHABET_RHUBARB_VISEMES: Alphabet
ALPHABET_WORDS: Alphabet
TIMING_UNSPECIFIED: Timing
TIMING_EXACT: Timing
TIMING_REFERENCE: Timing

class PartStrength(_message.Message):
    __slots__ = ("part", "gain")
    PART_FIELD_NUMBER: _ClassVar[int]
    GAIN_FIELD_NUMBER: _ClassVar[int]
    part: BodyPart
    gain: float
    def __init__(self, part: _Optional[_Union[BodyPart, str]] = ..., gain: _Optional[float] = ...) -> None: ...

class CurveAdjustment(_message.Message):
    __slots__ = ("curve", "gain", "offset", "minimum", "maximum")
    CURVE_FIELD_NUMBER: _ClassVar[int]
    GAIN_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_FIELD_NUMBER: _ClassVar[int]
    curve: str
    gain: float
    offset: float
    minimum: float
    maximum: float
    def __init__(self, curve: _Optional[str] = ..., gain: _Optional[float] = ..., offset: _Optional[float] = ..., minimum: _Optional[float] = ..., maximum: _Optional[float] = ...) -> None: ...

class JointRotation(_message.Message):
    __slots__ = ("joint", "rotation")
    JOINT_FIELD_NUMBER: _ClassVar[int]
    ROTATION_FIELD_NUMBER: _ClassVar[int]
    joint: str
    rotation: _skeleton_pb2.Quaternion
    def __init__(self, joint: _Optional[str] = ..., rotation: _Optional[_Union[_skeleton_pb2.Quaternion, _Mapping]] = ...) -> None: ...

class PoseConstraint(_message.Message):
    __slots__ = ("time_seconds", "rotations", "root_translation")
    TIME_SECONDS_FIELD_NUMBER: _ClassVar[int]
    ROTATIONS_FIELD_NUMBER: _ClassVar[int]
    ROOT_TRANSLATION_FIELD_NUMBER: _ClassVar[int]
    time_seconds: float
    rotations: _containers.RepeatedCompositeFieldContainer[JointRotation]
    root_translation: _skeleton_pb2.Vector3
    def __init__(self, time_seconds: _Optional[float] = ..., rotations: _Optional[_Iterable[_Union[JointRotation, _Mapping]]] = ..., root_translation: _Optional[_Union[_skeleton_pb2.Vector3, _Mapping]] = ...) -> None: ...

class Gestures(_message.Message):
    __slots__ = ("amplitude", "rate")
    AMPLITUDE_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    amplitude: float
    rate: float
    def __init__(self, amplitude: _Optional[float] = ..., rate: _Optional[float] = ...) -> None: ...

class EmotionStrength(_message.Message):
    __slots__ = ("emotion", "strength")
    EMOTION_FIELD_NUMBER: _ClassVar[int]
    STRENGTH_FIELD_NUMBER: _ClassVar[int]
    emotion: str
    strength: float
    def __init__(self, emotion: _Optional[str] = ..., strength: _Optional[float] = ...) -> None: ...

class TimedSymbol(_message.Message):
    __slots__ = ("symbol", "start_seconds", "end_seconds")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    START_SECONDS_FIELD_NUMBER: _ClassVar[int]
    END_SECONDS_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    start_seconds: float
    end_seconds: float
    def __init__(self, symbol: _Optional[str] = ..., start_seconds: _Optional[float] = ..., end_seconds: _Optional[float] = ...) -> None: ...

class TimedText(_message.Message):
    __slots__ = ("alphabet", "symbols")
    ALPHABET_FIELD_NUMBER: _ClassVar[int]
    SYMBOLS_FIELD_NUMBER: _ClassVar[int]
    alphabet: Alphabet
    symbols: _containers.RepeatedCompositeFieldContainer[TimedSymbol]
    def __init__(self, alphabet: _Optional[_Union[Alphabet, str]] = ..., symbols: _Optional[_Iterable[_Union[TimedSymbol, _Mapping]]] = ...) -> None: ...

class EmotionKey(_message.Message):
    __slots__ = ("seconds", "emotions")
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    EMOTIONS_FIELD_NUMBER: _ClassVar[int]
    seconds: float
    emotions: _containers.RepeatedCompositeFieldContainer[EmotionStrength]
    def __init__(self, seconds: _Optional[float] = ..., emotions: _Optional[_Iterable[_Union[EmotionStrength, _Mapping]]] = ...) -> None: ...

class MotionOptions(_message.Message):
    __slots__ = ("model", "speaker", "seed", "fps", "skeleton", "custom_skeleton", "face_rig", "coordinate_system", "custom_coordinate_system", "parts", "root_mode", "foot_lock", "part_strengths", "curve_adjustments", "constraints", "timing", "gestures", "emotions", "source_joint_map", "start_seconds", "end_seconds", "mirror", "smooth_seconds", "scale", "floor", "input_up", "input_forward", "input_unit", "rest_frame", "hand_contact", "clip", "timed_text", "expression", "emotion_keys")
    class SourceJointMapEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    FPS_FIELD_NUMBER: _ClassVar[int]
    SKELETON_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_SKELETON_FIELD_NUMBER: _ClassVar[int]
    FACE_RIG_FIELD_NUMBER: _ClassVar[int]
    COORDINATE_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_COORDINATE_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    ROOT_MODE_FIELD_NUMBER: _ClassVar[int]
    FOOT_LOCK_FIELD_NUMBER: _ClassVar[int]
    PART_STRENGTHS_FIELD_NUMBER: _ClassVar[int]
    CURVE_ADJUSTMENTS_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    TIMING_FIELD_NUMBER: _ClassVar[int]
    GESTURES_FIELD_NUMBER: _ClassVar[int]
    EMOTIONS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_JOINT_MAP_FIELD_NUMBER: _ClassVar[int]
    START_SECONDS_FIELD_NUMBER: _ClassVar[int]
    END_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MIRROR_FIELD_NUMBER: _ClassVar[int]
    SMOOTH_SECONDS_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    FLOOR_FIELD_NUMBER: _ClassVar[int]
    INPUT_UP_FIELD_NUMBER: _ClassVar[int]
    INPUT_FORWARD_FIELD_NUMBER: _ClassVar[int]
    INPUT_UNIT_FIELD_NUMBER: _ClassVar[int]
    REST_FRAME_FIELD_NUMBER: _ClassVar[int]
    HAND_CONTACT_FIELD_NUMBER: _ClassVar[int]
    CLIP_FIELD_NUMBER: _ClassVar[int]
    TIMED_TEXT_FIELD_NUMBER: _ClassVar[int]
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    EMOTION_KEYS_FIELD_NUMBER: _ClassVar[int]
    model: str
    speaker: str
    seed: int
    fps: float
    skeleton: str
    custom_skeleton: _skeleton_pb2.Skeleton
    face_rig: str
    coordinate_system: str
    custom_coordinate_system: _skeleton_pb2.CoordinateSystem
    parts: _containers.RepeatedScalarFieldContainer[BodyPart]
    root_mode: RootMode
    foot_lock: bool
    part_strengths: _containers.RepeatedCompositeFieldContainer[PartStrength]
    curve_adjustments: _containers.RepeatedCompositeFieldContainer[CurveAdjustment]
    constraints: _containers.RepeatedCompositeFieldContainer[PoseConstraint]
    timing: Timing
    gestures: Gestures
    emotions: _containers.RepeatedCompositeFieldContainer[EmotionStrength]
    source_joint_map: _containers.ScalarMap[str, str]
    start_seconds: float
    end_seconds: float
    mirror: bool
    smooth_seconds: float
    scale: float
    floor: Floor
    input_up: str
    input_forward: str
    input_unit: str
    rest_frame: int
    hand_contact: bool
    clip: str
    timed_text: TimedText
    expression: str
    emotion_keys: _containers.RepeatedCompositeFieldContainer[EmotionKey]
    def __init__(self, model: _Optional[str] = ..., speaker: _Optional[str] = ..., seed: _Optional[int] = ..., fps: _Optional[float] = ..., skeleton: _Optional[str] = ..., custom_skeleton: _Optional[_Union[_skeleton_pb2.Skeleton, _Mapping]] = ..., face_rig: _Optional[str] = ..., coordinate_system: _Optional[str] = ..., custom_coordinate_system: _Optional[_Union[_skeleton_pb2.CoordinateSystem, _Mapping]] = ..., parts: _Optional[_Iterable[_Union[BodyPart, str]]] = ..., root_mode: _Optional[_Union[RootMode, str]] = ..., foot_lock: bool = ..., part_strengths: _Optional[_Iterable[_Union[PartStrength, _Mapping]]] = ..., curve_adjustments: _Optional[_Iterable[_Union[CurveAdjustment, _Mapping]]] = ..., constraints: _Optional[_Iterable[_Union[PoseConstraint, _Mapping]]] = ..., timing: _Optional[_Union[Timing, str]] = ..., gestures: _Optional[_Union[Gestures, _Mapping]] = ..., emotions: _Optional[_Iterable[_Union[EmotionStrength, _Mapping]]] = ..., source_joint_map: _Optional[_Mapping[str, str]] = ..., start_seconds: _Optional[float] = ..., end_seconds: _Optional[float] = ..., mirror: bool = ..., smooth_seconds: _Optional[float] = ..., scale: _Optional[float] = ..., floor: _Optional[_Union[Floor, str]] = ..., input_up: _Optional[str] = ..., input_forward: _Optional[str] = ..., input_unit: _Optional[str] = ..., rest_frame: _Optional[int] = ..., hand_contact: bool = ..., clip: _Optional[str] = ..., timed_text: _Optional[_Union[TimedText, _Mapping]] = ..., expression: _Optional[str] = ..., emotion_keys: _Optional[_Iterable[_Union[EmotionKey, _Mapping]]] = ...) -> None: ...
