/** Two notes when somebody comes who waits, and once more while they still do: a guard looks away. */
import { IconVolume, IconVolumeOff } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTexts } from "~/texts/texts";
import { useLive } from "./live";

const KEPT = "muted";
const AGAIN_MS = 10_000;
const NOTES_HZ = [660, 880];
const NOTE_S = 0.18;

/** Browsers let a page sound only after it was touched. */
function useSound(): () => void {
  const sound = useRef<AudioContext>(undefined);
  useEffect(() => {
    const wake = () => {
      sound.current ??= new AudioContext();
      sound.current.resume().catch(() => {});
    };
    addEventListener("pointerdown", wake, true);
    return () => {
      removeEventListener("pointerdown", wake, true);
      sound.current?.close().catch(() => {});
      sound.current = undefined;
    };
  }, []);
  return () => sound.current?.state === "running" && ring(sound.current);
}

function ring(sound: AudioContext) {
  for (const [n, hz] of NOTES_HZ.entries()) {
    const [note, volume] = [sound.createOscillator(), sound.createGain()];
    const [from, until] = [sound.currentTime + n * NOTE_S, sound.currentTime + (n + 1.5) * NOTE_S];
    note.frequency.value = hz;
    volume.gain.setValueAtTime(0.5, from);
    volume.gain.exponentialRampToValueAtTime(0.001, until);
    note.connect(volume).connect(sound.destination);
    note.start(from);
    note.stop(until);
  }
}

export function Bell() {
  const t = useTexts();
  const { state, signedIn } = useLive();
  const sound = useSound();
  const [muted, setMuted] = useState(localStorage.getItem(KEPT) === "yes");
  const newest = state.waiting.reduce(
    (newest, one) => (one.since_ms > (newest?.since_ms ?? 0) ? one : newest),
    state.waiting[0],
  );
  const entry = muted || !signedIn ? undefined : newest?.entry;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever waits is rung for, whatever else changes
  useEffect(() => {
    if (!entry) return;
    sound();
    const again = setTimeout(sound, AGAIN_MS);
    return () => clearTimeout(again);
  }, [entry]);
  const turn = () => {
    localStorage.setItem(KEPT, muted ? "no" : "yes");
    setMuted(!muted);
  };
  return (
    <button type="button" className="press status-turn" data-kind="plain" onClick={turn}>
      {muted ? <IconVolumeOff aria-hidden /> : <IconVolume aria-hidden />}
      <span className="unseen">{muted ? t("status-sound-on") : t("status-sound-off")}</span>
    </button>
  );
}
