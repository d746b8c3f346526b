using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;

[assembly: InternalsVisibleTo("UnityEditor.CoreModule")]
[assembly: InternalsVisibleTo("StandIn")]

namespace UnityEngine
{
    public enum AudioClipLoadType { DecompressOnLoad = 0, CompressedInMemory = 1, Streaming = 2 }

    public enum AudioDataLoadState { Unloaded = 0, Loading = 1, Loaded = 2, Failed = 3 }

    public enum AudioSpeakerMode { Mono = 1, Stereo = 2 }

    public sealed class AudioClip : Object
    {
        public delegate void PCMReaderCallback(float[] data);
        public delegate void PCMSetPositionCallback(int position);

        internal float[] Samples;
        internal PCMReaderCallback Reader;
        internal PCMSetPositionCallback Seek;
        internal bool Streams;

        internal AudioClip() { }

        public static AudioClip Create(string name, int lengthSamples, int channels, int frequency, bool stream) =>
            Create(name, lengthSamples, channels, frequency, stream, null, null);
        public static AudioClip Create(
            string name, int lengthSamples, int channels, int frequency, bool stream, PCMReaderCallback pcmreadercallback) =>
            Create(name, lengthSamples, channels, frequency, stream, pcmreadercallback, null);
        public static AudioClip Create(
            string name, int lengthSamples, int channels, int frequency, bool stream,
            PCMReaderCallback pcmreadercallback, PCMSetPositionCallback pcmsetpositioncallback)
        {
            World.OnMainThread();
            if (lengthSamples <= 0)
            {
                throw new ArgumentException("Length of created clip must be larger than 0");
            }
            if (stream && Application.platform == RuntimePlatform.WebGLPlayer)
            {
                throw new NotSupportedException("WebGL has no streamed clips");
            }
            AudioClip made = new AudioClip
            {
                name = name ?? throw new NullReferenceException(), samples = lengthSamples, channels = channels, frequency = frequency,
                Reader = pcmreadercallback, Seek = pcmsetpositioncallback, Streams = stream && pcmreadercallback != null,
                Samples = new float[lengthSamples * channels],
            };
            Dsp.Made.Add(new WeakReference<AudioClip>(made));
            if (!made.Streams && pcmreadercallback != null)
            {
                float[] part = new float[4096];
                for (int at = 0; at < made.Samples.Length; at += part.Length)
                {
                    int count = Math.Min(part.Length, made.Samples.Length - at);
                    part = count == part.Length ? part : new float[count];
                    pcmreadercallback(part);
                    Array.Copy(part, 0, made.Samples, at, count);
                }
            }
            return made;
        }

        public int samples { get; private set; }
        public int channels { get; private set; }
        public int frequency { get; private set; }
        public float length => (float)samples / frequency;
        public AudioClipLoadType loadType { get; internal set; } = AudioClipLoadType.DecompressOnLoad;
        public AudioDataLoadState loadState { get; internal set; } = AudioDataLoadState.Loaded;
        internal bool Lost;
        public bool preloadAudioData { get; internal set; } = true;
        public bool loadInBackground { get; internal set; }
        public bool ambisonic => false;
        public bool LoadAudioData()
        {
            loadState = AudioDataLoadState.Loaded;
            return true;
        }
        public bool UnloadAudioData()
        {
            loadState = AudioDataLoadState.Unloaded;
            return true;
        }

        // What is asked for beyond the end comes from the beginning.
        public bool GetData(float[] data, int offsetSamples)
        {
            World.OnMainThread();
            Alive();
            if (Lost)
            {
                return false;
            }
            if (loadType != AudioClipLoadType.DecompressOnLoad || loadState != AudioDataLoadState.Loaded || Streams)
            {
                Debug.LogError($"Cannot get data on compressed samples for audio clip \"{name}\".");
                Array.Clear(data, 0, data.Length);
                return false;
            }
            for (int i = 0; i < data.Length; i++)
            {
                data[i] = Samples[(offsetSamples * channels + i) % Samples.Length];
            }
            return true;
        }
        public bool SetData(float[] data, int offsetSamples)
        {
            World.OnMainThread();
            Alive();
            if (Streams)
            {
                Debug.LogError($"Cannot set data on streamed samples for audio clip \"{name}\".");
                return false;
            }
            // Browsers take the whole clip only, from its beginning.
            int first = Application.platform == RuntimePlatform.WebGLPlayer ? 0 : offsetSamples * channels;
            for (int i = 0; i < data.Length; i++)
            {
                Samples[(first + i) % Samples.Length] = data[i];
            }
            return true;
        }
    }

    public class AudioBehaviour : Behaviour { }

