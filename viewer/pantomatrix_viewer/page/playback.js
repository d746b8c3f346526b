// One clock for all that moves: the speech's as long as it lasts, then the machine's.

export class Playback extends EventTarget {
  #audio;
  #url = "";
  #heard = false;
  #duration = 0;
  #mark = { time: 0, at: 0 };
  #playing = false;

  loop = false;

  constructor(audio) {
    super();
    this.#audio = audio;
    audio.addEventListener("ended", () => this.#markAt(audio.currentTime));
  }

  get duration() {
    return this.#duration;
  }

  get playing() {
    return this.#playing;
  }

  get time() {
    if (this.#heard && !this.#audio.ended) return Math.min(this.#audio.currentTime, this.#duration);
    const since = this.#playing ? ((performance.now() - this.#mark.at) / 1000) * this.#audio.playbackRate : 0;
    return Math.min(this.#mark.time + since, this.#duration);
  }

  set speed(factor) {
    this.#markAt(this.time);
    this.#audio.playbackRate = factor;
  }

  // speech: a blob, or null. otherwise: () => a promise of the speech in a form that every browser plays.
  async load(speech, duration, otherwise) {
    this.pause();
    this.#heard = speech !== null && ((await this.#plays(speech)) || (await this.#plays(await otherwise())));
    this.#duration = duration;
    this.seek(0);
  }

  async play() {
    if (!this.#duration || this.#playing) return;
    if (this.time >= this.#duration - 1e-3) this.seek(0);
    if (this.#heard && !this.#audio.ended) await this.#audio.play();
    this.#markAt(this.time);
    this.#playing = true;
    this.dispatchEvent(new Event("change"));
  }

  pause() {
    this.#markAt(this.time);
    this.#playing = false;
    this.#audio.pause();
    this.dispatchEvent(new Event("change"));
  }

  seek(time) {
    const wanted = Math.max(0, Math.min(time, this.#duration));
    this.#markAt(wanted);
    if (this.#heard) this.#audio.currentTime = wanted;
    if (this.#playing && this.#heard && !this.#audio.ended) this.#audio.play();
    this.dispatchEvent(new Event("change"));
  }

  // Stops, or begins again, at the end. To be called for every picture.
  tick() {
    if (!this.#playing || this.time < this.#duration) return;
    if (this.loop) this.seek(0);
    else this.pause();
  }

  #markAt(time) {
    this.#mark = { time, at: performance.now() };
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
}
