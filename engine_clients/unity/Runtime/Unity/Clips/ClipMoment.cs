namespace PantoMatrix
{
    /// <summary>A moment of a clip, and how much of it is seen: 0 to 1.</summary>
    public struct ClipMoment
    {
        public PantoMatrixClip Clip;
        public double Seconds;
        public float Weight;

        public ClipMoment(PantoMatrixClip clip, double seconds, float weight = 1)
        {
            Clip = clip;
            Seconds = double.IsNaN(seconds) ? 0 : seconds;
            Weight = weight;
        }
    }
}
