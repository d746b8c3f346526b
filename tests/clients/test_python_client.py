"""The Python client against a real server, and alone in an environment of its own."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import grpc
import numpy as np
import pytest
import trustme
from google.protobuf import proto
from scipy.spatial.transform import Rotation

from folders import AUDIO, ROOT
from pantomatrix.v1 import frames_pb2, motion_pb2, motion_pb2_grpc
from pantomatrix_client import AsyncClient, Client, FrameBlock, Refusal, ServerError, UtteranceEnd
from pantomatrix_client.live_messages import event_of
from pantomatrix_client.motion import Header
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_server.process.tokens import new_token
from server_process import ServerProcess, running_server

pytestmark = pytest.mark.client


def test_generate(server: ServerProcess, speech: Path) -> None:
    with Client(server.address) as client:
        motion = client.generate(speech, skeleton="smplx", seed=1)
    assert (len(motion), motion.fps, motion.header.seed) == (330, 30, 1)
    assert motion.rotations_xyzw.shape == (330, 55, 4)
    assert motion.root_translation.shape == (330, 3)
    assert motion.curves.shape == (330, 52)
    assert motion.curves[:, motion.curve_names.index("jawOpen")].max() > 0.2
    np.testing.assert_allclose(np.linalg.norm(motion.rotations_xyzw, axis=-1), 1, atol=1e-5)
    assert motion.audio_seconds == pytest.approx(11)
    assert motion.compute_seconds > 0
    assert motion.skeleton.joint_names[0] == "pelvis"


async def test_async_gives_the_same(server: ServerProcess, speech: Path) -> None:
    with Client(server.address) as client:
        expected = client.generate(str(speech), fps=60, coordinate_system="unity")
    async with AsyncClient(server.address) as client:
        motion = await client.generate(speech.read_bytes(), fps=60, coordinate_system="unity")
        stream = await client.stream(speech)
        starts = [block.first_frame async for block in stream]
        catalog = await client.catalog()
    np.testing.assert_array_equal(motion.rotations_xyzw, expected.rotations_xyzw)
    assert starts[0] == 0
    assert len(starts) > 2
    assert catalog.models[0].name == "builtin"


def test_blocks_come_in_order_and_can_be_given_up(server: ServerProcess, speech: Path) -> None:
    with Client(server.address) as client:
        with client.stream(speech) as stream:
            assert stream.header.frame_count == 330
            block = next(iter(stream))
            assert block.first_frame == 0
            assert len(block.rotations_xyzw) == len(block) > 0
        assert len(client.generate(speech, parts=["face"], root_mode="locked", part_strengths={"face": 0.5})) == 330


def test_samples_instead_of_a_file(server: ServerProcess) -> None:
    tone = np.sin(2 * np.pi * 150 * np.arange(22050) / 22050)
    with Client(server.address) as client:
        floats = client.generate((tone.astype(np.float32), 22050))
        stereo = client.generate((np.stack([tone, tone], axis=1).astype(np.float32), 22050))
        integers = client.generate(((tone * 32767).astype(np.int16), 22050))
    assert len(floats) == len(stereo) == len(integers) == 30
    np.testing.assert_allclose(floats.curves, stereo.curves, atol=1e-5)


def test_errors_say_what_the_server_said(server: ServerProcess, speech: Path) -> None:
    with Client(server.address) as client:
        with pytest.raises(ServerError, match="did you mean builtin") as caught:
            client.generate(speech, model="bultin")
        assert caught.value.code == "NOT_FOUND"
        assert caught.value.request_id
        with pytest.raises(ValueError, match="unknown body part 'nose' .valid: face"):
            client.generate(speech, parts=["nose"])
        with pytest.raises(TypeError, match="unknown option 'colour'"):
            client.generate(speech, colour="red")  # type: ignore[call-arg]
        with pytest.raises(FileNotFoundError):
            client.generate("nowhere.wav")
    with (
        Client("localhost:1") as client,
        pytest.raises(ServerError, match="no server answers at localhost:1") as caught,
    ):
        client.catalog()
    assert caught.value.code == "UNAVAILABLE"
    with Client(server.address, timeout_seconds=0.001) as client, pytest.raises(ServerError) as caught:
        client.generate(speech)
    assert caught.value.code == "DEADLINE_EXCEEDED"


async def test_async_errors(server: ServerProcess) -> None:
    async with AsyncClient(server.address) as client:
        with pytest.raises(ServerError, match="not a readable audio file") as caught:
            await client.generate(AUDIO / "text_named.wav")
        assert caught.value.code == "INVALID_ARGUMENT"


def test_it_needs_grpc_protobuf_and_numpy_alone(server: ServerProcess, speech: Path, tmp_path: Path) -> None:
    """Its own wheel, in a process that refuses to import anything else of this project or the environment."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        tmp_path,
        "--no-build-isolation",
    ]
    subprocess.run([*command, ROOT / "engine_clients" / "python"], check=True)
    (wheel,) = tmp_path.glob("pantomatrix_client-*.whl")
    alone = tmp_path / "alone"
    zipfile.ZipFile(wheel).extractall(alone)
    ours = [
        str(ROOT / folder) for folder in ("converters", "models", "server", "viewer", "cli", "engine_clients/python")
    ]
    script = f"""
        import sys
        allowed = {{"grpc", "google", "numpy", "typing_extensions", "pantomatrix", "pantomatrix_client", *sys.stdlib_module_names}}
        class Refuse:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] not in allowed:
                    raise ImportError(f"{{name}} is not a dependency of the client")
        sys.meta_path.insert(0, Refuse())
        sys.path[:] = [{str(alone)!r}] + [p for p in sys.path if p not in {ours!r}]
        import pantomatrix_client
        assert pantomatrix_client.__file__.startswith({str(alone)!r}), pantomatrix_client.__file__
        with pantomatrix_client.Client({server.address!r}) as client:
            print(len(client.generate({str(speech)!r})))
    """
    result = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True)
    assert result.stdout.strip() == "330", result.stderr


