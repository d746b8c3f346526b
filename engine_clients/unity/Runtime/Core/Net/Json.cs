using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace PantoMatrix
{
    /// <summary>Reads JSON: objects as dictionaries, arrays as lists, strings, doubles, bools, null.</summary>
    sealed class Json
    {
        const int MostDepth = 32;
        readonly string _text;
        int _at;

        Json(string text) => _text = text;

        /// <summary>Null where it is none.</summary>
        public static object Parse(string text)
        {
            try
            {
                return new Json(text).Value(0);
            }
            catch (Exception error) when (
                error is FormatException || error is OverflowException || error is IndexOutOfRangeException || error is ArgumentException)
            {
                return null;
            }
        }

        object Value(int depth)
        {
            if (depth > MostDepth) throw new FormatException();
            switch (Peek())
            {
                case '{':
                    var members = new Dictionary<string, object>();
                    foreach (var _ in Items('}'))
                    {
                        Peek();
                        string name = Text();
                        if (Peek() != ':') throw new FormatException();
                        ++_at;
                        members[name] = Value(depth + 1);
                    }
                    return members;
                case '[':
                    var values = new List<object>();
                    foreach (var _ in Items(']')) values.Add(Value(depth + 1));
                    return values;
                case '"': return Text();
                case 't': return Word("true", true);
                case 'f': return Word("false", false);
                case 'n': return Word("null", null);
                default: return Number();
            }
        }

        IEnumerable<int> Items(char end)
        {
            ++_at;
            if (Peek() != end)
                for (; ; ++_at)
                {
                    yield return _at;
                    char next = Peek();
                    if (next == end) break;
                    if (next != ',') throw new FormatException();
                }
            ++_at;
        }

        char Peek()
        {
            while (char.IsWhiteSpace(_text[_at])) ++_at;
            return _text[_at];
        }

        object Word(string word, object value)
        {
            if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0) throw new FormatException();
            _at += word.Length;
            return value;
        }

        double Number()
        {
            int from = _at;
            while (_at < _text.Length && "+-.eE0123456789".IndexOf(_text[_at]) >= 0) ++_at;
            return double.Parse(_text.Substring(from, _at - from), NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        string Text()
        {
            if (_text[_at++] != '"') throw new FormatException();
            var text = new StringBuilder();
            for (char one; (one = _text[_at++]) != '"';)
                if (one != '\\') text.Append(one);
                else
                    switch (one = _text[_at++])
                    {
                        case 'b': text.Append('\b'); break;
                        case 'f': text.Append('\f'); break;
                        case 'n': text.Append('\n'); break;
                        case 'r': text.Append('\r'); break;
                        case 't': text.Append('\t'); break;
                        case 'u':
                            text.Append((char)int.Parse(_text.Substring(_at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                            _at += 4;
                            break;
                        default: text.Append(one); break;
                    }
            return text.ToString();
        }
    }
}
