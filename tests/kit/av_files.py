"""Sound in the containers that FFmpeg writes, for tests."""

from __future__ import annotations

import io

import av
import numpy as np


def av_file(container: str, codec: str, sample_rate_hz: int, samples: np.ndarray, begins_after: float = 0.0) -> bytes:
    """samples: (S,) or (S, channels) floats of full scale 1.0. begins_after: seconds that the sound's times are moved by."""
    channels = samples.reshape(len(samples), -1).T
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(channels)]
    stream = io.BytesIO()
    with av.open(stream, "w", format=container) as file:
        track = file.add_stream(codec, rate=sample_rate_hz, layout=layout)
        assert isinstance(track, av.AudioStream)
        whole = av.AudioFrame.from_ndarray(np.ascontiguousarray(channels, np.float32), format="fltp", layout=layout)
        whole.rate = sample_rate_hz
        queue = av.AudioFifo()
        for frame in av.AudioResampler(track.format, layout, sample_rate_hz).resample(whole):
            frame.pts = None
            queue.write(frame)
        size, at = track.codec_context.frame_size or 1024, round(begins_after * sample_rate_hz)
        while (frame := queue.read(size, partial=True)) is not None:
            frame.pts = at
            at += frame.samples
            file.mux(track.encode(frame))
        file.mux(track.encode(None))
    return stream.getvalue()