    public sealed class AudioListener : AudioBehaviour
    {
        public static float volume { get; set; } = 1f;
        public static bool pause { get; set; }
        internal override void Added() => Dsp.Components.Add(this);
        internal override void Leaving() => Dsp.Components.Remove(this);
    }

    public sealed class AudioSource : AudioBehaviour
    {
        // Where it is in the clip, in the clip's samples; what the last block left.
        internal double Position;
        internal double StartsAt = -1, EndsAt = double.MaxValue;
        internal bool Playing, Paused;
        private AudioClip _clip;
        private float[] _streamed = new float[0];
        private long _streamedFrom, _streamedTo;

        public AudioClip clip
        {
            get => _clip;
            set
            {
                World.OnMainThread();
                if (!ReferenceEquals(_clip, value))
                {
                    Stop();
                    _clip = value;
                }
            }
        }
        public float volume { get; set; } = 1f;
        public float pitch { get; set; } = 1f;
        public bool loop { get; set; }
        public bool mute { get; set; }
        public bool playOnAwake { get; set; } = true;
        public float spatialBlend { get; set; }
        public bool spatialize { get; set; }
        public bool spatializePostEffects { get; set; }
        public int priority { get; set; } = 128;
        public bool bypassEffects { get; set; }
        public bool ignoreListenerPause { get; set; }
        public float dopplerLevel { get; set; } = 1f;
        public bool isPlaying => Playing && !Paused;
        public bool isVirtual => false;
        public float time
        {
            get => _clip ? (float)(Position / _clip.frequency) : 0f;
            set => timeSamples = _clip ? (int)(value * _clip.frequency) : 0;
        }
        public int timeSamples
        {
            get => (int)Position;
            set
            {
                World.OnMainThread();
                lock (Dsp.Gate)
                {
                    Position = value;
                    _streamedFrom = _streamedTo = value;
                    _clip?.Seek?.Invoke(value);
                }
            }
        }

        public void Play() => PlayFrom(-1);
        public void Play(ulong delay) => PlayFrom(AudioSettings.dspTime + delay / 44100.0);
        public void PlayDelayed(float delay) => PlayFrom(AudioSettings.dspTime + delay);
        public void PlayScheduled(double time) => PlayFrom(time);
        public void PlayOneShot(AudioClip clip) => PlayOneShot(clip, 1f);
        public void PlayOneShot(AudioClip clip, float volumeScale) { }
        private void PlayFrom(double time)
        {
            World.OnMainThread();
            Alive();
            if (!isActiveAndEnabled)
            {
                Debug.LogWarning("Can not play a disabled audio source", this);
                return;
            }
            lock (Dsp.Gate)
            {
                Paused = false;
                Playing = _clip != null || Dsp.FilterOf(this) != null;
                Position = _streamedFrom = _streamedTo = 0;
                StartsAt = time;
                EndsAt = double.MaxValue;
                _clip?.Seek?.Invoke(0);
            }
        }
        public void SetScheduledStartTime(double time)
        {
            lock (Dsp.Gate)
            {
                StartsAt = time;
            }
        }
        public void SetScheduledEndTime(double time)
        {
            lock (Dsp.Gate)
            {
                EndsAt = time;
            }
        }
        public void Pause()
        {
            World.OnMainThread();
            lock (Dsp.Gate)
            {
                Paused = Playing;
            }
        }
        public void UnPause()
        {
            World.OnMainThread();
            lock (Dsp.Gate)
            {
                Paused = false;
            }
        }
        public void Stop()
        {
            World.OnMainThread();
            lock (Dsp.Gate)
            {
                Playing = Paused = false;
                Position = 0;
            }
        }

        internal override void Added() => Dsp.Components.Add(this);
        internal override void Leaving()
        {
            Stop();
            Dsp.Components.Remove(this);
        }
        internal override void ActiveChanged()
        {
            if (!isActiveAndEnabled)
            {
                Stop();
            }
            else if (playOnAwake && _clip && Application.isPlaying)
            {
                Play();
            }
        }

