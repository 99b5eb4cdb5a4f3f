/**
 * A sound with something of a voice: pulses of a gliding pitch through two resonances, that come and
 * go as syllables do, over a little noise. Another one for each seed, from -1 to 1.
 */
export function voiceLikeSound(seed: number, length: number, sampleRate = 16_000): Float32Array<ArrayBuffer> {
  const pitchHz = 95 + 17 * (seed % 9);
  const resonances = [500 + 40 * (seed % 7), 1_500 + 90 * (seed % 5)].map(
    (hertz) => new Resonance(hertz, sampleRate),
  );
  let phase = 0;
  let noise = seed * 2_654_435_761 + 1;
  const sound = new Float32Array(length);
  for (let index = 0; index < length; index += 1) {
    const seconds = index / sampleRate;
    phase += (pitchHz * (1 + 0.2 * Math.sin(seconds * (5 + (seed % 3))))) / sampleRate;
    const pulse = phase >= 1 ? 1 : 0;
    phase %= 1;
    noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) | 0;
    const syllable = Math.max(Math.sin(seconds * (14 + (seed % 4)) + seed), 0);
    const voice = resonances.reduce((sum, resonance) => sum + resonance.next(pulse), 0);
    sound[index] = Math.max(Math.min(voice * syllable * 0.3 + (noise / 2 ** 31) * 0.003, 1), -1);
  }
  return sound;
}

/** A two-pole filter, 80 Hz wide. */
class Resonance {
  readonly #a: number;
  readonly #b: number;
  #last = 0;
  #before = 0;

  constructor(hertz: number, sampleRate: number) {
    const radius = Math.exp((-Math.PI * 80) / sampleRate);
    this.#a = 2 * radius * Math.cos((2 * Math.PI * hertz) / sampleRate);
    this.#b = -(radius ** 2);
  }

  next(input: number): number {
    const output = input + this.#a * this.#last + this.#b * this.#before;
    this.#before = this.#last;
    this.#last = output;
    return output;
  }
}
