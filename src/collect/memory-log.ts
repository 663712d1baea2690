import { closeSync, openSync, writeSync } from 'node:fs';
import { RECORD_BYTES } from '../protocol/memory.ts';

/** Records in the ring: 4 MB, what 10 ms of readings fill by a tenth. */
const RECORDS = 1 << 18;

/** Indices into `control`. */
const WRITTEN = 0;
const SAVED = 1;
const LOCK = 2;
const ENDED = 3;

/** A ring of records in shared memory: the thread that reads fills it, the one that saves empties it into a file. */
export interface LogMemory {
  readonly codes: Int32Array<SharedArrayBuffer>;
  readonly bytes: Float64Array<SharedArrayBuffer>;
  readonly control: Int32Array<SharedArrayBuffer>;
}

/** Makes an empty ring. */
export function makeLogMemory(): LogMemory {
  const records = new SharedArrayBuffer(RECORDS * RECORD_BYTES);
  return { ...viewsOf(records), control: new Int32Array(new SharedArrayBuffer(16)) };
}

function viewsOf(records: SharedArrayBuffer): Pick<LogMemory, 'codes' | 'bytes'> {
  return { codes: new Int32Array(records), bytes: new Float64Array(records) };
}

/** Writes records; its state is in typed arrays, so that nothing of it allocates. */
export interface LogWriter {
  add(code: number, slot: number, bytes: number): void;
  /** How many records more there is room for, at least. */
  room(): number;
  /** Saves what there is when more than half of the ring is full. */
  makeRoom(): void;
  /** Lets others see what was appended. */
  publish(): void;
  /** Forgets everything, before anybody saves. */
  reset(): void;
}

/** The writing end. */
export function logWriter({ codes, bytes, control }: LogMemory, save: () => void): LogWriter {
  const at = new Int32Array(2);
  return {
    room: () => RECORDS - ((at[0]! - at[1]!) | 0),
    makeRoom() {
      at[1] = Atomics.load(control, SAVED);
      if (((at[0]! - at[1]!) | 0) < RECORDS / 2) return;
      Atomics.store(control, WRITTEN, at[0]!);
      save();
      at[1] = Atomics.load(control, SAVED);
    },
    add(code, slot, value) {
      const index = at[0]! & (RECORDS - 1);
      codes[index * 4] = code;
      codes[index * 4 + 1] = slot;
      bytes[index * 2 + 1] = value;
      at[0] = (at[0]! + 1) | 0;
    },
    reset() {
      at.fill(0);
      control.fill(0);
    },
    publish() {
      Atomics.store(control, WRITTEN, at[0]!);
    },
  };
}

/** Moves what the ring holds into the file; several threads may call it at once. Nothing is thrown. */
export function saveLog({ codes, control }: LogMemory, path: string): void {
  while (Atomics.compareExchange(control, LOCK, 0, 1) !== 0) Atomics.wait(control, LOCK, 1, 20);
  const to = Atomics.load(control, WRITTEN);
  try {
    let from = Atomics.load(control, SAVED);
    if (from === to) return;
    const file = openSync(path, 'a');
    try {
      while (from !== to) {
        const start = from & (RECORDS - 1);
        const count = Math.min((to - from) | 0, RECORDS - start);
        const chunk = new Uint8Array(codes.buffer, start * RECORD_BYTES, count * RECORD_BYTES);
        for (let done = 0; done < chunk.length; ) done += writeSync(file, chunk, done);
        from = (from + count) | 0;
      }
    } finally {
      closeSync(file);
    }
  } catch {
    // The disk is full or the folder gone: the readings end here, the program goes on.
  } finally {
    Atomics.store(control, SAVED, to);
    Atomics.store(control, LOCK, 0);
    Atomics.notify(control, LOCK);
  }
}

/** Says that no more will come: the saving thread may end. */
export function endLog({ control }: LogMemory): void {
  Atomics.store(control, ENDED, 1);
  Atomics.notify(control, ENDED);
}

/** Waits so long, or until the log's end; whether it has ended. */
export function waitForEnd({ control }: LogMemory, millis: number): boolean {
  Atomics.wait(control, ENDED, 0, millis);
  return Atomics.load(control, ENDED) === 1;
}
