using System.Collections.Generic;

namespace PantoMatrix
{
    /// <summary>How a server ends a call over a WebSocket: google.rpc.Status as a text, then a close of 4000 + its number.</summary>
    public static class Status
    {
        const int StatusCloseCode = 4000, LastStatus = 16, TooBig = 1009;

        /// <summary>Null where the call ended well. text: the text message that came, or null.</summary>
        public static PantoMatrixException Of(int closeCode, string closeReason, string text)
        {
            if (text != null) return OfText(text, closeCode);
            if (closeCode > StatusCloseCode && closeCode <= StatusCloseCode + LastStatus)
                return new PantoMatrixException((ErrorCode)(closeCode - StatusCloseCode), closeReason);
            if (closeCode == TooBig)
                return new PantoMatrixException(
                    ErrorCode.ResourceExhausted, "the request is larger than the server takes", reason: "OVER_LIMIT");
            if (closeCode == 1000 || closeCode == 1005) return null;
            return new PantoMatrixException(ErrorCode.Unavailable, $"the connection was closed ({closeCode}) {closeReason}");
        }

        static PantoMatrixException OfText(string text, int closeCode)
        {
            if (!(Json.Parse(text) is Dictionary<string, object> status)) return new PantoMatrixException(ErrorCode.Unknown, text);
            string requestId = "", reason = "", field = "";
            foreach (var detail in Members(List(status, "details")))
            {
                if (Text(detail, "reason") != "") reason = Text(detail, "reason");
                if (detail.TryGetValue("metadata", out var metadata) && metadata is Dictionary<string, object> words)
                    requestId = Text(words, "request_id");
                foreach (var violation in Members(List(detail, "fieldViolations")))
                    if (field == "") field = Text(violation, "field");
            }
            int code = status.TryGetValue("code", out var number) && number is double value ? (int)value : closeCode - StatusCloseCode;
            if (code < 1 || code > LastStatus) code = (int)ErrorCode.Unknown;
            return new PantoMatrixException((ErrorCode)code, Text(status, "message"), requestId, reason, field);
        }

        static List<object> List(Dictionary<string, object> from, string name) =>
            from.TryGetValue(name, out var value) && value is List<object> list ? list : new List<object>();

        static IEnumerable<Dictionary<string, object>> Members(List<object> list)
        {
            foreach (var one in list)
                if (one is Dictionary<string, object> members) yield return members;
        }

        static string Text(Dictionary<string, object> from, string name) =>
            from.TryGetValue(name, out var value) && value is string text ? text : "";
    }
}
