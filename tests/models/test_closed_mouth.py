"""The mouth of a speaker who is interrupted."""

from __future__ import annotations

import numpy as np
import pytest

from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.motion import FaceCurves, face_motion
from pantomatrix_models.closed_mouth import with_closed_mouth

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("fps", [15.0, 24.0, 30.0, 60.0, 120.0])
def test_it_shuts_as_fast_at_every_frame_rate(fps: float) -> None:
    """Evenly within a fifteenth of a second, so that more frames show more of it; eyes and a smile are left alone."""
    open_ = np.full((60, len(ARKIT52.curve_names)), 0.6, np.float32)
    motion = face_motion(FaceCurves(ARKIT52.name, ARKIT52.curve_names, open_), fps)
    shut = with_closed_mouth(motion, 100, range(110, 160)).face
    assert shut is not None
    jaw = shut.weights[:, ARKIT52.curve_names.index("jawOpen")]
    closing = int(np.ceil(fps / 15))
    assert (jaw[:10] == np.float32(0.6)).all()
    assert (jaw[9 + closing :] == 0).all()
    assert -np.diff(jaw).min() == pytest.approx(0.6 * min(1.0, 15 / fps), abs=1e-6)
    for kept in ("eyeBlinkLeft", "mouthSmileLeft"):
        assert (shut.weights[:, ARKIT52.curve_names.index(kept)] == np.float32(0.6)).all()
