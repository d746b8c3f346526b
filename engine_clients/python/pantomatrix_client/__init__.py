"""Client of the PantoMatrix server: `with Client("localhost:50051") as c: motion = c.generate("speech.wav")`.

Needs grpcio, protobuf and numpy.
"""

from .async_live import AsyncLiveMotion
from .client import AsyncClient, AsyncMotionStream, Client, MotionStream
from .errors import ServerError
from .live import LiveMotion
from .live_messages import GoneOn, Move, Refusal, UtteranceEnd
from .motion import FrameBlock, Header, Motion, Skeleton
from .pose_constraint import PoseConstraint

__all__ = [
    "AsyncClient", "AsyncLiveMotion", "AsyncMotionStream", "Client", "FrameBlock", "GoneOn", "Header", "LiveMotion", "Motion",
    "MotionStream", "Move", "PoseConstraint", "Refusal", "ServerError", "Skeleton", "UtteranceEnd",
]  # fmt: skip