        // A block of what is heard, interleaved, from the thread of the sound.
        internal void Fill(float[] block, int channels, double blockStarts, int rate)
        {
            int frames = block.Length / channels;
            double step = _clip is null ? 0 : pitch * _clip.frequency / rate;
            for (int i = 0; i < frames; i++)
            {
                double now = blockStarts + (double)i / rate;
                if (now < StartsAt - 0.5 / rate)
                {
                    continue;
                }
                if (now >= EndsAt)
                {
                    Playing = false;
                    return;
                }
                if (_clip is null)
                {
                    continue;
                }
                if (Position >= _clip.samples || Position < 0)
                {
                    if (!loop)
                    {
                        Playing = false;
                        Position = 0;
                        return;
                    }
                    Position = (Position % _clip.samples + _clip.samples) % _clip.samples;
                    if (_clip.Streams)
                    {
                        _streamedFrom = _streamedTo = (long)Position;
                        _clip.Seek?.Invoke((int)Position);
                    }
                }
                long at = (long)Position;
                float part = (float)(Position - at);
                for (int c = 0; c < channels && !mute; c++)
                {
                    float first = Sample(at, c);
                    float second = part > 0f && at + 1 < _clip.samples ? Sample(at + 1, c) : first;
                    block[i * channels + c] = (first + (second - first) * part) * volume;
                }
                if (mute && _clip.Streams)
                {
                    Sample(at, 0);
                }
                Position += step;
            }
        }

        private float Sample(long at, int channel)
        {
            int own = Math.Min(channel, _clip.channels - 1);
            if (!_clip.Streams)
            {
                return _clip.Samples[at * _clip.channels + own];
            }
            int size = 4096 / _clip.channels * _clip.channels;
            while (at >= _streamedTo)
            {
                // Two of them are kept, for the sample that lies between.
                if (_streamed.Length != size * 2)
                {
                    _streamed = new float[size * 2];
                    Dsp.Part = new float[size];
                }
                Array.Copy(_streamed, size, _streamed, 0, size);
                _clip.Reader(Dsp.Part.Length == size ? Dsp.Part : Dsp.Part = new float[size]);
                Array.Copy(Dsp.Part, 0, _streamed, size, size);
                _streamedTo += size / _clip.channels;
                _streamedFrom = _streamedTo - 2 * size / _clip.channels;
            }
            return _streamed[(at - _streamedFrom) * _clip.channels + own];
        }
    }

    public sealed class AudioLowPassFilter : Behaviour { }

    public sealed class AudioHighPassFilter : Behaviour { }

    public sealed class AudioEchoFilter : Behaviour { }

    public sealed class AudioDistortionFilter : Behaviour { }

    public sealed class AudioReverbFilter : Behaviour { }

    public sealed class AudioChorusFilter : Behaviour { }

    public struct AudioConfiguration
    {
        public AudioSpeakerMode speakerMode;
        public int dspBufferSize;
        public int sampleRate;
        public int numRealVoices;
        public int numVirtualVoices;
    }

    public sealed class AudioSettings
    {
        public delegate void AudioConfigurationChangeHandler(bool deviceWasChanged);

        public static double dspTime => Dsp.Time;
        public static int outputSampleRate { get => Dsp.Rate; set => Dsp.Rate = value; }
        public static AudioSpeakerMode speakerMode { get; set; } = AudioSpeakerMode.Stereo;
        public static void GetDSPBufferSize(out int bufferLength, out int numBuffers)
        {
            bufferLength = Dsp.Buffer;
            numBuffers = 4;
        }
        public static AudioConfiguration GetConfiguration() => new AudioConfiguration
        {
            speakerMode = speakerMode, dspBufferSize = Dsp.Buffer, sampleRate = Dsp.Rate, numRealVoices = 32, numVirtualVoices = 512,
        };
        public static bool Reset(AudioConfiguration config)
        {
            Dsp.Rate = config.sampleRate;
            Dsp.Buffer = config.dspBufferSize;
            Changed(false);
            return true;
        }
        internal static void Changed(bool device) => OnAudioConfigurationChanged?.Invoke(device);
        public static event AudioConfigurationChangeHandler OnAudioConfigurationChanged;
    }

    // The device: steps by whole buffers, mixes what plays and calls filters and readers on a thread of its own.
    internal static class Dsp
    {
        internal static readonly object Gate = new object();
        internal static readonly List<Component> Components = new List<Component>();
        internal static readonly List<float> Heard = new List<float>();
        internal static bool Records;
        internal static int Rate = 48000, Buffer = 1024;
        internal static float[] Part = new float[4096];
        internal static Exception Fault;
        internal static readonly List<WeakReference<AudioClip>> Made = new List<WeakReference<AudioClip>>();
        private static readonly SemaphoreSlim s_go = new SemaphoreSlim(0), s_done = new SemaphoreSlim(0);
        private static long s_blocks;
        private static double s_time, s_due;
        private static Thread s_thread;
        private static float[] s_mix = new float[0], s_own = new float[0];

        internal static double Time => s_time;

