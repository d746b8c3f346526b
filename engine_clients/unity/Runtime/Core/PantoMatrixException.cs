using System;

namespace PantoMatrix
{
    /// <summary>The numbers are those of gRPC's status codes.</summary>
    public enum ErrorCode
    {
        Ok = 0,
        Cancelled = 1,
        Unknown = 2,
        InvalidArgument = 3,
        DeadlineExceeded = 4,
        NotFound = 5,
        AlreadyExists = 6,
        PermissionDenied = 7,
        ResourceExhausted = 8,
        FailedPrecondition = 9,
        Aborted = 10,
        OutOfRange = 11,
        Unimplemented = 12,
        Internal = 13,
        Unavailable = 14,
        DataLoss = 15,
        Unauthenticated = 16,
    }

    /// <summary>What went wrong, here or at the server. Message: for people; what, where, and what would be right.</summary>
    public sealed class PantoMatrixException : Exception
    {
        public PantoMatrixException(
            ErrorCode code, string message, string requestId = "", string reason = "", string field = "", Exception inner = null)
            : base(message, inner)
        {
            Code = code;
            RequestId = requestId;
            Reason = reason;
            Field = field;
        }

        public ErrorCode Code { get; }

        /// <summary>Names the call in the server's log; empty where no server said it.</summary>
        public string RequestId { get; }

        /// <summary>For programs: a name of ErrorReason as errors.proto has it, "UNKNOWN_NAME"; empty where no server said it.</summary>
        public string Reason { get; }

        /// <summary>The field that is wrong, as a path in the message that was sent; empty if it is none.</summary>
        public string Field { get; }

        /// <summary>Whether the same call may succeed a little later.</summary>
        public bool IsPassing =>
            Code == ErrorCode.Unavailable || Code == ErrorCode.Aborted || Code == ErrorCode.DeadlineExceeded
            || (Code == ErrorCode.ResourceExhausted && Reason != "OVER_LIMIT");

        /// <summary>Whether a server, a connection or a network was lost; else the error is the server's answer.</summary>
        internal bool IsLost =>
            Code == ErrorCode.Unavailable || Code == ErrorCode.DataLoss || Code == ErrorCode.Aborted || Code == ErrorCode.Cancelled
            || ((Code == ErrorCode.Internal || Code == ErrorCode.Unknown) && RequestId == "");

        /// <summary>Whether no other server would do what this one did not.</summary>
        internal bool IsFinal =>
            Code == ErrorCode.InvalidArgument || Code == ErrorCode.Unauthenticated || Code == ErrorCode.PermissionDenied;

        public override string ToString() => RequestId == "" ? $"{Code}: {Message}" : $"{Code}: {Message} ({RequestId})";
    }
}