def test_a_live_stream(server: ServerProcess) -> None:
    """Speech in pieces gives the clip's motion; the ends of utterances come between the frames."""
    speech = decode_file((AUDIO / "hu05_arctic_f.wav").read_bytes(), 60).samples
    with Client(server.address) as client:
        whole = client.generate((speech, 16000), coordinate_system="unity")
        with client.live(16000, dtype="float32", look_ahead_seconds=0.5, coordinate_system="unity") as live:
            for start in range(0, len(speech), 800):
                live.push(speech[start : start + 800])
            live.close()
            events = list(live)
        assert live.header.coordinate_system == "unity"
    blocks = [event for event in events if isinstance(event, FrameBlock)]
    np.testing.assert_array_equal(np.concatenate([block.curves for block in blocks]), whole.curves)
    assert [event for event in events if isinstance(event, UtteranceEnd)] == [UtteranceEnd(0, len(whole), False)]


def test_a_live_stream_says_what_was_wrong(server: ServerProcess) -> None:
    with Client(server.address) as client:
        with pytest.raises(ServerError, match="unknown model"), client.live(16000, model="nobody"):
            pass
        with pytest.raises(TypeError, match="expected int16 or float32"):
            client.live(16000, dtype="float64")
        with client.live(16000) as live, pytest.raises(TypeError, match="the stream was opened with int16"):
            live.push(np.zeros(10, np.float32))
        with client.live(16000, dtype="float32") as live:
            live.push(np.full(160, np.nan, np.float32))
            with pytest.raises(ServerError, match="NaN"):
                list(live)


async def test_a_live_stream_with_asyncio(server: ServerProcess) -> None:
    async with AsyncClient(server.address) as client, client.live(16000) as live:
        live.change(part_strengths={"face": 0.5})
        live.push(np.zeros(16000, np.int16))
        live.interrupt()
        live.push(np.zeros(16000, np.int16))
        live.end_utterance()
        ends = []
        async for event in live:
            if isinstance(event, UtteranceEnd):
                ends.append(event.interrupted)
                if len(ends) == 2:
                    live.close()
        assert ends == [True, False]


def test_a_token_and_tls(tmp_path: Path) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    issued = ca.issue_cert("localhost", "127.0.0.1")
    (tmp_path / "cert.pem").write_bytes(issued.cert_chain_pems[0].bytes())
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    token, digest = new_token()
    (tmp_path / "tokens.toml").write_text(f'[a]\nsha256 = "{digest}"\n')
    flags = [
        f"--{name}={tmp_path / file}"
        for name, file in (("tls-certificate", "cert.pem"), ("tls-key", "key.pem"), ("tokens", "tokens.toml"))
    ]
    with running_server(tmp_path / "log", *flags) as server:
        with Client(server.address, tls=tmp_path / "ca.pem", token=token) as client:
            assert client.catalog().models
            with client.live(16000) as live:
                assert live.header.fps == 30
        with Client(server.address, tls=tmp_path / "ca.pem") as client:
            with pytest.raises(ServerError, match="a token is needed"):
                client.catalog()