        // Sound goes on by real time, whatever timeScale says.
        internal static void Advance(double seconds)
        {
            s_due += seconds;
            while (s_due >= (double)Buffer / Rate)
            {
                s_due -= (double)Buffer / Rate;
                if (s_thread == null)
                {
                    s_thread = new Thread(Run) { IsBackground = true, Name = "DSP" };
                    s_thread.Start();
                }
                s_go.Release();
                s_done.Wait();
            }
        }

        // As after another device or other settings: what scripts made is gone, and time begins again.
        internal static void Lose()
        {
            lock (Gate)
            {
                foreach (WeakReference<AudioClip> one in Made)
                {
                    if (one.TryGetTarget(out AudioClip made))
                    {
                        made.Lost = true;
                        made.Samples = new float[made.Samples.Length];
                    }
                }
                Made.Clear();
                s_time = s_due = 0;
                foreach (Component one in Components)
                {
                    (one as AudioSource)?.Stop();
                }
            }
        }

        internal static void Restart()
        {
            s_time = s_due = 0;
            Heard.Clear();
        }

        private static void Run()
        {
            while (true)
            {
                s_go.Wait();
                try
                {
                    lock (Gate)
                    {
                        Block();
                    }
                }
                catch (Exception fault)
                {
                    Debug.LogException(fault);
                }
                s_done.Release();
            }
        }

        internal static MonoBehaviour FilterOf(Component one)
        {
            List<Component> all = one.Owner.Components;
            for (int i = 0; i < all.Count; i++)
            {
                if (all[i] is MonoBehaviour behaviour && behaviour.Messages?.OnAudioFilterRead != null)
                {
                    return behaviour;
                }
            }
            return null;
        }

        private static void Block()
        {
            int channels = (int)AudioSettings.speakerMode;
            if (s_mix.Length != Buffer * channels)
            {
                s_mix = new float[Buffer * channels];
                s_own = new float[Buffer * channels];
            }
            Array.Clear(s_mix, 0, s_mix.Length);
            for (int i = 0; i < Components.Count; i++)
            {
                if (Components[i] is AudioSource source && source.isPlaying && !(AudioListener.pause && !source.ignoreListenerPause))
                {
                    Array.Clear(s_own, 0, s_own.Length);
                    source.Fill(s_own, channels, s_time, Rate);
                    Filter(source, channels, s_own);
                    for (int k = 0; k < s_mix.Length; k++)
                    {
                        s_mix[k] += s_own[k];
                    }
                }
            }
            for (int i = 0; i < Components.Count; i++)
            {
                if (Components[i] is AudioListener listener)
                {
                    Filter(listener, channels, s_mix);
                }
            }
            if (Records)
            {
                for (int k = 0; k < s_mix.Length; k += channels)
                {
                    Heard.Add(s_mix[k] * AudioListener.volume);
                }
            }
            s_blocks++;
            s_time += (double)Buffer / Rate;
        }

        private static void Filter(Component one, int channels, float[] data)
        {
            List<Component> all = one.Owner.Components;
            for (int i = 0; i < all.Count; i++)
            {
                if (all[i] is MonoBehaviour behaviour && behaviour.On)
                {
                    behaviour.Messages.OnAudioFilterRead?.Invoke(data, channels);
                }
            }
        }
    }

#if !UNITY_WEBGL || UNITY_EDITOR
    // A microphone that hears what a test lets it hear.
    public sealed class Microphone
    {
        internal static string[] Devices = { "Microphone" };
        internal static AudioClip Recording;
        internal static string Device;
        internal static long Position;
        internal static int Starts;
        internal static Action Started;
        private static bool s_loop;

        public static string[] devices => Devices;
        public static AudioClip Start(string deviceName, bool loop, int lengthSec, int frequency)
        {
            World.OnMainThread();
            if (Devices.Length == 0)
            {
                Debug.LogError("Starting Microphone failed: no device");
                return null;
            }
            Recording = AudioClip.Create("Microphone", lengthSec * frequency, 1, frequency, false);
            Device = deviceName;
            Position = 0;
            Starts++;
            Started?.Invoke();
            s_loop = loop;
            return Recording;
        }
        public static void End(string deviceName) => Recording = null;
        public static bool IsRecording(string deviceName) => Recording != null && (s_loop || Position < Recording.samples);
        public static int GetPosition(string deviceName) => Recording == null ? 0 : (int)(Position % Recording.samples);
        public static void GetDeviceCaps(string deviceName, out int minFreq, out int maxFreq) => minFreq = maxFreq = 0;

        internal static void Hear(float[] samples)
        {
            for (int i = 0; i < samples.Length && Recording != null && (s_loop || Position < Recording.samples); i++)
            {
                Recording.Samples[Position++ % Recording.samples] = samples[i];
            }
        }
    }
#endif
}
