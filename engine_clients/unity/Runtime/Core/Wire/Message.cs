using System;

namespace PantoMatrix
{
    /// <summary>A message of the contract. Fields that are not known are skipped.</summary>
    public abstract class Message
    {
        /// <summary>Writes all fields that are set.</summary>
        public abstract void WriteTo(WireWriter writer);

        /// <summary>Takes over what the reader has up to its end. Throws PantoMatrixException with DataLoss where it is broken.</summary>
        public abstract void ReadFrom(WireReader reader);

        public byte[] ToBytes()
        {
            var writer = new WireWriter();
            WriteTo(writer);
            return writer.ToArray();
        }

        /// <summary>Into a message, which it returns. Its bytes fields are parts of the array that is given, not copies.</summary>
        public static T Parse<T>(T message, Bytes data) where T : Message
        {
            message.ReadFrom(new WireReader(data));
            return message;
        }
    }

    /// <summary>What reader and writer share.</summary>
    public static class Wire
    {
        /// <summary>Whether protobuf leaves it out: 0, but not -0.</summary>
        public static bool IsZero(double value) => BitConverter.DoubleToInt64Bits(value) == 0;

        public static bool IsZero(float value) => Floats.ToBits(value) == 0;
    }
}