@pytest.mark.parametrize(
    ("name", "degrees", "weight"), [("stream_responses", 1e-4, 1e-7), ("compact_responses", 0.02, 0.002)]
)
def test_vectors_mean_the_same_here(name: str, degrees: float, weight: float) -> None:
    """tests/vectors, which every client is held to. Compact frames are off by what frames.proto says at most."""
    vectors = ROOT / "tests" / "vectors"
    expected = json.loads((vectors / "frames.json").read_text())
    stream = BytesIO((vectors / f"{name}.bin").read_bytes())
    responses = list(iter(lambda: proto.parse_length_prefixed(motion_pb2.StreamMotionResponse, stream), None))
    header = Header.from_message(responses[0].header)
    events = [event for event in map(event_of, responses) if event is not None]
    blocks = [FrameBlock.from_message(one.frames, header) for one in responses if one.HasField("frames")]
    rows = np.array(expected["frames"], np.float32)
    np.testing.assert_array_equal(np.concatenate([block.root_translation for block in blocks]), rows[:, :3])
    quats = np.concatenate([block.rotations_xyzw for block in blocks]).reshape(-1, 4)
    off = (Rotation.from_quat(quats) * Rotation.from_quat(rows[:, 3:15].reshape(-1, 4)).inv()).magnitude()
    assert np.degrees(off.max()) < degrees
    assert np.abs(np.concatenate([block.curves for block in blocks]) - rows[:, 15:]).max() < weight
    assert [block.idle for block in blocks] == [False, False, True]
    assert header.skeleton.joint_names == tuple(expected["joint_names"])
    assert (header.seed, header.look_ahead_seconds) == (2**63 + 5, 1.5)
    assert dict(header.labels) == {"character": "Käthe"}
    assert events == [
        UtteranceEnd(1, 12, True),
        Refusal("UNKNOWN_NAME", "unknown emotion 'joi'", "options.emotions"),
    ]


class Breaking(motion_pb2_grpc.MotionServiceServicer):
    """A server whose answers end after their header: `ending` does it."""

    def __init__(self, ending: Callable[[grpc.ServicerContext], None]) -> None:
        self._ending = ending

    def GenerateMotion(self, request, context):  # noqa: N802
        yield motion_pb2.GenerateMotionResponse(header=frames_pb2.MotionHeader(fps=30))
        self._ending(context)

    def StreamMotion(self, request_iterator, context):  # noqa: N802
        yield motion_pb2.StreamMotionResponse(header=frames_pb2.MotionHeader(fps=30))
        self._ending(context)


@contextmanager
def breaking_server(ending: Callable[[grpc.ServicerContext], None]) -> Iterator[str]:
    with ThreadPoolExecutor(4) as pool:
        server = grpc.server(pool)
        motion_pb2_grpc.add_MotionServiceServicer_to_server(Breaking(ending), server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield f"127.0.0.1:{port}"
        finally:
            server.stop(None).wait()


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (lambda context: None, "DATA_LOSS"),
        (lambda context: context.abort(grpc.StatusCode.CANCELLED, "a proxy's"), "UNAVAILABLE"),
    ],
)
async def test_an_answer_that_breaks_off_is_no_motion(ending: Callable, code: str, speech: Path) -> None:
    with breaking_server(ending) as address:
        with Client(address) as client:
            with pytest.raises(ServerError) as clip:
                client.generate(speech)
            with client.live(16000, reconnect_seconds=0) as live, pytest.raises(ServerError) as stream:
                list(live)
        async with AsyncClient(address) as client:
            with pytest.raises(ServerError) as async_clip:
                await client.generate(speech)
            async with client.live(16000, reconnect_seconds=0) as live:
                with pytest.raises(ServerError) as async_stream:
                    [event async for event in live]
    assert {caught.value.code for caught in (clip, stream, async_clip)} == {code}
    # What is written when it ends may be what fails.
    assert async_stream.value.code in {code, "UNAVAILABLE"}


def test_a_stream_is_read_in_several_goes(server: ServerProcess) -> None:
    samples = np.zeros(8000, np.int16)
    with Client(server.address) as client, client.live(16000) as live:
        ends = []
        for _ in range(2):
            live.push(samples)
            live.end_utterance()
            for event in live:
                if isinstance(event, UtteranceEnd):
                    ends.append(event.utterance)
                    break
        live.close()
        assert any(isinstance(event, FrameBlock) for event in live)
    assert ends == [0, 1]


def test_an_error_comes_whole_out_of_another_process() -> None:
    error = ServerError("the server is full", "RESOURCE_EXHAUSTED", "quest-17", 2.0)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (str(copy), copy.code, copy.request_id, copy.retry_after_seconds) == (
        "the server is full", "RESOURCE_EXHAUSTED", "quest-17", 2.0
    )  # fmt: skip


def test_the_first_of_several_addresses_where_somebody_answers_is_taken(server: ServerProcess, speech: Path) -> None:
    with Client(["127.0.0.1:1", server.address]) as client:
        assert len(client.generate(speech)) == 330
        assert client.catalog().models
        with client.live(16000) as live:
            assert live.header.fps == 30
    with pytest.raises(ValueError, match="host:port"):
        Client([])


def test_a_proxy_does_not_stand_before_this_machine(
    server: ServerProcess, speech: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with Client(server.address.replace("127.0.0.1", "localhost")) as client:
        assert len(client.generate(speech)) == 330
