using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>Reads a stream's responses. Most are frames or audio, and for those the same message is used again and again.</summary>
    sealed class Responses
    {
        const uint FramesTag = 2 << 3 | 2, AudioTag = 4 << 3 | 2;
        readonly WireReader _reader = new WireReader(default);
        readonly FrameBlock _block = new FrameBlock();
        readonly AudioEcho _echo = new AudioEcho();
        readonly StreamMotionResponse _frames = new StreamMotionResponse(), _audio = new StreamMotionResponse();

        public static bool IsFrames(Bytes data) => data.Count > 0 && data[0] == FramesTag;

        /// <summary>Its bytes are parts of the data. Frames and audio count until the next call.</summary>
        public StreamMotionResponse Read(Bytes data)
        {
            if (data.Count == 0 || (data[0] != FramesTag && data[0] != AudioTag)) return Message.Parse(new StreamMotionResponse(), data);
            var response = data[0] == FramesTag ? _frames : _audio;
            if (response == _frames)
            {
                _block.FirstFrame = _block.FrameCount = 0;
                _block.Idle = false;
                _block.Data = default;
                response.Frames = _block;
            }
            else
            {
                _echo.StartSeconds = 0;
                _echo.Samples = default;
                response.Audio = _echo;
            }
            _reader.Begin(data);
            response.ReadFrom(_reader);
            return response;
        }
    }
}
