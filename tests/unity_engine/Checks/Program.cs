using System;
using System.Collections.Generic;
using System.Threading;
using StandIn;
using UnityEditor;
using UnityEngine;
using UnityEngine.Playables;
using UnityEngine.Timeline;
using Object = UnityEngine.Object;

// What the Script Reference says of what the stand-ins do, so that the tests which lean on them lean on that.
internal static class Program
{
    internal static readonly List<string> Told = new List<string>();

    private static void Main()
    {
        Rotations();
        Transforms();
        Lives();
        Sound();
        Curves();
        Muscles();
        Tracks();
        Console.WriteLine("stand-ins ok");
    }

    private static void Check(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new Exception(what);
        }
    }

    private static bool Near(Vector3 a, Vector3 b) => (a - b).magnitude < 1e-4f;

    private static void Rotations()
    {
        Check(Near(Quaternion.Euler(0, 90, 0) * Vector3.forward, Vector3.right), "left-handed: a quarter turn about y is from z to x");
        Quaternion byHand = Quaternion.AngleAxis(20, Vector3.up) * Quaternion.AngleAxis(10, Vector3.right) * Quaternion.AngleAxis(30, Vector3.forward);
        Check(Quaternion.Angle(Quaternion.Euler(10, 20, 30), byHand) < 0.05f, "Euler: z, then x, then y");
        Check(Near(Quaternion.Euler(350, 20, 30).eulerAngles, new Vector3(350, 20, 30)), "eulerAngles");
        Check(Near(Quaternion.LookRotation(Vector3.right).eulerAngles, new Vector3(0, 90, 0)), "LookRotation");
        Check(Near(Quaternion.FromToRotation(Vector3.up, Vector3.right) * Vector3.up, Vector3.right), "FromToRotation");
        Matrix4x4 matrix = Matrix4x4.TRS(new Vector3(1, 2, 3), byHand, new Vector3(2, 3, 4));
        Check(Quaternion.Angle(matrix.rotation, byHand) < 0.05f && Near(matrix.lossyScale, new Vector3(2, 3, 4)), "the parts of a matrix");
        Check(Near(matrix.inverse.MultiplyPoint3x4(matrix.MultiplyPoint3x4(Vector3.one)), Vector3.one), "inverse");
    }

    private static void Transforms()
    {
        PlayerLoop.Begin();
        Transform parent = new GameObject("Parent").transform, child = new GameObject("Child").transform;
        parent.SetPositionAndRotation(new Vector3(1, 0, 0), Quaternion.Euler(0, 90, 0));
        parent.localScale = new Vector3(2, 2, 2);
        child.SetParent(parent, false);
        child.localPosition = Vector3.forward;
        Check(Near(child.position, new Vector3(3, 0, 0)), "position in the world");
        Check(Near(child.localToWorldMatrix.MultiplyPoint3x4(Vector3.zero), child.position), "the matrix says the same");
        child.SetParent(null);
        Check(Near(child.localPosition, new Vector3(3, 0, 0)) && Near(child.localScale, 2 * Vector3.one), "SetParent keeps the place");
        child.SetParent(parent);
        Check(parent.Find("Child") == child && parent.Find("Child/None") == null, "Find");
    }

    [DefaultExecutionOrder(100)]
    private class Late : MonoBehaviour
    {
        private void LateUpdate() => Told.Add("late");
    }

    private class Early : MonoBehaviour
    {
        private void Awake() => Told.Add("awake");
        private void OnEnable() => Told.Add("enable");
        private void Start() => Told.Add("start");
        private void Update() => Told.Add("update");
        private void LateUpdate() => Told.Add("early");
        private void OnDisable() => Told.Add("disable");
        private void OnDestroy() => Told.Add("destroy");
    }

    private static void Lives()
    {
        PlayerLoop.Begin();
        GameObject actor = new GameObject("Actor");
        actor.AddComponent<Late>();
        Early early = actor.AddComponent<Early>();
        PlayerLoop.Step(0.01);
        PlayerLoop.Step(0.01);
        early.enabled = false;
        PlayerLoop.Step(0.01);
        Object.Destroy(actor);
        Check(early != null, "Destroy waits for the end of the frame");
        PlayerLoop.Step(0.01);
        Check(early == null && !ReferenceEquals(early, null), "what is destroyed equals null");
        string told = string.Join(" ", Told);
        Check(told == "awake enable start update early late update early late disable late late destroy", told);
        bool threw = false;
        actor = new GameObject("Actor");
        Thread other = new Thread(() =>
        {
            try
            {
                actor.name = "Other";
            }
            catch (UnityException)
            {
                threw = true;
            }
        });
        other.Start();
        other.Join();
        Check(threw, "Unity's objects belong to the main thread");
    }

    private class Filter : MonoBehaviour
    {
        internal int Calls, Thread;
        private void OnAudioFilterRead(float[] data, int channels)
        {
            Calls++;
            Thread = System.Threading.Thread.CurrentThread.ManagedThreadId;
            for (int i = 0; i < data.Length; i++)
            {
                data[i] *= 0.5f;
            }
        }
    }

    private static void Sound()
    {
        PlayerLoop.Begin();
        PlayerLoop.SampleRate = 48000;
        AudioSource source = new GameObject("Source").AddComponent<AudioSource>();
        Filter filter = source.gameObject.AddComponent<Filter>();
        AudioClip clip = AudioClip.Create("Clip", 4800, 1, 48000, false);
        float[] ramp = new float[4800];
        for (int i = 0; i < ramp.Length; i++)
        {
            ramp[i] = i + 1;
        }
        clip.SetData(ramp, 0);
        source.clip = clip;
        PlayerLoop.Records = true;
        source.PlayScheduled(0.05);
        Check(source.isPlaying, "it plays from when it is scheduled on");
        PlayerLoop.Step(0.03);
        Check(AudioSettings.dspTime == 1024 / 48000.0 && source.timeSamples == 0, "time goes by whole buffers");
        for (int i = 0; i < 10; i++)
        {
            PlayerLoop.Step(0.03);
        }
        PlayerLoop.Records = false;
        Check(PlayerLoop.Heard[2399] == 0 && PlayerLoop.Heard[2400] == 0.5f && PlayerLoop.Heard[7199] == 2400, "to the sample, through the filter");
        Check(!source.isPlaying && filter.Calls > 0 && filter.Thread != Thread.CurrentThread.ManagedThreadId, "another thread filters");

        int asked = 0;
        source.clip = AudioClip.Create("Endless", 48000, 1, 24000, true, data => asked += data.Length);
        source.loop = true;
        source.Play();
        PlayerLoop.Step(1);
        Check(asked >= 24000 - 2048 && asked < 48000 && Math.Abs(source.timeSamples - 24000) < 1024, $"a reader is asked as it is heard: {asked}");
    }

    private static void Curves()
    {
        AnimationCurve curve = new AnimationCurve(new Keyframe(0, 0, 0, 1), new Keyframe(2, 2, 1, 0));
        Check(Mathf.Approximately(curve.Evaluate(0.5f), 0.5f) && curve.Evaluate(3) == 2, "Hermite, held outside");
        PlayerLoop.Begin(false);
        AnimationClip clip = new AnimationClip();
        Quaternion turn = Quaternion.Euler(0, 170, 0), next = Quaternion.Euler(0, 190, 0);
        float[] first = { turn.x, turn.y, turn.z, turn.w }, second = { -next.x, -next.y, -next.z, -next.w };
        for (int i = 0; i < 4; i++)
        {
            AnimationCurve one = AnimationCurve.Linear(0, first[i], 1, second[i]);
            AnimationUtility.SetEditorCurve(clip, EditorCurveBinding.FloatCurve("", typeof(Transform), "m_LocalRotation." + "xyzw"[i]), one);
        }
        GameObject actor = new GameObject("Actor", typeof(Animator));
        clip.EnsureQuaternionContinuity();
        clip.SampleAnimation(actor, 1);
        Check(Quaternion.Angle(actor.transform.localRotation, next) < 0.1f, "the last key");
        Check(AnimationUtility.GetCurveBindings(clip).Length == 4 && clip.length == 1, "bindings");
    }

    private static void Muscles()
    {
        PlayerLoop.Begin();
        Check(HumanTrait.MuscleCount == 95 && HumanTrait.BoneCount == 55 && HumanTrait.BoneName.Length == 55, "counts");
        Check(HumanTrait.MuscleName.Length == 95 && HumanTrait.MuscleName[HumanTrait.MuscleFromBone(10, 2)] == "Head Nod Down-Up", "names");
        GameObject root = new GameObject("Root");
        Transform hips = new GameObject("Hips").transform, head = new GameObject("Head").transform;
        hips.SetParent(root.transform, false);
        head.SetParent(hips, false);
        hips.localPosition = Vector3.up;
        SkeletonBone Bone(Transform one) => new SkeletonBone { name = one.name, position = one.localPosition, rotation = one.localRotation, scale = Vector3.one };
        HumanDescription description = new HumanDescription
        {
            human = new[] { new HumanBone { boneName = "Hips", humanName = "Hips" }, new HumanBone { boneName = "Head", humanName = "Head" } },
            skeleton = new[] { Bone(root.transform), Bone(hips), Bone(head) },
        };
        Animator animator = root.AddComponent<Animator>();
        animator.avatar = AvatarBuilder.BuildHumanAvatar(root, description);
        Check(animator.isHuman && animator.GetBoneTransform(HumanBodyBones.Head) == head && animator.humanScale == 1, "a human avatar");
        head.localRotation = Quaternion.Euler(10, 20, 30);
        root.transform.position = new Vector3(5, 0, 0);
        HumanPose pose = default;
        using (HumanPoseHandler handler = new HumanPoseHandler(animator.avatar, root.transform))
        {
            handler.GetHumanPose(ref pose);
            Check(Near(pose.bodyPosition, new Vector3(5, 1, 0)), "read in the world");
            Quaternion before = head.localRotation;
            head.localRotation = Quaternion.identity;
            handler.SetHumanPose(ref pose);
            Check(Quaternion.Angle(head.localRotation, before) < 0.1f, "muscles say what the bone did");
            Check(Near(hips.position, new Vector3(10, 1, 0)), "set below the root");
        }
    }

    private class Mixer : PlayableBehaviour
    {
        public override void ProcessFrame(Playable playable, FrameData info, object playerData) =>
            Told.Add($"{playable.GetInputWeight(0):F2} {playable.GetInput(0).GetTime():F2} {((Transform)playerData).name}");
    }

    private class Nothing : PlayableBehaviour { }

    private class Clip : PlayableAsset
    {
        public override Playable CreatePlayable(PlayableGraph graph, GameObject owner) => ScriptPlayable<Nothing>.Create(graph);
    }

    [TrackBindingType(typeof(Transform)), TrackClipType(typeof(Clip))]
    private class Track : TrackAsset
    {
        public override Playable CreateTrackMixer(PlayableGraph graph, GameObject go, int inputCount) => ScriptPlayable<Mixer>.Create(graph, inputCount);
    }

    private static void Tracks()
    {
        PlayerLoop.Begin();
        TimelineAsset timeline = ScriptableObject.CreateInstance<TimelineAsset>();
        Track track = timeline.CreateTrack<Track>("Track");
        TimelineClip clip = track.CreateDefaultClip();
        clip.start = 1;
        clip.duration = 4;
        clip.easeInDuration = 2;
        PlayableDirector director = new GameObject("Director").AddComponent<PlayableDirector>();
        director.playableAsset = timeline;
        director.SetGenericBinding(track, director.transform);
        Told.Clear();
        foreach (double time in new[] { 0.5, 2, 4, 6 })
        {
            director.time = time;
            director.Evaluate();
        }
        string told = string.Join(", ", Told);
        Check(told == "0.00 -0.50 Director, 0.50 1.00 Director, 1.00 3.00 Director, 0.00 5.00 Director", told);
    }
}
