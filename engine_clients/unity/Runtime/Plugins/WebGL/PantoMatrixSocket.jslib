// WebSockets for a page, asked by C# and never calling it. A handle is a number above 0. Texts are given as UTF-8 bytes.
// Only what every version of Emscripten has: HEAPU8 by its name, since it is replaced when memory grows, and __deps.
mergeInto(LibraryManager.library, {
  $PantoMatrixSockets: {
    all: {},
    last: 0,
    // Bytes that may wait to be read: a page in a hidden tab does not read.
    mostUnread: 67108864,
    // Bytes that may wait to be sent, but for a single message.
    mostUnsent: 4194304,
    text: function (at, count) {
      return new TextDecoder().decode(HEAPU8.slice(at, at + count));
    },
    add: function (one, bytes, isText) {
      one.unread.push({ bytes: bytes, isText: isText });
      one.unreadBytes += bytes.length;
    },
    // The reason is what is read last.
    end: function (one, code, reason) {
      if (one.code) return;
      one.code = code;
      PantoMatrixSockets.add(one, new TextEncoder().encode(reason), true);
    },
    hear: function (one, data) {
      if (one.code) return;
      var isText = typeof data === "string";
      var bytes = isText ? new TextEncoder().encode(data) : new Uint8Array(data);
      if (one.unreadBytes + bytes.length <= PantoMatrixSockets.mostUnread) {
        PantoMatrixSockets.add(one, bytes, isText);
        return;
      }
      one.unread = [];
      one.unreadBytes = one.at = 0;
      PantoMatrixSockets.end(one, 1008, "the page did not read what came");
      one.socket.close();
    },
  },

  // protocols: with commas between them. What cannot be opened is a handle too, of a socket that is closed.
  PantoMatrixSocketOpen__deps: ["$PantoMatrixSockets"],
  PantoMatrixSocketOpen: function (url, urlCount, protocols, protocolsCount) {
    var one = { socket: null, unread: [], unreadBytes: 0, at: 0, code: 0 };
    var handle = ++PantoMatrixSockets.last;
    PantoMatrixSockets.all[handle] = one;
    try {
      var names = PantoMatrixSockets.text(protocols, protocolsCount).split(",");
      one.socket = new WebSocket(PantoMatrixSockets.text(url, urlCount), names);
      one.socket.binaryType = "arraybuffer";
      one.socket.onmessage = function (event) { PantoMatrixSockets.hear(one, event.data); };
      one.socket.onclose = function (event) { PantoMatrixSockets.end(one, event.code || 1006, event.reason || ""); };
    } catch (error) {
      PantoMatrixSockets.end(one, 1006, String(error && error.message ? error.message : error));
    }
    return handle;
  },

  // 0: connecting. 1: open, or something is still to be read. 1000 and above: closed with that code, and the reason is next.
  PantoMatrixSocketState__deps: ["$PantoMatrixSockets"],
  PantoMatrixSocketState: function (handle) {
    var one = PantoMatrixSockets.all[handle];
    if (!one) return 1006;
    if (one.code) return one.unread.length > 1 ? 1 : one.code;
    return one.socket.readyState === 0 ? 0 : 1;
  },

  // 1: taken. 0: too much waits to be sent, try again. -1: the socket is not open.
  PantoMatrixSocketSend__deps: ["$PantoMatrixSockets"],
  PantoMatrixSocketSend: function (handle, data, from, count) {
    var one = PantoMatrixSockets.all[handle];
    if (!one || one.code || one.socket.readyState !== 1) return -1;
    var waiting = one.socket.bufferedAmount;
    if (waiting > 0 && waiting + count > PantoMatrixSockets.mostUnsent) return 0;
    one.socket.send(HEAPU8.slice(data + from, data + from + count));
    return 1;
  },

  // Bytes of the next message that were not read yet: so many of a binary one, -2 minus so many of a text; -1: nothing waits.
  PantoMatrixSocketNextSize__deps: ["$PantoMatrixSockets"],
  PantoMatrixSocketNextSize: function (handle) {
    var one = PantoMatrixSockets.all[handle];
    if (!one || one.unread.length === 0) return -1;
    var next = one.unread[0];
    var size = next.bytes.length - one.at;
    return next.isText ? -2 - size : size;
  },

  // Reads as much of the next message as there is room for, and says how much.
  PantoMatrixSocketRead__deps: ["$PantoMatrixSockets"],
  PantoMatrixSocketRead: function (handle, into, from, room) {
    var one = PantoMatrixSockets.all[handle];
    if (!one || one.unread.length === 0) return 0;
    var bytes = one.unread[0].bytes;
    var count = Math.min(room, bytes.length - one.at);
    HEAPU8.set(bytes.subarray(one.at, one.at + count), into + from);
    one.at += count;
    if (one.at === bytes.length) {
      one.unread.shift();
      one.unreadBytes -= bytes.length;
      one.at = 0;
    }
    return count;
  },

  // With 1000, after what was sent; the handle is not valid any more.
  PantoMatrixSocketClose__deps: ["$PantoMatrixSockets"],
  PantoMatrixSocketClose: function (handle) {
    var one = PantoMatrixSockets.all[handle];
    if (!one) return;
    delete PantoMatrixSockets.all[handle];
    if (!one.socket) return;
    one.socket.onmessage = one.socket.onclose = null;
    one.socket.close(1000);
  },
});
