// One clock for all that moves: the speech's where there is one, else the machine's.

export class Playback extends EventTarget {
  #audio;
  #url = "";
  #spoken = false;
  #duration = 0;
  #start = 0;
  #time = 0;
  #playing = false;

  loop = false;

  constructor(audio) {
    super();
    this.#audio = audio;
    audio.addEventListener("ended", () => this.#ended());
  }

  // speech: a blob, or null. otherwise: () => a promise of the speech in a form that every browser plays.
  async load(speech, duration, otherwise) {
    this.pause();
    this.#duration = duration;
    this.#spoken = speech !== null;
    if (speech !== null && !(await this.#plays(speech)) && !(await this.#plays(await otherwise()))) {
      this.#spoken = false;
    }
    this.seek(0);
  }

  #plays(speech) {
    URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(speech);
    return new Promise((resolve) => {
      this.#audio.onloadedmetadata = () => resolve(true);
      this.#audio.onerror = () => resolve(false);
      this.#audio.src = this.#url;
    });
  }

  get duration() {
    return this.#duration;
  }

  get playing() {
    return this.#playing;
  }

  get time() {
    const now = this.#spoken
      ? this.#audio.currentTime
      : this.#time + (this.#playing ? ((performance.now() - this.#start) / 1000) * this.#audio.playbackRate : 0);
    if (this.#playing && !this.#spoken && now >= this.#duration) this.#ended();
    return Math.min(now, this.#duration);
  }

  set speed(factor) {
    this.#hold();
    this.#audio.playbackRate = factor;
  }

  async play() {
    if (!this.#duration || this.#playing) return;
    if (this.time >= this.#duration - 1e-3) this.seek(0);
    this.#playing = true;
    this.#start = performance.now();
    if (this.#spoken) await this.#audio.play();
    this.dispatchEvent(new Event("change"));
  }

  pause() {
    this.#hold();
    this.#playing = false;
    this.#audio.pause();
    this.dispatchEvent(new Event("change"));
  }

  seek(time) {
    const wanted = Math.max(0, Math.min(time, this.#duration));
    this.#time = wanted;
    this.#start = performance.now();
    if (this.#spoken) this.#audio.currentTime = wanted;
    this.dispatchEvent(new Event("change"));
  }

  #hold() {
    this.#time = this.#spoken ? this.#time : Math.min(this.#now(), this.#duration);
    this.#start = performance.now();
  }

  #now() {
    return this.#time + (this.#playing ? ((performance.now() - this.#start) / 1000) * this.#audio.playbackRate : 0);
  }

  #ended() {
    this.#playing = false;
    this.#time = this.#duration;
    if (this.loop) {
      this.seek(0);
      this.play();
    } else {
      this.dispatchEvent(new Event("change"));
    }
  }
}
