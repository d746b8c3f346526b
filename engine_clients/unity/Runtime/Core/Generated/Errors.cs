// Made from errors.proto by `python3 dev.py stubs`; changes here are lost.
// Why a call failed, for programs. google.rpc.ErrorInfo.reason is the name of one of these without "ERROR_REASON_", its
// domain is "pantomatrix", and its metadata has the request_id.
using System.Collections.Generic;

namespace PantoMatrix.V1
{
    /// <summary>What a caller may act on. The text of a status is for people.</summary>
    public enum ErrorReason
    {
        /// <summary>Never sent.</summary>
        Unspecified = 0,
        /// <summary>INVALID_ARGUMENT: a message of the wrong kind, out of order, or bytes that are no message. BadRequest has the field.</summary>
        InvalidMessage = 1,
        /// <summary>INVALID_ARGUMENT: an option out of range. BadRequest has the field.</summary>
        InvalidOption = 2,
        /// <summary>INVALID_ARGUMENT: bytes that are not usable speech. BadRequest has the field.</summary>
        InvalidAudio = 3,
        /// <summary>INVALID_ARGUMENT: a motion file, skeleton or pose that cannot be used. BadRequest has the field.</summary>
        InvalidMotion = 4,
        /// <summary>NOT_FOUND: a name that the catalog does not have. BadRequest has the field, ResourceInfo what is named and how.</summary>
        UnknownName = 5,
        /// <summary>RESOURCE_EXHAUSTED: larger than a limit of the catalog. Coming back later does not help.</summary>
        OverLimit = 6,
        /// <summary>RESOURCE_EXHAUSTED: too much at once; RetryInfo says when to come back.</summary>
        Overloaded = 7,
        /// <summary>RESOURCE_EXHAUSTED: more at once than the caller's token allows; RetryInfo says when to come back.</summary>
        OverQuota = 8,
        /// <summary>FAILED_PRECONDITION: well-formed, but this model, format or server cannot do it.</summary>
        NotSupported = 9,
        /// <summary>UNAVAILABLE: a model is being loaded, or the server ends. Come back, or go elsewhere.</summary>
        NotReady = 10,
        /// <summary>UNAUTHENTICATED: no token, or one that the server does not know.</summary>
        Unauthenticated = 11,
        /// <summary>PERMISSION_DENIED: a token that does not allow this.</summary>
        NotAllowed = 12,
        /// <summary>DEADLINE_EXCEEDED: the caller took nothing of the answer.</summary>
        SlowReader = 13,
        /// <summary>DEADLINE_EXCEEDED: the caller of a live stream said nothing.</summary>
        SilentCaller = 14,
        /// <summary>INTERNAL: a fault of the server's; its log has it under the request_id.</summary>
        Internal = 15,
    }
}
