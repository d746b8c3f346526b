namespace PantoMatrix
{
    /// <summary>When a character's pose is written.</summary>
    public enum UpdateMode
    {
        /// <summary>In LateUpdate, after Animators and before spring bones: script execution order 10000.</summary>
        LateUpdate,

        /// <summary>When UpdatePose is called.</summary>
        Manual,
    }
}
