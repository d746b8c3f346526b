"""Client of the PantoMatrix server: `with Client("localhost:50051") as c: motion = c.generate("speech.wav")`.

Needs grpcio, protobuf and numpy.
"""

from .client import AsyncClient, AsyncMotionStream, Client, MotionStream
from .errors import ServerError
from .live import AsyncLiveMotion, LiveMotion, Move, Refusal, UtteranceEnd
from .motion import FrameBlock, Header, Motion, Skeleton
from .pose_constraint import PoseConstraint

__all__ = [
    "AsyncClient", "AsyncLiveMotion", "AsyncMotionStream", "Client", "FrameBlock", "Header", "LiveMotion", "Motion",
    "MotionStream", "Move", "PoseConstraint", "Refusal", "ServerError", "Skeleton", "UtteranceEnd",
]  # fmt: skip
