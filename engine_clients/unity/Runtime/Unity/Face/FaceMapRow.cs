using System;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>One curve moves one shape: the shape's weight is Gain times the curve's, plus Offset, from 0 to 1. What several rows
    /// give one shape is added.</summary>
    [Serializable]
    public struct FaceMapRow
    {
        [Tooltip("One of ARKit's 52, such as jawOpen, or what is derived from them, such as vowelA or visemePP.")]
        public string Curve;

        [Tooltip("A blendshape of the character, in any spelling and on any number of meshes, or a VRM expression.")]
        public string Shape;

        [Tooltip("Negative for shapes that go both ways.")]
        public float Gain;

        public float Offset;

        [Tooltip("0: the shapes that the curve moves. A higher number is used on a mesh that has none of the lower ones.")]
        public int Choice;

        public FaceMapRow(string curve, string shape, float gain = 1, int choice = 0)
        {
            Curve = curve;
            Shape = shape;
            Gain = gain;
            Offset = 0;
            Choice = choice;
        }
    }
}
